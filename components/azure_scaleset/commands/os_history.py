"""`scaleset os-upgrade --history`: the rolling upgrades of the image that Azure did, also those that it began by itself."""

from collections.abc import Iterable, Mapping
from typing import Any

from rich.table import Table
from rich.text import Text

from azure_scaleset.rollout.scale_set import LiveScaleSet

_COLUMNS = ("started", "ended", "by", "image", "result", "done", "failed", "rolled back", "error")


def records(live: LiveScaleSet) -> list[dict[str, Any]]:
    """The upgrades for `--output json`, the newest first."""
    found = [record(each.get("properties") or {}) for each in live.arm.values(f"{live.id}/osUpgradeHistory")]
    return sorted(found, key=lambda each: each["startTime"] or "", reverse=True)


def record(properties: Mapping[str, Any]) -> dict[str, Any]:
    """One upgrade, from ARM's answer."""
    status, progress = properties.get("runningStatus") or {}, properties.get("progress") or {}
    image, back = properties.get("targetImageReference") or {}, properties.get("rollbackInfo") or {}
    error = properties.get("error")
    return {
        "startTime": status.get("startTime"),
        "endTime": status.get("endTime"),
        "startedBy": properties.get("startedBy"),
        "imageVersion": image.get("exactVersion") or image.get("version") or (image.get("id") or "").rpartition("/")[2] or None,
        "code": status.get("code"),
        "successful": int(progress.get("successfulInstanceCount") or 0),
        "failed": int(progress.get("failedInstanceCount") or 0),
        "pending": int(progress.get("pendingInstanceCount") or 0),
        "rolledBack": int(back.get("successfullyRolledbackInstanceCount") or 0),
        "rollbackFailed": int(back.get("failedRolledbackInstanceCount") or 0),
        "error": f"{error.get('code')}: {error.get('message')}" if error else None,
    }


def cells(shown: Mapping[str, Any]) -> tuple[str, ...]:
    """The cells of a record's row."""
    back = f"{shown['rolledBack']} ({shown['rollbackFailed']} failed)" if shown["rollbackFailed"] else str(shown["rolledBack"])
    texts = [shown[key] or "-" for key in ("startTime", "endTime", "startedBy", "imageVersion", "code")]
    return (*texts, str(shown["successful"]), str(shown["failed"]), back, shown["error"] or "")


def table(rows: Iterable[Mapping[str, Any]]) -> Table:
    """The records as a table."""
    drawn = Table(box=None, pad_edge=False)
    for name in _COLUMNS:
        drawn.add_column(name, overflow="fold")
    for shown in rows:
        drawn.add_row(*(Text(cell, style="red" if shown["error"] else "") for cell in cells(shown)))
    return drawn
