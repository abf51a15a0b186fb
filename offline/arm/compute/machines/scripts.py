"""What a script that is run in a machine comes to. Scripts are not executed: what matters here is read off their text."""

from __future__ import annotations

import re
from dataclasses import dataclass

_GENERALIZES = re.compile(r"waagent\b[^\n;&|]*-deprovision|sysprep(\.exe)?\b[^\n]*/generalize|/generalize\b[^\n]*sysprep", re.IGNORECASE)
_TURNS_OFF = re.compile(r"\bpoweroff\b|\bshutdown\b|\bStop-Computer\b|\bhalt\b", re.IGNORECASE)
_IMAGE_STATE = re.compile(r"\bImageState\b")
_DELAYS = (
    (re.compile(r"systemd-run\b[^\n]*--on-active[= ](\d+)(s|sec|seconds)?\b"), 1),
    (re.compile(r"\bat\s+now\s*\+\s*(\d+)\s*minutes?"), 60),
    (re.compile(r"Register-ScheduledTask\b.*?AddSeconds\((\d+)\)", re.DOTALL), 1),
    (re.compile(r"AddSeconds\((\d+)\).*?Register-ScheduledTask\b", re.DOTALL), 1),
    (re.compile(r"Register-ScheduledTask\b.*?AddMinutes\((\d+)\)", re.DOTALL), 60),
    (re.compile(r"AddMinutes\((\d+)\).*?Register-ScheduledTask\b", re.DOTALL), 60),
)


@dataclass(frozen=True)
class Script:
    """What is known of a script.

    `generalizes`: it deprovisions or sysprepes. `delay`: in how many seconds, when it leaves that to a job of the system's own scheduler; None when it
    does it itself. `turns_off`: the machine is off afterwards. `asks`: it prints the image state of Windows.
    """

    generalizes: bool
    delay: int | None
    turns_off: bool
    asks: bool


def read(text: str) -> Script:
    """Reads a script: `waagent -deprovision`, `sysprep /generalize`; `systemd-run --on-active=`, `at now + N minutes`, `Register-ScheduledTask` with
    `AddSeconds(N)` or `AddMinutes(N)`; `poweroff`, `shutdown`, `Stop-Computer`; `ImageState`."""
    delays = [int(match[1]) * unit for pattern, unit in _DELAYS if (match := pattern.search(text))]
    generalizes = _GENERALIZES.search(text) is not None
    asks = _IMAGE_STATE.search(text) is not None and not generalizes
    return Script(generalizes, delays[0] if delays else None, _TURNS_OFF.search(text) is not None, asks)
