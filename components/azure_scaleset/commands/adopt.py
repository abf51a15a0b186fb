"""`scaleset adopt`: the stack file with which a stack takes over a scale set that something else made."""

import re
import shlex
from pathlib import Path
from typing import Annotated, Any

import typer
import yaml

from azure_scaleset.adoption.mapping import Adoption, NotAdoptable
from azure_scaleset.adoption.mapping import adopt as mapped
from azure_scaleset.commands import options, printing, stack_file
from azure_scaleset.commands.connection import connect
from azure_scaleset.commands.failure import CommandError
from azure_scaleset.commands.question import agreed

_Id = Annotated[str, typer.Argument(metavar="ID", help="Resource id of the scale set.", show_default=False)]
_Stack = Annotated[str | None, typer.Option("--stack", "-s", help="Name of the new stack. Default: the scale set's.", show_default=False)]
_File = Annotated[
    Path | None,
    typer.Option("--stack-file", dir_okay=False, help="Where to write. Default: the stack's place in this project.", show_default=False),
]
_NO_STACK_NAME = re.compile(r"[^A-Za-z0-9._-]")


def adopt(
    scale_set: _Id, stack: _Stack = None, file: _File = None, yes: options.Yes = False, output: options.Output = options.Format.TABLE
) -> int:
    """Writes the stack file with which the first preview imports a scale set and changes nothing. Azure is only read."""
    live = connect(options.target(scale_set, None, None, None, None))
    try:
        adoption = mapped(live.arm.get(live.id, **{"$expand": "userData"}))
    except NotAdoptable as error:
        raise CommandError(f"The scale set {live.name} can't be adopted: {error}") from None
    name = stack or _NO_STACK_NAME.sub("-", adoption.name)
    place = file or Path.cwd() / stack_file.place(stack_file.load(stack_file.project_file(Path.cwd())), name)
    again = f"scaleset adopt {shlex.quote(scale_set)} --stack-file {shlex.quote(str(place))} --yes"
    if place.exists() and not yes and not agreed(f"{place} exists. Overwrite it?"):
        raise CommandError(f"{place} exists, and nothing was written. To overwrite it: {again}. Or take another one with --stack.")
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(text(adoption))
    if output is options.Format.JSON:
        printing.document(document(adoption, name, place))
    else:
        printing.line(story(adoption, name, place))
    return 0


def text(adoption: Adoption) -> str:
    """The stack file."""
    keys = {"location": adoption.location, "name": adoption.name, "tags": adoption.tags, **adoption.arguments}
    config = {f"azure-scaleset:{key}": value for key, value in keys.items() if key != "tags" or value}
    head = ("yaml-language-server: $schema=schema.json", "A scale set that something else made (docs/adopting.md).")
    return "".join(f"# {line}\n" for line in head) + yaml.safe_dump({"config": config}, sort_keys=False, allow_unicode=True, width=120)


def document(adoption: Adoption, stack: str, place: Path) -> dict[str, Any]:
    """What was found and written, for `--output json`, as docs/commands.md describes it."""
    return {
        "scaleSet": adoption.scale_set_id,
        "stack": stack,
        "stackFile": str(place),
        "location": adoption.location,
        "tags": adoption.tags,
        "arguments": adoption.arguments,
        "overridden": adoption.overridden,
        "unread": adoption.unread,
    }


def story(adoption: Adoption, stack: str, place: Path) -> str:
    """What was found and written, for people, with the next command."""
    told = [f"{place} is written: its first `pulumi up` imports {adoption.name} and changes nothing."]
    if adoption.overridden:
        told += ["In overrides, because no other argument says it:", *(f"  {path}" for path in adoption.overridden)]
    if adoption.unread:
        told += [
            "Azure doesn't show, and changes are refused until it is given or taken off adopt.unread:",
            *(f"  {entry}" for entry in adoption.unread),
        ]
    word = shlex.quote(stack)
    return "\n".join([*told, f"Next: pulumi stack init {word} && pulumi preview --stack {word}"])
