"""What is shown of an instance: one record, which the table and the JSON both are made of."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from rich.table import Table
from rich.text import Text

from azure_scaleset.rollout.instance import ExtensionStatus, Instance
from azure_scaleset.rollout.plan import Wanted, old_disk
from azure_scaleset.rollout.policy import Policy
from azure_scaleset.rollout.verdict import Verdict

_COLUMNS = ("id", "zone", "model", "health", "power", "image", "last extension run", "left alone because")
_POWER = _COLUMNS.index("power")
_BAD = {"outdated", "old OS disk", "unhealthy", "unknown"}


def model_state(instance: Instance, wanted: Wanted, policy: Policy) -> str:
    """`current`, `outdated`, or `old OS disk`: the model is applied, but custom data has changed since the disk was made (T12)."""
    if not instance.latest_model:
        return "outdated"
    return "old OS disk" if old_disk(instance, wanted, policy) else "current"


def last_run(instance: Instance) -> ExtensionStatus | None:
    """The extension run that matters: one that failed, else the latest."""
    return max(instance.extensions, key=lambda each: (each.failed, each.time or ""), default=None)


def record(instance: Instance, wanted: Wanted, policy: Policy) -> dict[str, Any]:
    """An instance for `--output json`."""
    ran = last_run(instance)
    return {
        "id": instance.id,
        "name": instance.name,
        "zone": instance.zone,
        "model": model_state(instance, wanted, policy),
        "provisioningState": instance.provisioning,
        "health": instance.health,
        "power": instance.power,
        "imageVersion": instance.image_version,
        "lastExtension": {"name": ran.name, "failed": ran.failed, "code": ran.code, "time": ran.time} if ran else None,
        "serves": instance.serves,
        "leftAlone": instance.excluded,
    }


def records(verdict: Verdict) -> list[dict[str, Any]]:
    """All instances, in the order of zones and numbers."""
    return [record(each, verdict.wanted, verdict.policy) for each in sorted(verdict.instances, key=lambda each: each.order)]


def cells(shown: dict[str, Any]) -> tuple[str, ...]:
    """The cells of a record's row."""
    ran = shown["lastExtension"]
    extension = f"{ran['name']} {'failed' if ran['failed'] else 'ok'} {_minute(ran['time'])}".rstrip() if ran else "-"
    power = shown["power"] if shown["provisioningState"] == "Succeeded" else f"{shown['power']} ({shown['provisioningState']})"
    health = shown["health"] or "not reported"
    return (
        shown["id"],
        shown["zone"] or "-",
        shown["model"],
        health,
        power,
        shown["imageVersion"] or "-",
        extension,
        shown["leftAlone"] or "",
    )


def _minute(time: str | None) -> str:
    """A time to the minute, UTC, in one word: seconds and offset are in the JSON, and would break the table of a narrow terminal."""
    return f"{datetime.fromisoformat(time).astimezone(UTC):%Y-%m-%dT%H:%MZ}" if time else ""


def table(rows: Sequence[dict[str, Any]]) -> Table:
    """The records as a table; a column that no row needs is left out."""
    filled = [cells(each) for each in rows]
    kept = [number for number in range(len(_COLUMNS)) if any(row[number] for row in filled)]
    drawn = Table(box=None, pad_edge=False)
    for number in kept:
        drawn.add_column(_COLUMNS[number], overflow="fold", max_width=_longest_word(filled, number) if number == _POWER else None)
    for row, shown in zip(filled, rows, strict=True):
        drawn.add_row(*(Text(row[number], style=_style(row[number], shown)) for number in kept))
    return drawn


def _longest_word(rows: Sequence[tuple[str, ...]], number: int) -> int:
    """How wide a column must be so that only spaces are broken. `running (Failed)` in two lines leaves the time of the extension run whole on 80 columns."""
    return max(len(word) for row in rows for word in (_COLUMNS[number], *row[number].split()))


def _style(cell: str, shown: dict[str, Any]) -> str:
    if shown["leftAlone"]:
        return "dim"
    ran = shown["lastExtension"]
    return "red" if cell in _BAD or "(Failed)" in cell or (ran and ran["failed"] and cell.startswith(f"{ran['name']} failed")) else ""
