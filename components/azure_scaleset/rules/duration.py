"""Durations as Azure's API writes them (ISO 8601)."""

import re
from typing import Any

from azure_scaleset.rules.value import text

_DURATION = re.compile(
    r"P(?=.)(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T(?=.)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?", re.ASCII
)
_SECONDS = (365 * 86_400, 30 * 86_400, 7 * 86_400, 86_400, 3_600, 60, 1)

MINUTE = 60
"""Seconds of a minute."""
HOUR = 3_600
"""Seconds of an hour."""
DAY = 86_400
"""Seconds of a day."""


def seconds(value: Any) -> float | None:
    """The length of the duration *value* (`PT1H30M`) in seconds, a month as 30 days; None where it is no text or no duration."""
    given = text(value)
    match = _DURATION.fullmatch(given) if given is not None and len(given) < 100 else None
    return sum(float(part) * unit for part, unit in zip(match.groups(), _SECONDS, strict=True) if part) if match else None


def outside(value: Any, lowest: float, highest: float) -> bool:
    """Whether *value* is a text, but no duration between *lowest* and *highest* seconds, both included."""
    if text(value) is None:
        return False
    length = seconds(value)
    return length is None or not lowest <= length <= highest
