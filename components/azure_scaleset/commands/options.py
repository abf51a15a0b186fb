"""The words that several commands take."""

import enum
from pathlib import Path
from typing import Annotated

import typer

from azure_scaleset.commands.failure import CommandError
from azure_scaleset.commands.target import Target


class Format(enum.StrEnum):
    """How a command prints what it found."""

    TABLE = "table"
    """For people."""
    JSON = "json"
    """For programs: one document on standard output, described in docs/commands.md."""


ScaleSet = Annotated[str | None, typer.Argument(metavar="ID", help="Resource id of the scale set.", show_default=False)]
Id = Annotated[str | None, typer.Option("--id", help="The same as an option.", show_default=False)]
Stack = Annotated[str | None, typer.Option("--stack", "-s", help="Stack that has the scale set.", show_default=False)]
Group = Annotated[
    str | None, typer.Option("--group", "-g", help="Its resource group; with --name and ARM_SUBSCRIPTION_ID.", show_default=False)
]
Name = Annotated[str | None, typer.Option("--name", "-n", help="Its name; with --stack, which one of several.", show_default=False)]
Output = Annotated[Format, typer.Option("--output", "-o", help="How to print.")]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Don't ask.")]
OneStack = Annotated[str, typer.Option("--stack", "-s", help="The stack's name.", show_default=False)]
ConfigFile = Annotated[
    Path | None,
    typer.Option("--config-file", exists=True, dir_okay=False, help="The stack's file, where it is not in its place.", show_default=False),
]
SwitchCommand = Annotated[
    str | None,
    typer.Option(
        metavar="COMMAND",
        help="For a production balancer of your own: leads its rules to the pool $POOL_ID (of $SLOT), and ends when they do.",
        show_default=False,
    ),
]
Reimaging = Annotated[
    bool, typer.Option("--reimage/--no-reimage", help="Whether an OS disk older than the last change of custom data counts as old.")
]
Timeout = Annotated[int, typer.Option(min=1, help="Minutes for the whole.")]
HealthTimeout = Annotated[int, typer.Option(min=1, help="Minutes that an instance may take to become healthy.")]


def target(scale_set: str | None, resource_id: str | None, stack: str | None, group: str | None, name: str | None) -> Target:
    """What the words name. Raises `CommandError` when an id is given twice."""
    if scale_set and resource_id:
        raise CommandError(f"Two resource ids were given: {scale_set} and {resource_id}. Expected one: leave --id out.")
    return Target(scale_set or resource_id, stack, group, name)
