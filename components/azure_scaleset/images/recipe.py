"""What a build does, from local files, in azure-native's shape. Pure, but for the addresses of uploaded files that pass through."""

import hashlib
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from azure_scaleset.extensions.context import OperatingSystem
from azure_scaleset.images import reference
from azure_scaleset.images.build_arguments import BuildStep, BuiltImageArgs, PowerShellStep, ShellStep
from azure_scaleset.payload.digest import digest, short
from azure_scaleset.payload.problems import PayloadError
from azure_scaleset.payload.sensitive import find_sensitive
from azure_scaleset.payload.text import for_system, linux_script, read_text
from azure_scaleset.secrecy import as_text
from azure_scaleset.shape import camel

LARGEST_FILE = 20_000_000
"""Of a file step, in bytes (B4)."""
LARGEST_SCRIPT = 65_536
"""Of a script, which is in the template itself, in characters."""

Upload = Callable[[str, bytes, str], Any]
"""Uploads content under a name and with a suffix; gives its address."""


@dataclass(frozen=True)
class Step:
    """A step whose local file was read."""

    arguments: BuildStep
    name: str
    kind: str
    """`shell`, `power_shell`, `file`, `windows_update` or `windows_restart`."""
    text: str | None = None
    """Of a script."""
    data: bytes | None = None
    """Of a file."""

    @property
    def content(self) -> Any:
        """What tells this step from another one."""
        rest = {key: value for key, value in dict(self.arguments.get(self.kind, {})).items() if key != "file"}  # type: ignore[call-overload]  # a choice of the type
        body = self.text if self.text is not None else hashlib.sha256(self.data).hexdigest() if self.data is not None else ""
        return [self.kind, self.name, body, rest]


def find_problems(args: BuiltImageArgs) -> list[str]:
    """What is wrong with the arguments, apart from the steps and the destination."""
    problems = []
    timeout = args.get("build_timeout")
    if timeout is not None and not 6 <= timeout <= 960:
        problems.append(f"buildTimeout is {timeout}. Expected 6 to 960 minutes (B7).")
    network = args.get("network", {})
    if "container_instance_subnet_id" in network and "proxy_size" in network:
        problems.append(
            "network.containerInstanceSubnetId and network.proxySize are given: with the first there is no proxy (B8). Remove one of the two."
        )
    subnets = [network[key] for key in ("subnet_id", "container_instance_subnet_id") if key in network]
    if len({each.partition("/subnets/")[0].casefold() for each in subnets if isinstance(each, str)}) > 1:
        problems.append(
            f"network.containerInstanceSubnetId is {subnets[1]}, not in the virtual network of network.subnetId (B8). Take a subnet of the same network."
        )
    if not args["steps"]:
        problems.append("steps is empty. Expected at least one: without any the base itself is the image.")
    if any("file" in step for step in _all_steps(args)) and "identity_id" in args:
        problems.append("identityId is given, and there are file steps. Give payloadStore in its place: its identity is then the build's.")
    if "identity_id" in args and "payload_store" in args:
        problems.append("identityId and payloadStore are given: the build has the identity of payloadStore. Remove identityId.")
    base = args["base"]
    if isinstance(base, str):
        problems += _base_problems(base, args)
    return problems


def _base_problems(base: str, args: BuiltImageArgs) -> list[str]:
    try:
        image = reference.parse(base)
    except ValueError as error:
        return [f"base: {error}"]
    if image.kind in (reference.ImageKind.SHARED, reference.ImageKind.COMMUNITY):
        return [f"base is {base!r}. Image Builder takes platform images, managed images and gallery image versions (B2)."]
    if image.windows is not None and image.windows != (args["os"] is OperatingSystem.WINDOWS):
        return [
            f"base is {base!r}, an image of {'Windows' if image.windows else 'Linux'}, but os is {args['os'].value}. Change one of the two."
        ]
    if "base_constraint" in args and not image.floats:
        return [
            f"baseConstraint is given, but base is {base!r}, which has no newer versions. Leave the version out of it, or remove baseConstraint."
        ]
    return []


