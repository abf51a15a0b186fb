"""What Azure refuses of a scale set before it does anything. Each rule is a function that raises `ArmError`, with the rule's id in its docstring."""

from __future__ import annotations

from offline.arm.compute.model import ScaleSet
from offline.arm.compute.refusals import changes, extensions, image, network, operating_system, placement, policies, storage
from offline.arm.compute.refusals.missing import Check

_CHECKS: list[Check] = [
    *image.CHECKS,
    *operating_system.CHECKS,
    *extensions.CHECKS,
    *placement.CHECKS,
    *policies.CHECKS,
    *storage.CHECKS,
    *network.CHECKS,
]


def check(scale_set: ScaleSet, old: ScaleSet | None) -> None:
    """Refuses what Azure refuses: what can't be changed first, then the model on its own. Azure names one mistake at a time."""
    if old is not None:
        for refuse_change in changes.CHECKS:
            refuse_change(scale_set, old)
    for refuse in _CHECKS:
        refuse(scale_set)
