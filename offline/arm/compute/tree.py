"""Reading a nested ARM body, comparing parts of it, and ISO 8601 durations."""

from __future__ import annotations

import hashlib
import json
import re
from typing import Any

_DURATION = re.compile(r"^P(?:(\d+)D)?(?:T(?=\d)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?$")


def dig(body: Any, path: str) -> Any:
    """The value at a dotted path (`storageProfile.osDisk.name`), None where a part of the way is missing."""
    for key in path.split("."):
        if not isinstance(body, dict):
            return None
        body = body.get(key)
    return body


def fingerprint(value: Any) -> str:
    """The same text for equal values."""
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()


def seconds(duration: str) -> float | None:
    """The length of an ISO 8601 duration of days, hours, minutes and seconds (`PT1H30M`), None when it is none."""
    match = _DURATION.match(duration)
    if match is None or duration == "P":
        return None
    days, hours, minutes, rest = (float(part or 0) for part in match.groups())
    return ((days * 24 + hours) * 60 + minutes) * 60 + rest
