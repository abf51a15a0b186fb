"""`scaleset prune`: removes images and payloads that nothing uses any more."""

import threading
from collections.abc import Sequence
from datetime import timedelta
from typing import Annotated

import typer
from rich.table import Table
from rich.text import Text

from azure_scaleset.commands import options, printing, pulumi_command
from azure_scaleset.commands.connection import signed_in
from azure_scaleset.commands.prune_find import Stacks, find
from azure_scaleset.commands.prune_plan import Decision, Item, Kind, decide
from azure_scaleset.images.artifact import Artifact, finish
from azure_scaleset.images.blobs import Container
from azure_scaleset.rollout.arm import Arm

_OlderThan = Annotated[int, typer.Option("--older-than", min=0, help="Days: what is younger stays.")]
_Keep = Annotated[int, typer.Option("--keep", min=1, help="So many of each image and container stay, the newest.")]
_Yes = Annotated[bool, typer.Option("--yes", "-y", help="Remove it; without, only show what would be removed.")]


def prune(
    stack: options.OneStack,
    older_than: _OlderThan = 30,
    keep: _Keep = 3,
    yes: _Yes = False,
    output: options.Output = options.Format.TABLE,
) -> int:
    """Shows the image versions, managed images and payloads of a stack that nothing uses any more; with --yes removes them.

    What stays: what the model of any scale set names, or an instance or virtual machine runs, in the gallery's subscription and those of the backend's scale sets; what the state of any stack of the backend
    names; what is young, and the newest ones; in a container that was brought, all blobs but the stack's own payloads. Payloads stay all while an instance isn't at its model, since it may still need an older one.
    """
    arm = signed_in()
    stacks = Stacks.read(stack, pulumi_command.run, pulumi_command.export)
    items, used = find(arm, stacks)
    decisions = decide(items, used, arm.now, timedelta(days=older_than), keep)
    gone = [each.item for each in decisions if each.kept is None]
    if yes:
        for item in gone:
            _remove(arm, item)
    if output is options.Format.JSON:
        printing.document({"stack": stack, "removed": yes, "items": [each.record for each in decisions]})
        return 0
    printing.table(table(decisions))
    printing.line(conclusion(len(gone), len(decisions), yes, stack, older_than, keep))
    return 0


def table(decisions: Sequence[Decision]) -> Table:
    """What stays and what goes, with the reason."""
    drawn = Table("what", "name", "of", "made", "becomes", box=None, pad_edge=False)
    for each in decisions:
        fate = Text("removed", style="red") if each.kept is None else Text(f"kept: {each.kept}")
        drawn.add_row(each.item.kind.value, each.item.name, each.item.of.rpartition("/")[2], f"{each.item.made:%Y-%m-%d %H:%M}", fate)
    return drawn


def conclusion(gone: int, whole: int, done: bool, stack: str, older_than: int, keep: int) -> str:
    """What was or would be done, and the next command."""
    if not whole:
        return "There are no images and no payloads of this stack."
    if not gone:
        return "Nothing to remove."
    if done:
        return f"Removed {gone} of {whole}."
    words = f" --older-than {older_than}" if older_than != 30 else ""
    words += f" --keep {keep}" if keep != 3 else ""
    return f"{gone} of {whole} would be removed. To do it: scaleset prune --stack {stack}{words} --yes"


def _remove(arm: Arm, item: Item) -> None:
    if item.kind is not Kind.PAYLOAD:
        finish(arm, arm.delete(item.id, Artifact(item.id, {}).api_version), item.id, lambda _: None, threading.Event())
        return
    account, _, name = item.of.partition("/blobServices/default/containers/")
    Container(arm, account, name, "d").delete(item.resource_id.removeprefix(f"{item.of}/blobs/"))
