"""`sku.capacity`: how many instances are made or deleted, and which of them go."""

from typing import Any

from azure_scaleset.rules.effects_row import Case
from azure_scaleset.rules.facts import capacity
from azure_scaleset.rules.value import UNKNOWN, get, text

CAPACITY = "sku.capacity"
"""Path of the number of instances."""
_CHOICE = {
    "default": "zones and fault domains are balanced, then those with the highest ids go (Default)",
    "oldestvm": "zones are balanced, then the oldest go (OldestVM)",
    "newestvm": "zones are balanced, then the newest go (NewestVM)",
}


def capacity_case(old: Any, new: Any, running: int | None) -> Case | None:
    """What the number of instances does, when *running* of them run.

    None: nothing. `Case.ANY`: not known before the update. A set that autoscale moved is cut to what the inputs say, even where they don't change (T1).
    """
    if get(new, CAPACITY) is UNKNOWN:
        return Case.ANY
    count = capacity(new)
    if count is None:
        return None if get(old, CAPACITY) is None else Case.REMOVED
    if running is None:
        return Case.ANY
    if count == running:
        return None
    return Case.SCALE_OUT if count > running else Case.SCALE_IN


def capacity_words(case: Case, old: Any, new: Any, running: int | None, note: str) -> str:
    """The message for *case*; *note* is that of its row."""
    before, wanted = capacity(old), capacity(new)
    if running is None or wanted is None:
        return f"{CAPACITY} removed: {note}"
    moved = running != before
    start = f"{CAPACITY} {running} -> {wanted}"
    if moved:
        start += f" ({running} run now, {'an unknown number' if before is None else before} by the last update)"
    if case is Case.SCALE_OUT:
        made = wanted - running
        stay = "" if running == 0 else "; the running one stays" if running == 1 else f"; the {running} running ones stay"
        return f"{start}: {made} {'instance is' if made == 1 else 'instances are'} made with the new model{stay}"
    gone = running - max(0, wanted)
    which = "" if gone == running else f": {_choice(new)}"
    # Without autoscale the program owns the number: whoever moved it must hear how to keep it (T1).
    kept = f"; to keep {'it' if gone == 1 else 'them'} set the capacity to {running}" if moved and wanted == before else ""
    return f"{start}: {gone} of {running} {'instance is' if gone == 1 else 'instances are'} deleted at once{which}{kept}"


def _choice(new: Any) -> str:
    """Which instances a scale-in takes; the policy of the new model counts, since it arrives with the number."""
    rules = get(new, "scaleInPolicy.rules")
    if rules is UNKNOWN:
        return "which, the scale-in policy doesn't tell yet"
    first = text(rules[0]) if isinstance(rules, list | tuple) and rules else "Default"
    return _CHOICE.get((first or "").casefold(), "which, the scale-in policy doesn't tell")