def _all_steps(args: BuiltImageArgs) -> list[BuildStep]:
    return [*args["steps"], *args.get("validation", {}).get("steps", [])]


def read(
    steps: Sequence[BuildStep], system: OperatingSystem, base: Path, path: str, problems: list[str], *, validation: bool = False
) -> list[Step]:
    """Reads the local files of steps; what is wrong is added to *problems*. *validation*: the steps check the finished image."""
    return [_read(step, system, base, f"{path}[{index}]", problems, validation) for index, step in enumerate(steps)]


_OF_SYSTEM = {
    "shell": OperatingSystem.LINUX,
    "power_shell": OperatingSystem.WINDOWS,
    "windows_update": OperatingSystem.WINDOWS,
    "windows_restart": OperatingSystem.WINDOWS,
}


def _read(step: BuildStep, system: OperatingSystem, base: Path, path: str, problems: list[str], validation: bool) -> Step:
    kind = next(key for key in ("shell", "power_shell", "file", "windows_update", "windows_restart") if key in step)
    place = f"{path}.{camel(kind)}"
    if _OF_SYSTEM.get(kind, system) is not system:
        problems.append(f"{place} is given for {system.value}. It is a step of {_OF_SYSTEM[kind].value} (B3).")
    if validation and kind not in ("shell", "power_shell", "file"):
        problems.append(f"{place} can't validate an image. Expected shell, powerShell or file.")
    if "shell" in step:
        return _script(step, kind, step["shell"], base, place, problems)
    if "power_shell" in step:
        if step["power_shell"].get("as_system") and not step["power_shell"].get("elevated"):
            problems.append(f"{place}.asSystem is true without elevated (B3). Set elevated to true.")
        return _script(step, kind, step["power_shell"], base, place, problems)
    if "file" in step:
        return _file(step, system, base, place, problems)
    return Step(step, step.get("name", camel(kind)), kind)


def _script(step: BuildStep, kind: str, script: ShellStep | PowerShellStep, base: Path, place: str, problems: list[str]) -> Step:
    name = step.get("name") or (Path(script["file"]).name if "file" in script else f"{kind.replace('_', '')} commands")
    try:
        text = read_text(base / script["file"]) if "file" in script else "\n".join(script["commands"])
    except PayloadError as error:
        problems.extend(f"{place}: {problem}" for problem in error.problems)
        return Step(step, name, kind)
    if len(text) > LARGEST_SCRIPT:
        problems.append(
            f"{place} has {len(text)} characters, and the template holds {LARGEST_SCRIPT}. Put it there with a file step, and run it from a short script."
        )
    if find_sensitive(text, place):
        problems.append(
            f"{place} holds a signature or a key in plain text, readable in the template. Let the build fetch it with its identity."
        )
    return Step(step, name, kind, text=linux_script(text) if kind == "shell" else text)


def _file(step: BuildStep, system: OperatingSystem, base: Path, place: str, problems: list[str]) -> Step:
    source, destination = step["file"]["file"], step["file"]["destination"]
    absolute = re.match(r"^([A-Za-z]:[\\/]|[\\/])" if system is OperatingSystem.WINDOWS else r"^/tmp/.", destination)
    if not absolute:
        expected = "an absolute path, as C:\\Windows\\Temp\\name" if system is OperatingSystem.WINDOWS else "a path below /tmp (B4)"
        problems.append(f"{place}.destination is {destination!r}. Expected {expected}.")
    try:
        data = (base / source).read_bytes()
        data = for_system({Path(source).name: data}, system.value)[Path(source).name]
    except OSError as error:
        problems.append(f"{place}: {source} cannot be read: {error.strerror}. Give the path of an existing file.")
        return Step(step, step.get("name", source), "file")
    except PayloadError as error:
        problems.extend(f"{place}: {problem}" for problem in error.problems)
        return Step(step, step.get("name", source), "file")
    if len(data) > LARGEST_FILE:
        problems.append(f"{place}: {source} has {len(data)} bytes. Expected at most {LARGEST_FILE} (B4).")
    return Step(step, step.get("name", Path(source).name), "file", data=data)


