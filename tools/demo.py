"""Deploys one stack on an empty offline Azure and shows what came of it: `python -m tools.demo linux-cloud-init`."""

import subprocess
import sys
from pathlib import Path

from offline import https_server, workspace
from offline.arm.app import Azure
from offline.arm.http import Request
from offline.arm.store import Store
from tools import demo_image, stack_copy
from tools.demo_table import Json, digests, table
from tools.errors import SetupError

_SCALE_SET = "Microsoft.Compute/virtualMachineScaleSets"
_API_VERSION = "2025-04-01"


def main(stack: str) -> int:
    """Runs the demo and gives the exit code of `pulumi up`."""
    home = workspace.default_home()
    workspace.reset(home)
    file = stack_copy.make(home, stack)
    with https_server.running(home) as variables:
        environment = {**workspace.environment(home), **variables}
        if stack == demo_image.STACK:
            demo_image.capture(home, environment)
        up = subprocess.run(pulumi("up", "--yes", stack=stack, file=file), cwd=workspace.CHECKOUT, env=environment)
    if up.returncode != 0:
        return up.returncode
    store = Store(workspace.azure_file(home))
    azure = Azure(store)

    def get(path: str) -> Json:
        request = Request.to("GET", path)
        answer = azure.handle(Request("GET", request.path, {**request.query, "api-version": _API_VERSION}))
        if answer.status != 200 or answer.body is None:
            raise SetupError(f"GET {path}: {answer.status} {answer.body}")
        return answer.body

    scale_sets = [resource["id"] for resource in store.resources(resource_type=_SCALE_SET)]
    ran = digests(store.events("extensionRun"))
    for scale_set in scale_sets:
        print(f"\n{table(get, scale_set, ran)}")
    print(f"\n{next_steps(stack, file, scale_sets[0])}")
    return 0


def pulumi(*words: str, stack: str, file: Path) -> list[str]:
    """A pulumi command on the copy of the stack, to be run in the checkout."""
    return ["pulumi", *words, "--stack", stack, "--config-file", str(file)]


def next_steps(stack: str, file: Path, scale_set: str) -> str:
    """The commands to look further and to change something."""
    offline = "venv/bin/python -m offline"
    shown = file.relative_to(workspace.CHECKOUT) if file.is_relative_to(workspace.CHECKOUT) else file
    settings = stack_copy.settings(file)
    up = f"{offline} run -- {' '.join(pulumi('up', '--yes', stack=stack, file=shown))}"
    look = f"Look further:      {offline} show {scale_set}/virtualMachines"
    if "azure-scaleset:active" in settings:
        return "\n".join(
            [
                look,
                f"A release:         give green another version in {shown}, then",
                f"                   {up}",
                "                   then make green active there, and the same command again: one write to the balancer",
            ]
        )
    return "\n".join(
        [
            look,
            f"Change something:  edit {source_of(settings) or shown}, then",
            f"                   {offline} run -- {' '.join(pulumi('preview', stack=stack, file=shown))}",
            f"                   {up}",
        ]
    )


def source_of(value: object) -> str | None:
    """The first file of the application that a stack's settings name (`apps/…`), or None."""
    if isinstance(value, str):
        return value if value.startswith("apps/") else None
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, list) else []
    return next((found for found in map(source_of, parts) if found), None)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(f"Usage: python -m tools.demo STACK, one of: {', '.join(stack_copy.names())}")
    try:
        sys.exit(main(sys.argv[1]))
    except SetupError as error:
        sys.exit(str(error))
