"""What Custom Script for Linux runs: the shell scripts that bring an application to an instance, each run again safely."""

import shlex
from importlib import resources

from azure_scaleset.payload.digest import digest, short
from azure_scaleset.payload.text import linux_script


def wait_for_cloud_init() -> str:
    """Shell lines that wait until cloud-init has finished, since nothing else in Azure does.

    Recoverable errors (exit code 2) are a warning. Any other failure ends the script with exit code 1, after cloud-init's status and the end of its
    output on standard error. An image without cloud-init has nothing to wait for.
    """
    return _file("wait_for_cloud_init.sh")


def command_with_wait(command: str) -> str:
    """*command* (a `commandToExecute`, which the handler gives to `/bin/sh -c`) preceded by the wait."""
    return f"{wait_for_cloud_init()}{command}"


def bootstrap(*, url: str, sha256: str, command: str, client_id: str, wait_for_cloud_init: bool, minutes: int = 15) -> str:
    """A bash script that downloads an archive, checks it, unpacks it and runs *command* in its folder, passing on output and exit code.

    *url*: address of a tar archive in a blob container. *sha256*: the plain SHA-256 of its bytes, hexadecimal. *client_id*: the user-assigned identity
    that may read it. *minutes*: how long the identity's token and the download are tried again; a role assignment may take that long to be effective,
    and Custom Script's own download takes 403 for final.
    """
    values = {"url": url, "sha256": sha256, "client_id": client_id, "command": command, "minutes": str(minutes)}
    script = _file("bootstrap.sh").replace("@wait@\n", _file("wait_for_cloud_init.sh") if wait_for_cloud_init else "")
    # One pass, line by line, so that a value which looks like a placeholder is left alone.
    lines = {f"{name}=@{name}@": f"{name}={shlex.quote(value)}" for name, value in values.items()}
    return "".join(lines.get(line, line) + "\n" for line in script.splitlines())


def inline(script_text: str, *, wait_for_cloud_init: bool) -> str:
    """The text for Custom Script's `script` (before base64): *script_text* with LF line ends, and `#!/bin/sh` when it names no interpreter.

    With the wait it is wrapped in a shell script that waits, writes it beside itself and becomes it, so it may be in any language.
    """
    text = linux_script(script_text)
    if not text.startswith("#!"):
        text = f"#!/bin/sh\n{text}"
    if not wait_for_cloud_init:
        return text
    end = f"end-{short(digest(text))}"  # made of the content, so no line of the content can be it
    separator = "" if text.endswith("\n") else "\n"
    return (
        f"#!/bin/sh\nset -eu\n{_file('wait_for_cloud_init.sh')}"
        'script=$(dirname "$0")/application-script\n'
        f"cat >\"$script\" <<'{end}'\n{text}{separator}{end}\n"
        'chmod 0700 "$script"\nexec "$script"\n'
    )


def _file(name: str) -> str:
    return linux_script((resources.files(__package__) / name).read_text(encoding="utf-8"))
