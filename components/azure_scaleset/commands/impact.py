"""`scaleset impact`: what a preview does to running instances."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

import typer

from azure_scaleset.commands import options, printing
from azure_scaleset.commands.checked_file import read_json
from azure_scaleset.commands.failure import CommandError
from azure_scaleset.commands.impact_file import Action, Impact, impacts, others
from azure_scaleset.rollout.gate import DEFAULT_MAX_UNAVAILABLE, REIMAGES
from azure_scaleset.rollout.policy import count_of
from azure_scaleset.rules.effect import Driven
from azure_scaleset.rules.effects_text import markdown, summary
from azure_scaleset.rules.value import get

_DONE = {"create": "made", "update": "changed", "replace": "replaced", "delete": "deleted", "import": "imported", "read": "read"}
_HEADING = "### What this does to the scale sets"
_NONE = "No scale set is touched."


def impact(
    file: Annotated[str, typer.Argument(metavar="PREVIEW.json", help="What `pulumi preview --json` wrote; - is standard input.")],
    as_markdown: Annotated[bool, typer.Option("--markdown", help="A summary for a pull request.")] = False,
    batch: Annotated[
        str, typer.Option(help="How many instances `up` changes at a time where it waits for them: rollout.maxUnavailable.")
    ] = DEFAULT_MAX_UNAVAILABLE,
    reimage: options.Reimaging = True,
    output: options.Output = options.Format.TABLE,
) -> int:
    """Tells what a preview does to the running instances: what rolls, reimages, is replaced, how many instances, in how many batches."""
    document = read_json(file)
    if not isinstance(get(document, "steps"), list):
        raise CommandError(f"{file} is no preview. Expected the output of `pulumi preview --json`.")
    found, rest = impacts(document, lambda instances: _driven(batch, instances, reimage)), others(document)
    if output is options.Format.JSON:
        printing.document(as_document(found, rest))
    elif as_markdown:
        printing.line(as_pull_request(found, rest).rstrip())
    else:
        printing.paragraphs(as_text(found, rest))
    return 0


def _driven(batch: str, instances: int, reimage: bool) -> Driven:
    try:
        count = count_of(batch, instances)
    except ValueError as error:
        raise CommandError(f"--batch {batch}: expected a number of instances, or a percentage, as 20%.") from error
    return Driven(max(1, count), REIMAGES if reimage else frozenset())


def as_text(found: Sequence[Impact], rest: Mapping[str, int]) -> str:
    """For a terminal: a block for each scale set."""
    return "\n".join([*(_block(each) for each in found), *([] if found else [_NONE]), _rest(rest)])


def _block(each: Impact) -> str:
    head = f"{each.name}: {each.action.value}{_of(each)}"
    return "\n  ".join([head, *summary(each.effects).splitlines()]) if each.action in (Action.CHANGED, Action.REPLACED) else head


def _of(each: Impact) -> str:
    return "" if each.instances is None else f", {each.instances} instance{'' if each.instances == 1 else 's'}"


def as_pull_request(found: Sequence[Impact], rest: Mapping[str, int]) -> str:
    """Markdown: a table of the sets that change, a line for each that comes or goes."""
    changed = {each.name: each.effects for each in found if each.action in (Action.CHANGED, Action.REPLACED)}
    lines = [f"- `{each.name}` is {each.action.value}{_of(each)}." for each in found if each.name not in changed]
    parts = [
        _HEADING,
        *([markdown(changed).rstrip()] if changed else []),
        *(["\n".join(lines)] if lines else []),
        *([] if found else [_NONE]),
    ]
    return "\n\n".join([*parts, _rest(rest)]) + "\n"


def _rest(rest: Mapping[str, int]) -> str:
    told = ", ".join(f"{count} {_DONE.get(operation, operation)}" for operation, count in sorted(rest.items()))
    return f"Other resources: {told or 'none'}."


def as_document(found: Sequence[Impact], rest: Mapping[str, int]) -> dict[str, Any]:
    """For `--output json`, as docs/commands.md describes it."""
    return {
        "scaleSets": [
            {
                "name": each.name,
                "action": each.action.name.lower(),
                "instanceCount": each.instances,
                "effects": [
                    {
                        "path": effect.path,
                        "kind": effect.kind.value,
                        "message": effect.message,
                        "rule": effect.rule,
                        "sure": effect.sure,
                        "upgradeMode": effect.reach.mode,
                        "fewestBatches": effect.reach.batches,
                        "maxUnavailable": effect.reach.batch_size,
                    }
                    for effect in each.effects
                ],
            }
            for each in found
        ],
        "others": dict(rest),
    }
