"""Puts the stand-in for the azure-native plugin where the engine looks for the real one."""

import json
import shlex

from offline.workspace import CHECKOUT, PLUGINS, VIRTUAL_ENVIRONMENT
from tools.errors import SetupError

_NAME = "pulumi-resource-azure-native"


def ensure() -> str:
    """Installs the stand-in under the version that the installed `pulumi_azure_native` asks for, and gives that version."""
    version = wanted_version()
    program = PLUGINS / f"resource-azure-native-v{version}" / _NAME
    program.parent.mkdir(parents=True, exist_ok=True)
    if not program.exists() or program.read_text() != script():
        program.write_text(script())
        program.chmod(0o755)
    return version


def wanted_version() -> str:
    """The plugin version that the Python package names to the engine."""
    found = list(VIRTUAL_ENVIRONMENT.glob("lib/python3*/site-packages/pulumi_azure_native/pulumi-plugin.json"))
    if len(found) != 1:
        raise SetupError(
            f"{VIRTUAL_ENVIRONMENT.name}/ should hold one pulumi_azure_native and holds {len(found)}. Remove it and run `make setup` again."
        )
    version: str = json.loads(found[0].read_text())["version"]
    return version


def script() -> str:
    """The plugin's program. `-P` keeps the Pulumi project's own modules out: the engine starts it in the project's folder."""
    python = VIRTUAL_ENVIRONMENT / "bin" / "python"
    return f'#!/bin/sh\nPYTHONPATH={shlex.quote(str(CHECKOUT))} exec {shlex.quote(str(python))} -P -m offline.plugin "$@"\n'
