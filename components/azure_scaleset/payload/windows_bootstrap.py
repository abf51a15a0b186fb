"""What Custom Script for Windows runs: one command line that brings an application to an instance, run again safely.

It is PowerShell in `-EncodedCommand`, because the extension has no property for a script (rule CW2) and cmd.exe would take quotes and percent signs apart.
The tests read the decoded text; nothing but a Windows machine can prove that it runs.
"""

import base64
from importlib import resources

from azure_scaleset.payload.problems import PayloadError

COMMAND_LINE_CHARACTERS = 8_191
"""The longest command line that cmd.exe takes; the extension starts `commandToExecute` with it (rule CW2)."""

_HANDLER_CHARACTERS = 91
"""Room for what the handler puts around the command (`cmd.exe /c "…"`, redirection)."""

_POWERSHELL = "powershell.exe -NoProfile -NonInteractive -ExecutionPolicy Bypass -OutputFormat Text -EncodedCommand "

_NEEDS_A_FILE = ("$psscriptroot", "$pscommandpath", "$myinvocation", "#requires")


def bootstrap(*, url: str, sha256: str, command: str, client_id: str, minutes: int = 15) -> str:
    """The `commandToExecute` that downloads a zip, checks it, unpacks it and runs *command* (by cmd.exe) in its folder, passing on the exit code.

    *url*: address of a zip in a blob container. *sha256*: the plain SHA-256 of its bytes, hexadecimal. *client_id*: the user-assigned identity that may
    read it. *minutes*: how long token and download are tried again; a role assignment may take that long to be effective.

    Raises `PayloadError` when *command* makes it longer than a command line may be.
    """
    values = {"url": _quoted(url), "sha256": _quoted(sha256), "client_id": _quoted(client_id), "command": _quoted(command)}
    assignments = {f"= @{name}@": f"= {value}" for name, value in values.items()}
    lines = []
    for line in (resources.files(__package__) / "bootstrap.ps1").read_text(encoding="utf-8").splitlines():
        code = line.strip()
        for placeholder, assignment in assignments.items():
            if code.endswith(placeholder):
                code = code.removesuffix(placeholder) + assignment
                break
        else:
            code = code.replace("@minutes@", str(minutes))
        if code and not code.startswith("#"):
            lines.append(code)
    line = _encoded("\n".join(lines))
    over = len(line) - (COMMAND_LINE_CHARACTERS - _HANDLER_CHARACTERS)
    if over > 0:
        # Each character is two bytes, which base64 makes 8/3 characters of the line.
        raise PayloadError(
            [
                f"commandToExecute is {len(command):,} characters, about {over * 3 // 8 + 1:,} too many: with the download it must fit into a command "
                f"line of {COMMAND_LINE_CHARACTERS:,}. Put the command into a script among the files and run that."
            ]
        )
    return line


def inline(script_text: str, arguments: str = "") -> str | None:
    """The `commandToExecute` that runs *script_text* with *arguments* (PowerShell syntax, as after a script's name), without any file.

    None when it must be a file: it does not fit into a command line, it asks for its own path (`$PSScriptRoot`), or has `#requires`, or `using` with
    arguments. Runs as `-Command` does: the exit code is 1 also when the last statement failed.
    """
    text = script_text.replace("\r\n", "\n")
    lowered = text.lower()
    if any(word in lowered for word in _NEEDS_A_FILE):
        return None
    if arguments:
        if any(line.lstrip().startswith("using ") for line in lowered.splitlines()):
            return None
        text = f"& {{\n{text}\n}} {arguments}"
    line = _encoded(text)
    return line if len(line) <= COMMAND_LINE_CHARACTERS - _HANDLER_CHARACTERS else None


def _encoded(script: str) -> str:
    return _POWERSHELL + base64.b64encode(script.encode("utf-16-le")).decode()


def _quoted(text: str) -> str:
    # Typographic quotes end a string too, so they are doubled as well.
    return "'" + "".join(character * 2 if character in "'‘’‚‛" else character for character in text) + "'"
