"""The arguments of `GalleryImage`."""

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


def test_a_vhd_is_named_without_a_signature() -> None:
    """Azure takes none, and it would be kept; it isn't shown either."""
    address = "https://x.blob.core.windows.net/v/a.vhd"

    assert find_gallery_image_problems(args(address)) == []
    assert find_gallery_image_problems(args(f"{address}?sv=1&sig=secret")) == [
        f"source.vhd.uri is '{address}?…'. Expected the blob's address without a query: Azure reads the blob by source.vhd.storageAccountId and takes no SAS (Z4), and "
        "a signature would be kept in the state. Leave out everything from the question mark on."
    ]
