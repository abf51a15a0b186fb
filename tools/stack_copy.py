"""A stack of `stacks/`, made ready on an offline Azure without touching the checkout.

Pulumi writes into a stack's file (an encryption salt, its own quoting), at `stack init` and at any preview. So every command works on a copy in
the home: `pulumi … --stack NAME --config-file COPY`.
"""

import secrets
import shutil
import subprocess
from pathlib import Path

import yaml
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from offline.workspace import CHECKOUT, environment
from tools.errors import SetupError

_STACKS = CHECKOUT / "stacks"


def names() -> list[str]:
    """The stacks there are."""
    return sorted(file.name.removeprefix("Pulumi.").removesuffix(".yaml") for file in _STACKS.glob("Pulumi.*.yaml"))


def make(home: Path, stack: str) -> Path:
    """Makes the stack in the home's backend and gives its configuration file, with fresh credentials for the instances in it.

    Raises SetupError when there is no such stack, or when Pulumi refuses (the stack exists already).
    """
    if stack not in names():
        raise SetupError(f"There is no stack {stack!r} in stacks/. There are: {', '.join(names())}.")
    file = home / "stacks" / f"Pulumi.{stack}.yaml"
    file.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(_STACKS / file.name, file)
    # `stack init` takes no --config-file. Beside the copy it finds a project of the same name, and writes its salt there.
    project = yaml.safe_load((CHECKOUT / "Pulumi.yaml").read_text())
    (file.parent / "Pulumi.yaml").write_text(yaml.safe_dump({"name": project["name"], "runtime": project["runtime"]}))
    _pulumi(home, "stack", "init", stack, "--no-select")
    if operating_system(file) == "Linux":
        _pulumi(home, "config", "set", "--stack", stack, "--path", "azure-scaleset:admin.sshPublicKeys[0]", text=ssh_public_key())
    else:
        _pulumi(home, "config", "set", "--stack", stack, "--secret", "--path", "azure-scaleset:admin.password", text=password())
    return file


def operating_system(file: Path) -> str:
    """`Linux` or `Windows`, as the stack's file says."""
    return str(settings(file)["azure-scaleset:os"]).capitalize()


def settings(file: Path) -> dict[str, object]:
    """The configuration of a stack's file."""
    config: dict[str, object] = yaml.safe_load(file.read_text())["config"]
    return config


def ssh_public_key() -> str:
    """A public key in OpenSSH's form. Its private half is forgotten: nobody signs in to a machine that does not exist."""
    return Ed25519PrivateKey.generate().public_key().public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH).decode()


def password() -> str:
    """A random password with the three kinds of characters that Azure asks for."""
    return f"Aa1-{secrets.token_urlsafe(18)}"


def _pulumi(home: Path, *words: str, text: str = "") -> None:
    """Runs pulumi beside the copy. `text` goes in over standard input, so that no process list shows it."""
    command = ["pulumi", "--cwd", str(home / "stacks"), "--non-interactive", *words]
    done = subprocess.run(command, env=environment(home), input=text, text=True, capture_output=True)
    if done.returncode != 0:
        raise SetupError(f"`{' '.join(command)}` failed ({done.returncode}):\n{done.stdout}{done.stderr}")
