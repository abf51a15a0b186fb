"""Writes docs/effects.md from the table of effects: `python -m tools.effects_document`; with `--check` it only compares."""

import sys
from pathlib import Path

from azure_scaleset.rules.effect import EffectKind
from azure_scaleset.rules.effect_table import TABLE
from azure_scaleset.rules.effects_row import Row
from azure_scaleset.rules.effects_unclassified import UNCLASSIFIED

PAGE = Path(__file__).parents[1] / "docs" / "effects.md"
"""The page."""

_INTRODUCTION = """\
# What a change does to the running instances

`python -m tools.effects_document` writes this page from the table in `components/azure_scaleset/rules/effect_table.py`; a test compares the two. `azure_scaleset.rules.effects(old, new)`
works by the same table.

## How to read it

A row stands for its property and for everything below it that has no row of its own; `[]` is any item of a list. Items are matched by what identifies them (extensions,
interfaces and IP configurations by name, data disks by LUN), so that their order means nothing. A property that is left out has Azure's default, where a source names it.

| Effect | Running instances |
|---|---|
"""

_WHEN = """
*updated in place*, *restarted* and *reimaged* come when the upgrade mode of the **new** model brings them:

| Mode | When |
|---|---|
| Manual | not before somebody runs `scaleset rollout` |
| Rolling | in batches of at most `maxBatchInstancePercent` of all instances, rounded down, but at least one. A batch doesn't cross zones, unless `enableCrossZoneUpgrade`. Azure may make batches smaller (update domains, unhealthy instances), so the number of batches is the least. With `maxSurge` each batch is made anew first: instances are replaced, whatever the row says |
| Automatic | all at once, in no order |

Automatic upgrades of the OS image and of extensions go by the rolling policy whatever the mode (T26). *Doubt* says why an effect isn't sure: a caller warns then, and doesn't refuse.
A *refused* change that is sure can be had with a new scale set: `replaceWhenImmutable: true`, or a second set. One in doubt replaces nothing.
"""

_KINDS = {
    EffectKind.REFUSED: "Azure refuses the change",
    EffectKind.REPLACE: "a new scale set takes the place of this one",
    EffectKind.DELETE: "are deleted",
    EffectKind.REIMAGE: "get a new OS disk, or are replaced: what is on the old OS disk is lost",
    EffectKind.RESTART: "restart",
    EffectKind.NOT_KNOWN: "a value that is known only during the update decides",
    EffectKind.IN_PLACE: "are brought to the new model and stay up",
    EffectKind.NEW_INSTANCES: "stay as they are; instances that are made, or reimaged, later get it",
    EffectKind.NOTHING: "stay as they are; the set as a whole changes",
}


def page() -> str:
    """The whole page."""
    kinds = [f"| {kind.value} | {words} |" for kind, words in _KINDS.items()]
    classified = [row for row in TABLE if row.path not in UNCLASSIFIED]
    return "\n".join(
        [
            _INTRODUCTION + "\n".join(kinds),
            _WHEN,
            "## Classified",
            "",
            "| Property | Change | Effect | What happens | Doubt | Fact | Source |",
            "|---|---|---|---|---|---|---|",
            *(_line(row) for row in classified),
            "",
            "## Not classified",
            "",
            "No source says what a change of these does to running instances. They, and properties that are not in this page at all, count as *restarted*, with the doubt that Azure",
            "may need no restart for them, or refuse them.",
            "",
            "| Property | What little is said |",
            "|---|---|",
            *(f"| `{path}` | {source} |" for path, source in UNCLASSIFIED.items()),
            "",
        ]
    )


def _line(row: Row) -> str:
    cells = [f"`{row.path}`", row.case.value, row.kind.value, _happens(row), row.doubt, row.rule, row.source]
    return f"| {' | '.join(cells)} |"


def _happens(row: Row) -> str:
    each = f"each instance {row.note}" if row.kind in (EffectKind.IN_PLACE, EffectKind.RESTART, EffectKind.REIMAGE) else row.note
    return "; ".join(part for part in (each, f"way out: {row.mend}" if row.mend else "") if part)


def main(arguments: list[str]) -> int:
    """Writes the page, or with `--check` says by the exit code whether it is up to date."""
    if arguments == ["--check"]:
        return 0 if PAGE.read_text(encoding="utf-8") == page() else 1
    PAGE.write_text(page(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
