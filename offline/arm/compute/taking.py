"""What an instance takes of a model that it is brought to: some of it as it runs, some with a restart, some only with a new OS disk."""

from __future__ import annotations

from dataclasses import dataclass

from offline.arm.compute.model import ScaleSet
from offline.arm.http import Json

_ONLY_WITH_A_NEW_DISK = (
    "osProfile.adminPassword",
    "osProfile.customData",
    "osProfile.linuxConfiguration",
    "osProfile.windowsConfiguration",
    "storageProfile.osDisk",
)
"""M8, D3, N21."""
_NEEDS_A_NEW_DISK = ("storageProfile.imageReference",)
"""M7."""
_RESTARTS = ("sku.name",)
"""M6."""
_TOLD_APART = ("osProfile", "storageProfile")
"""Parts of the profile of which each part counts for itself."""


@dataclass(frozen=True)
class Taking:
    """What an update of a running instance comes to. Parts are named as in the profile; beside them there are `sku.name` and `identity`."""

    new_disk: bool
    """The instance gets a new OS disk."""
    restart: bool
    """It restarts, and keeps its disk."""
    took: list[str]
    """What it has then."""
    left: list[str]
    """What it gets with its next new OS disk."""


def take(old: ScaleSet, new: ScaleSet, new_disk: bool = False) -> Taking:
    """What an instance that has the model of `old` takes of the model of `new`. `new_disk`: it gets one in any case."""
    before, after = _parts(old), _parts(new)
    changed = sorted(part for part in before.keys() | after.keys() if before.get(part) != after.get(part))
    new_disk = new_disk or any(part in _NEEDS_A_NEW_DISK for part in changed)
    left = [] if new_disk else [part for part in changed if part in _ONLY_WITH_A_NEW_DISK]
    return Taking(
        new_disk=new_disk,
        restart=not new_disk and any(part in _RESTARTS for part in changed),
        took=[part for part in changed if part not in left],
        left=left,
    )


def _parts(scale_set: ScaleSet) -> Json:
    parts: Json = {"sku.name": scale_set.size, "identity": scale_set.assigned}
    for name, value in scale_set.profile.items():
        if name in _TOLD_APART and isinstance(value, dict):
            parts |= {f"{name}.{key}": item for key, item in value.items()}
        else:
            parts[name] = value
    return parts
