"""`scaleset check`: what Azure would refuse, from files."""

from collections.abc import Sequence
from typing import Annotated, Any

import typer
from rich.table import Table

from azure_scaleset.commands import options, printing
from azure_scaleset.commands.checked_file import read_resources
from azure_scaleset.commands.dotted_text import DottedText
from azure_scaleset.commands.failure import CommandError
from azure_scaleset.rules import RULES, Severity
from azure_scaleset.rules.stack_check import Finding, check_stack
from azure_scaleset.rules.stack_resource import Resource

Found = Sequence[tuple[str, Finding]]
"""Each finding with the file it is in."""


def check(
    files: Annotated[
        list[str],
        typer.Argument(metavar="FILE...", help="JSON of `pulumi preview --json`, an ARM template, or `az vmss show`; - is standard input."),
    ],
    ignore: Annotated[
        list[str] | None, typer.Option("--ignore", metavar="RULE", help="A rule that isn't to be told; may be repeated.")
    ] = None,
    output: options.Output = options.Format.TABLE,
) -> int:
    """Checks the scale sets in files, and what belongs to them, against what Azure refuses. Exit code 1 when there is an error."""
    ignored = _rules(ignore or [])
    read = {name: read_resources(name) for name in dict.fromkeys(files)}
    every = [(name, finding) for name, stack in read.items() for finding in check_stack(stack)]
    found = [(name, finding) for name, finding in every if finding.problem.rule not in ignored]
    if output is options.Format.JSON:
        printing.document(document(read, found))
    else:
        if found:
            printing.table(table(found, several=len(read) > 1))
        printing.line(conclusion(sum(map(len, read.values())), found, len(every) - len(found)))
    return 1 if any(finding.problem.severity is Severity.ERROR for _, finding in found) else 0


def table(found: Found, *, several: bool) -> Table:
    """The findings as a table; *several*: with the file of each. Nothing is cut off: a long path goes on after a dot in the next line, a long value anywhere."""
    drawn = Table(*(["file"] if several else []), "severity", "rule", "resource", box=None, pad_edge=False)
    drawn.add_column("property, and what is wrong with it", overflow="fold")
    for file, each in found:
        problem = each.problem
        cells = [problem.severity.value, problem.rule, each.resource.name]
        told = f"{problem.path or 'the whole'}\n{problem.message} {problem.mend}".rstrip()
        drawn.add_row(*(_plain(cell) for cell in ([file, *cells] if several else cells)), DottedText(told))
    return drawn


def document(read: dict[str, list[Resource]], found: Found) -> dict[str, Any]:
    """What was checked and found, for `--output json`, as docs/commands.md describes it."""
    return {
        "checked": [{"file": name, "resource": each.name, "type": each.kind.arm_type} for name, stack in read.items() for each in stack],
        "problems": [
            {
                "file": name,
                "resource": each.resource.name,
                "type": each.resource.kind.arm_type,
                "rule": each.problem.rule,
                "severity": each.problem.severity.value,
                "path": each.problem.path,
                "message": each.problem.message,
                "mend": each.problem.mend,
                "source": each.problem.source,
            }
            for name, each in found
        ],
    }


def conclusion(checked: int, found: Found, ignored: int) -> str:
    """The line below the table."""
    errors = sum(finding.problem.severity is Severity.ERROR for _, finding in found)
    words = [_count(errors, "error"), _count(len(found) - errors, "warning")]
    return f"{', '.join(words)} in {_count(checked, 'resource')}{f'; {ignored} ignored' if ignored else ''}."


def _count(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def _plain(cell: str) -> str:
    """*cell* without what the table would take for markup."""
    return cell.replace("[", r"\[")


def _rules(given: Sequence[str]) -> frozenset[str]:
    """The ids of *given* rules. Raises `CommandError` for one that there isn't: an ignored rule with a typing error would not be ignored."""
    known = {rule.id.casefold(): rule.id for rule in RULES}
    wrong = [each for each in given if each.casefold() not in known]
    if wrong:
        raise CommandError(f"--ignore {wrong[0]}: there is no such rule. Expected an id of docs/rules.md, as {RULES[0].id}.")
    return frozenset(known[each.casefold()] for each in given)
