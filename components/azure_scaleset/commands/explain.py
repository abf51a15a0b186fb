"""`scaleset explain`: what stands behind the id of a rule."""

import inspect
from typing import Annotated, Any

import typer

from azure_scaleset.commands import options, printing
from azure_scaleset.commands.failure import CommandError
from azure_scaleset.rules import RULES, Rule
from azure_scaleset.rules.effect_table import TABLE
from azure_scaleset.rules.effects_row import Row
from azure_scaleset.rules.left_out import LEFT_OUT


def explain(
    rules: Annotated[list[str], typer.Argument(metavar="RULE...", help="Ids, as messages name them: U10, M7.")],
    output: options.Output = options.Format.TABLE,
) -> int:
    """Tells what a rule demands, or what a change does, and where that comes from. Asks nobody."""
    known = {id.casefold(): id for id in (*(rule.id for rule in RULES), *(row.rule for row in TABLE if row.rule), *LEFT_OUT)}
    wrong = [each for each in rules if each.casefold() not in known]
    if wrong:
        raise CommandError(f"There is no rule {', '.join(wrong)}. Expected ids as messages name them, such as U10.")
    ids = list(dict.fromkeys(known[each.casefold()] for each in rules))
    if output is options.Format.JSON:
        printing.document({"rules": [document(id) for id in ids]})
    else:
        printing.paragraphs("\n\n".join(text(id) for id in ids))
    return 0


def document(id: str) -> dict[str, Any]:
    """For `--output json`, as docs/commands.md describes it."""
    return {
        "id": id,
        "about": LEFT_OUT[id][1] if id in LEFT_OUT else None,
        "checks": [
            {
                "severity": rule.severity.value,
                "of": rule.target.value,
                "summary": rule.summary,
                "remark": inspect.getdoc(rule.find),
                "source": rule.source,
            }
            for rule in _checks(id)
        ],
        "changes": [
            {
                "property": row.path,
                "change": row.case.value,
                "effect": row.kind.value,
                "what": row.note,
                "doubt": row.doubt,
                "source": row.source,
            }
            for row in _changes(id)
        ],
    }


def text(id: str) -> str:
    """For people."""
    lines = [id if id not in LEFT_OUT else f"{id}: {LEFT_OUT[id][1]}"]
    for rule in _checks(id):
        lines += [
            f"  {rule.severity.value}, {rule.target.value}: {rule.summary}",
            f"    {' '.join((inspect.getdoc(rule.find) or '').split())}",
            f"    Source: {rule.source}",
        ]
    for row in _changes(id):
        what = f"{row.kind.value}{f'; {row.note}' if row.note else ''}{f' ({row.doubt})' if row.doubt else ''}"
        lines += [f"  change of {row.path}, {row.case.value}: {what}", f"    Source: {row.source}"]
    return "\n".join(lines)


def _checks(id: str) -> list[Rule]:
    return [rule for rule in RULES if rule.id == id]


def _changes(id: str) -> list[Row]:
    return [row for row in TABLE if row.rule == id]