def recipe_digest(base: str, system: OperatingSystem, steps: Sequence[Step], validation: Sequence[Step], args: BuiltImageArgs) -> str:
    """What the image is made of, in 16 digits: the base with its version, the steps with their content. Sizes and networks of the build don't count."""
    checked = {"steps": [step.content for step in validation], "always": args.get("validation", {}).get("continue_on_failure", False)}
    whole = {
        "base": base.casefold(),
        "os": system.value,
        "steps": [step.content for step in steps],
        "disk": args.get("os_disk_size_gb"),
        "validation": checked,
    }
    return short(digest(as_text(whole)), 16)


def customizers(steps: Sequence[Step], upload: Upload) -> list[dict[str, Any]]:
    """The `customize` of a template, or its `inVMValidations`."""
    return [_customizer(index, step, upload) for index, step in enumerate(steps)]


def _customizer(index: int, step: Step, upload: Upload) -> dict[str, Any]:
    arguments: Any = step.arguments.get(step.kind, {})
    if step.kind == "shell":
        return {"type": "Shell", "name": step.name, "inline": _shell(step)}
    if step.kind == "power_shell":
        options = {"runElevated": arguments.get("elevated", False), "runAsSystem": arguments.get("as_system", False)}
        codes = {"validExitCodes": arguments["exit_codes"]} if "exit_codes" in arguments else {}
        return {"type": "PowerShell", "name": step.name, "inline": (step.text or "").splitlines(), **options, **codes}
    if step.kind == "file":
        data = step.data or b""
        source = Path(arguments["file"])
        address = upload(f"step-{index}-{short(digest(step.name), 4)}", data, source.suffix or ".bin")
        return {
            "type": "File",
            "name": step.name,
            "sourceUri": address,
            "sha256Checksum": hashlib.sha256(data).hexdigest(),
            "destination": arguments["destination"],
        }
    names = {"windows_update": "WindowsUpdate", "windows_restart": "WindowsRestart"}
    renamed = {"command": "restartCommand", "check_command": "restartCheckCommand", "timeout": "restartTimeout"}
    return {"type": names[step.kind], "name": step.name, **{renamed.get(key, camel(key)): value for key, value in arguments.items()}}


def _shell(step: Step) -> list[str]:
    """Image Builder runs commands with sh, not as root: the script is written to a file, so that its own first line decides who runs it, and run with sudo."""
    text = step.text or ""
    if "commands" in step.arguments.get("shell", {}):
        text = f"#!/bin/sh\nset -e\n{text}"
    if not text.startswith("#!"):
        text = f"#!/bin/sh\n{text}"
    place = f"/tmp/azure-scaleset-{short(digest(step.name, text), 8)}"
    end = f"end-{short(digest(text), 12)}"
    return [f"cat > {place} <<'{end}'\n{text.rstrip(chr(10))}\n{end}", f"chmod +x {place}", f"sudo -E {place}", f"rm -f {place}"]


def source(base: str, plan: Mapping[str, str] | None = None) -> dict[str, Any]:
    """The `source` of a template, for a base with its version. *plan*: the purchase plan of a marketplace image, without which no machine can be made of it."""
    image = reference.parse(base)
    if image.kind is reference.ImageKind.PLATFORM:
        bought = {f"plan{part.capitalize()}": plan[part] for part in ("name", "product", "publisher")} if plan else None
        return {"type": "PlatformImage", **image.reference, **({"planInfo": bought} if bought else {})}
    if image.kind is reference.ImageKind.MANAGED:
        return {"type": "ManagedImage", "imageId": base}
    return {"type": "SharedImageVersion", "imageVersionId": base}


def target_regions(profile: Mapping[str, Any]) -> list[dict[str, Any]]:
    """A template's `targetRegions` from a version's publishing profile."""
    storage = profile.get("storageAccountType")
    return [
        {"name": region["name"], "replicaCount": region["regionalReplicaCount"], **({"storageAccountType": storage} if storage else {})}
        for region in profile["targetRegions"]
    ]
