"""Custom Script: a script on each instance, delivered by content."""

import base64
import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pulumi

from azure_scaleset import secrecy
from azure_scaleset.extensions.arguments import CustomScript
from azure_scaleset.extensions.context import Context, OperatingSystem
from azure_scaleset.payload import archive, linux_bootstrap, windows_bootstrap
from azure_scaleset.payload.digest import digest, short
from azure_scaleset.payload.problems import PayloadError
from azure_scaleset.payload.sensitive import find_sensitive
from azure_scaleset.payload.text import for_system, linux_script, read_text, windows_script

INLINE_LIMIT = 65_536
"""Linux scripts up to this size (bytes) travel in the model itself. The handler takes 262 144 characters of base64 (CL5); the rest of the
model needs room too."""


@dataclass(frozen=True)
class Content:
    """The local content of a Custom Script: a script that fits into the model, or files for an archive, or neither (addresses only)."""

    inline: str | None = None
    files: dict[str, bytes] | None = None

    @property
    def digest(self) -> str | None:
        """Changes exactly when the content does."""
        if self.inline is not None:
            return short(digest(self.inline))
        if self.files is not None:
            return short(digest(*(part for name in sorted(self.files) for part in (name, self.files[name]))))
        return None


def read(arguments: CustomScript, system: OperatingSystem, base: Path, path: str, problems: list[str]) -> Content:
    """Reads the local files. Adds to *problems* what is missing, given twice, or unreadable."""
    sources = [name for name in ("script", "files", "file_uris") if name in arguments]
    if len(sources) > 1:
        problems.append(
            f"{path} takes one of script, files and fileUris: {' and '.join(sources).replace('file_uris', 'fileUris')} are given."
        )
    if "script" in arguments and "command_to_execute" in arguments:
        problems.append(
            f"{path}.commandToExecute is given beside script, which is run by itself. To run a command line use files instead of script."
        )
    if "script" not in arguments and "command_to_execute" not in arguments:
        problems.append(f"{path}.commandToExecute is missing. Expected the command line to run, or script with the path of a script.")
    try:
        if "script" in arguments:
            content = _read_script(arguments["script"], system, base)
            if find_sensitive(content.inline or "", path):
                problems.append(f"{path}.script holds a signature or a key in plain text. Pass it through a secret commandToExecute.")
            return content
        if "files" in arguments:
            return Content(files=for_system(archive.files_from(arguments["files"], base), system.value))
    except PayloadError as error:
        problems.extend(f"{path}: {problem}" for problem in error.problems)
    return Content()


def _read_script(script: str, system: OperatingSystem, base: Path) -> Content:
    name = Path(script).name
    archive.files_from([script], base)  # it refuses a missing file
    text = read_text(base / script)
    if system is OperatingSystem.WINDOWS:
        fits = windows_bootstrap.inline(text) is not None
        return Content(inline=text) if fits else Content(files={name: windows_script(text)})
    text = linux_script(text)
    if len(text.encode()) <= INLINE_LIMIT:
        return Content(inline=text)
    return Content(files={name: text.encode()})


def define(arguments: CustomScript, content: Content, name: str, path: str, context: Context) -> pulumi.Output[dict[str, Any]]:
    """The definition: `settings`, `protectedSettings`, and what makes Azure see a change of the content."""
    linux = context.system is OperatingSystem.LINUX
    definition: dict[str, Any] = {
        "publisher": "Microsoft.Azure.Extensions" if linux else "Microsoft.Compute",
        "type": "CustomScript" if linux else "CustomScriptExtension",
        "typeHandlerVersion": arguments.get("version", "2.1" if linux else "1.10"),
    }
    if content.digest is not None:
        definition["forceUpdateTag"] = content.digest
    values = _linux(arguments, content, name, context) if linux else _windows(arguments, content, name, context)

    async def build() -> dict[str, Any]:
        # Below it is encoded, or part of a larger script.
        await secrecy.refuse_plain(context.subject, f"{path}.commandToExecute", arguments.get("command_to_execute", ""))
        return {**definition, **await secrecy.build_settings(context.subject, path, values)}

    return secrecy.lift(build())


def _linux(arguments: CustomScript, content: Content, name: str, context: Context) -> dict[str, pulumi.Input[Any]]:
    wait = context.waits_for_cloud_init
    if content.inline is not None:
        return {"script": _encoded(linux_bootstrap.inline(content.inline, wait_for_cloud_init=wait))}
    if content.files is not None:
        command = arguments.get("command_to_execute", f"./{Path(arguments.get('script', '')).name}")
        packed = archive.tar_bytes(content.files)
        url = context.delivery.upload(name, packed, ".tar")
        return {
            "script": pulumi.Output.all(url, command, context.delivery.client_id).apply(
                lambda known: _encoded(
                    linux_bootstrap.bootstrap(
                        url=known[0], sha256=digest_of(packed), command=known[1], client_id=known[2], wait_for_cloud_init=wait
                    )
                )
            )
        }
    command_line = pulumi.Output.from_input(arguments["command_to_execute"])
    if wait:
        command_line = command_line.apply(linux_bootstrap.command_with_wait)
    return _with_addresses(arguments, command_line)


def _windows(arguments: CustomScript, content: Content, name: str, context: Context) -> dict[str, pulumi.Input[Any]]:
    if content.inline is not None:
        return {"commandToExecute": windows_bootstrap.inline(content.inline) or ""}
    if content.files is not None:
        script = Path(arguments.get("script", "")).name
        command = arguments.get("command_to_execute", f"powershell.exe -NoProfile -ExecutionPolicy Bypass -File {script}")
        packed = archive.zip_bytes(content.files)
        url = context.delivery.upload(name, packed, ".zip")
        return {
            "commandToExecute": pulumi.Output.all(url, command, context.delivery.client_id).apply(
                lambda known: windows_bootstrap.bootstrap(url=known[0], sha256=digest_of(packed), command=known[1], client_id=known[2])
            )
        }
    return _with_addresses(arguments, pulumi.Output.from_input(arguments["command_to_execute"]))


def _with_addresses(arguments: CustomScript, command: pulumi.Output[str]) -> dict[str, pulumi.Input[Any]]:
    if "file_uris" not in arguments:
        return {"commandToExecute": command}
    return {"fileUris": pulumi.Output.all(*arguments["file_uris"]), "commandToExecute": command}


def _encoded(script: str) -> str:
    return base64.b64encode(script.encode()).decode()


def digest_of(content: bytes) -> str:
    """The plain SHA-256 of *content*, hexadecimal, as `sha256sum` and `Get-FileHash` compute it."""
    return hashlib.sha256(content).hexdigest()
