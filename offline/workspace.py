"""Where the offline Azure lives, and the environment that wires a command to it.

What costs time to make is shared: the engine and the plugin, in `.offline/` of the checkout. What holds state is a *home*: the Azure, the
stacks of a private Pulumi backend, Pulumi's settings. Every home is an Azure of its own, so tests give each worker one.
Standard library only: set-up uses it before anything is installed.
"""

import os
import shutil
from collections.abc import Mapping
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent
"""The project's folder."""
VIRTUAL_ENVIRONMENT = CHECKOUT / "venv"
SHARED = CHECKOUT / ".offline"
"""What set-up made for this checkout, and the home that is used when OFFLINE_HOME names no other."""
ENGINE = SHARED / "engine"
"""Link to the folder with `pulumi` and its language hosts."""
PLUGINS = SHARED / "plugins"
"""The resource plugins of every home: the stand-in for azure-native."""

_PASSPHRASE = "offline"
"""Protects nothing: the state it encrypts is a plaything. Fixed, so that every command on a home can read what another one wrote."""
_FOREIGN = ("ARM_", "AZURE_")
_FOREIGN_PULUMI = ("PULUMI_ACCESS_TOKEN", "PULUMI_CONFIG_PASSPHRASE_FILE", "PULUMI_STACK")
"""A person's own subscription, credentials and stack, which must not reach an offline run."""


def default_home() -> Path:
    """The home that OFFLINE_HOME names, else the checkout's."""
    return Path(os.environ.get("OFFLINE_HOME") or SHARED).resolve()


def azure_file(home: Path) -> Path:
    """The SQLite file of a home's Azure."""
    return home / "azure.sqlite"


def is_set_up() -> bool:
    """Whether `make setup` ran in this checkout."""
    return (ENGINE / "pulumi").exists() and PLUGINS.exists()


def environment(home: Path, base: Mapping[str, str] | None = None) -> dict[str, str]:
    """The whole environment for a command that is to see the Azure of `home`, made from `base` (default: this process's).

    Makes the home's folders where they are missing. A person's own `~/.pulumi`, subscription and credentials stay out of it.
    """
    from offline.arm.tenant import SUBSCRIPTIONS, TENANT  # here, because set-up must not need what the ARM server imports

    base = os.environ if base is None else base
    pulumi_home, state = _prepare(home)
    kept = {name: value for name, value in base.items() if not name.startswith(_FOREIGN) and name not in _FOREIGN_PULUMI}
    own_programs = [str(VIRTUAL_ENVIRONMENT / "bin"), str(ENGINE)]
    others = [folder for folder in base.get("PATH", os.defpath).split(os.pathsep) if folder not in own_programs]
    return {
        **kept,
        # The Python host before 3.80 takes the first `python3` on PATH, whatever Pulumi.yaml says about virtual environments.
        "PATH": os.pathsep.join(own_programs + others),
        "VIRTUAL_ENV": str(VIRTUAL_ENVIRONMENT),
        "PULUMI_HOME": str(pulumi_home),
        # Pulumi writes a file of metadata beside each state file, and a kill while it is written leaves a state that can't be read.
        "PULUMI_BACKEND_URL": f"{state.as_uri()}?metadata=skip",
        "PULUMI_CONFIG_PASSPHRASE": _PASSPHRASE,
        "PULUMI_SKIP_UPDATE_CHECK": "1",
        "ARM_SUBSCRIPTION_ID": next(iter(SUBSCRIPTIONS)),
        "ARM_TENANT_ID": TENANT,
        "OFFLINE_HOME": str(home),
        "OFFLINE_AZURE": str(azure_file(home)),
    }


def reset(home: Path) -> None:
    """Empties a home: its Azure, its stacks, and what Pulumi remembers of both. Engine and plugin stay."""
    azure = azure_file(home)
    for file in (azure, azure.with_name(f"{azure.name}-wal"), azure.with_name(f"{azure.name}-shm")):
        file.unlink(missing_ok=True)
    pulumi_home = home / "pulumi-home"
    for folder in (home / "state", home / "stacks", pulumi_home / "workspaces", pulumi_home / "schemas"):
        if folder.exists():
            shutil.rmtree(folder)


def _prepare(home: Path) -> tuple[Path, Path]:
    """PULUMI_HOME and the state folder. Each home has its own PULUMI_HOME, because the selected stack and the schema cache are kept there."""
    pulumi_home, state = home / "pulumi-home", home / "state"
    for folder in (pulumi_home, state):
        folder.mkdir(parents=True, exist_ok=True)
    plugins = pulumi_home / "plugins"
    try:
        plugins.symlink_to(PLUGINS)
    except FileExistsError:
        if plugins.resolve() != PLUGINS.resolve():
            plugins.unlink()
            plugins.symlink_to(PLUGINS)
    return pulumi_home, state
