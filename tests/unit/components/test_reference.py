"""Image strings."""

import pytest

from azure_scaleset.images.reference import ALIASES, Image, ImageKind, parse

GROUP = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Compute"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Canonical:UbuntuServer:14.04.4-LTS:latest",
            Image(
                ImageKind.PLATFORM,
                {"publisher": "Canonical", "offer": "UbuntuServer", "sku": "14.04.4-LTS", "version": "latest"},
                False,
                False,
            ),
        ),
        (
            "ubuntu2404",
            Image(
                ImageKind.PLATFORM,
                {"publisher": "Canonical", "offer": "ubuntu-24_04-lts", "sku": "server", "version": "latest"},
                True,
                False,
            ),
        ),
        (
            "MicrosoftWindowsServer:WindowsServer:2022-datacenter-azure-edition:20348.1.2",
            Image(
                ImageKind.PLATFORM,
                {
                    "publisher": "MicrosoftWindowsServer",
                    "offer": "WindowsServer",
                    "sku": "2022-datacenter-azure-edition",
                    "version": "20348.1.2",
                },
                True,
                True,
            ),
        ),
        (f"{GROUP}/images/i", Image(ImageKind.CUSTOM, {"id": f"{GROUP}/images/i"})),
        (f"{GROUP}/galleries/g/images/d/versions/1.2.3", Image(ImageKind.CUSTOM, {"id": f"{GROUP}/galleries/g/images/d/versions/1.2.3"})),
        (
            "/CommunityGalleries/c/Images/d/Versions/latest",
            Image(ImageKind.CUSTOM, {"communityGalleryImageId": "/CommunityGalleries/c/Images/d/Versions/latest"}),
        ),
    ],
)
def test_each_form_is_read(text: str, expected: Image) -> None:
    """A URN, an alias in any case, and ids give azure-native's image reference and what is known of the image."""
    assert parse(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Ubuntu9999",
        "a:b:c",
        "a:b::latest",
        "a:b:c:1.2",
        "https://x.blob.core.windows.net/v/a.vhd",
        f"{GROUP}/galleries/g/images/d/versions/latest",
    ],
)
def test_other_texts_are_refused_with_the_forms(text: str) -> None:
    """What is no image is shown as it was given, with the forms that are."""
    with pytest.raises(ValueError, match=r"is no image.*publisher:offer:sku:version.*Ubuntu2404") as caught:
        parse(text)
    assert repr(text) in str(caught.value)


def test_every_alias_is_a_generation_2_image() -> None:
    """Aliases stand for images on which trusted launch works."""
    assert [name for name in ALIASES if not parse(name).generation_2] == []
