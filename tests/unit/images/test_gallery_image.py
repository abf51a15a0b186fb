"""The arguments of `GalleryImage`."""

from typing import Any

import pytest

from azure_scaleset.extensions.context import OperatingSystem
from azure_scaleset.images.gallery_image import GalleryImageArgs, find_gallery_image_problems


def args(uri: str) -> GalleryImageArgs:
    """Of a VHD."""
    return {
        "resource_group_name": "g",
        "location": "westeurope",
        "source": {"vhd": {"uri": uri, "storage_account_id": "/account"}},
        "destination": {"definition": {"os": OperatingSystem.LINUX}},
    }


GROUP = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Compute"


@pytest.mark.parametrize(
    ("source", "problem"),
    [
        ({"snapshot_id": f"{GROUP}/snapshots/one"}, None),
        ({"managed_image_id": f"{GROUP}/images/one"}, None),
        ({"virtual_machine_id": f"{GROUP}/virtualMachines/one"}, None),
        (
            {"snapshot_id": "one"},
            "source.snapshotId is 'one'. Expected /subscriptions/…/resourceGroups/…/providers/Microsoft.Compute/snapshots/NAME.",
        ),
        (
            {"managed_image_id": f"{GROUP}/snapshots/one"},
            f"source.managedImageId is '{GROUP}/snapshots/one'. Expected /subscriptions/…/resourceGroups/…/providers/Microsoft.Compute/images/NAME.",
        ),
    ],
)
def test_a_source_is_named_by_its_id(source: Any, problem: str | None) -> None:
    """Nothing is asked of Azure before; only a VHD needs words about the definition."""
    found = find_gallery_image_problems({"resource_group_name": "g", "location": "westeurope", "source": source})

    assert found == ([] if problem is None else [problem])


def test_a_vhd_is_named_without_a_signature() -> None:
    """Azure takes none, and it would be kept; it isn't shown either."""
    address = "https://x.blob.core.windows.net/v/a.vhd"

    assert find_gallery_image_problems(args(address)) == []
    assert find_gallery_image_problems(args(f"{address}?sv=1&sig=secret")) == [
        f"source.vhd.uri is '{address}?…'. Expected the blob's address without a query: Azure reads the blob by source.vhd.storageAccountId and takes no SAS (Z4), and "
        "a signature would be kept in the state. Leave out everything from the question mark on."
    ]
