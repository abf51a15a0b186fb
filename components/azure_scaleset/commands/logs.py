"""`scaleset logs`: what the extensions of an instance wrote."""

from collections.abc import Sequence
from typing import Annotated, Any

import typer

from azure_scaleset.commands import options, printing
from azure_scaleset.commands.connection import connect
from azure_scaleset.commands.failure import CommandError
from azure_scaleset.rollout.instance import Instance
from azure_scaleset.rollout.verdict import state

_Instance = Annotated[
    str | None,
    typer.Argument(
        metavar="INSTANCE", help="Instance id, or name of the virtual machine; without it, all that failed.", show_default=False
    ),
]


def logs(
    instance: _Instance = None,
    resource_id: options.Id = None,
    stack: options.Stack = None,
    group: options.Group = None,
    name: options.Name = None,
    output: options.Output = options.Format.TABLE,
) -> int:
    """Shows the extensions of an instance, their status and all their output; without INSTANCE, of all that failed."""
    target = options.target(None, resource_id, stack, group, name)
    found = connect(target).instances()
    chosen = [choose(found, instance)] if instance else [each for each in found if each.failed]
    if output is options.Format.JSON:
        printing.document([document(each) for each in chosen])
    elif not chosen:
        printing.line(f"No instance failed. Of one that did not: scaleset logs INSTANCE {target.words}")
    else:
        printing.line("\n".join(story(each) for each in chosen))
    return 0


def choose(instances: Sequence[Instance], wanted: str) -> Instance:
    """The instance of that id or name. Raises `CommandError` when there is none."""
    for each in instances:
        if wanted.lower() in (each.id.lower(), each.name.lower()):
            return each
    present = ", ".join(each.id for each in sorted(instances, key=lambda each: each.order)[:20]) or "none, the scale set is empty"
    raise CommandError(f"There is no instance {wanted!r}. Expected one of: {present}.")


def document(instance: Instance) -> dict[str, Any]:
    """An instance and its extensions for `--output json`."""
    return {
        "id": instance.id,
        "name": instance.name,
        "zone": instance.zone,
        "state": state(instance),
        "extensions": [
            {"name": each.name, "failed": each.failed, "code": each.code, "time": each.time, "message": each.message}
            for each in instance.extensions
        ],
    }


def story(instance: Instance) -> str:
    """An instance and all that its extensions wrote, for people."""
    lines = [f"instance {instance.id}{f' (zone {instance.zone})' if instance.zone else ''}: {state(instance)}"]
    for each in instance.extensions:
        lines += [f"  {each.name}: {each.code}{f', {each.time}' if each.time else ''}"]
        lines += [f"    {line}" for line in each.message.splitlines()]
    return "\n".join(lines if instance.extensions else [*lines, "  no extension ran"])
