"""From a platform image to one of one's own, on a scale set that lives."""

from typing import Any

import pytest

from azure_scaleset.rules import EffectKind, effects

CUSTOM = {"id": "/subscriptions/s/resourceGroups/g/providers/Microsoft.Compute/galleries/g/images/d/versions/1.0.0"}
PLATFORM = {"publisher": "Canonical", "offer": "ubuntu-24_04-lts", "sku": "server", "version": "latest"}


def model(image: dict[str, str]) -> dict[str, Any]:
    """A scale set of an image."""
    return {"sku": {"name": "Standard_D2s_v5", "capacity": 3}, "virtualMachineProfile": {"storageProfile": {"imageReference": image}}}


@pytest.mark.parametrize(("old", "new"), [(PLATFORM, CUSTOM), (CUSTOM, PLATFORM)])
def test_the_preview_refuses_it_and_names_the_ways(old: dict[str, str], new: dict[str, str]) -> None:
    """By the idle slot of a staged set, or by a replacement."""
    (found,) = effects(model(old), model(new))

    assert (found.kind, found.rule, found.sure) == (EffectKind.REFUSED, "I6", True)
    assert (
        "give the new image to the idle slot of a StagedScaleSet and switch, or allow a replacement with replaceWhenImmutable: true"
        in found.message
    )
