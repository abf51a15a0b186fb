"""Image strings."""

import pytest

from azure_scaleset.images.reference import ALIASES, Image, ImageKind, parse

GROUP = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Compute"
DEFINITION = f"{GROUP}/galleries/g/images/d"
AZURE_EDITION = {"publisher": "MicrosoftWindowsServer", "offer": "WindowsServer", "sku": "2022-datacenter-azure-edition"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Canonical:UbuntuServer:14.04.4-LTS:latest",
            Image(
                ImageKind.PLATFORM,
                {"publisher": "Canonical", "offer": "UbuntuServer", "sku": "14.04.4-LTS", "version": "latest"},
                "Canonical:UbuntuServer:14.04.4-LTS",
                generation_2=False,
                windows=False,
            ),
        ),
        (
            "ubuntu2404",
            Image(
                ImageKind.PLATFORM,
                {"publisher": "Canonical", "offer": "ubuntu-24_04-lts", "sku": "server", "version": "latest"},
                "Canonical:ubuntu-24_04-lts:server",
                generation_2=True,
                windows=False,
            ),
        ),
        (
            "MicrosoftWindowsServer:WindowsServer:2022-datacenter-azure-edition:20348.1.2",
            Image(
                ImageKind.PLATFORM,
                {**AZURE_EDITION, "version": "20348.1.2"},
                "MicrosoftWindowsServer:WindowsServer:2022-datacenter-azure-edition",
                "20348.1.2",
                generation_2=True,
                windows=True,
            ),
        ),
        (f"{GROUP}/images/i", Image(ImageKind.MANAGED, {"id": f"{GROUP}/images/i"}, f"{GROUP}/images/i")),
        (DEFINITION, Image(ImageKind.GALLERY, {"id": DEFINITION}, DEFINITION)),
        (f"{DEFINITION}/versions/1.2.3", Image(ImageKind.GALLERY, {"id": f"{DEFINITION}/versions/1.2.3"}, DEFINITION, "1.2.3")),
        (
            "/SharedGalleries/s/Images/d",
            Image(ImageKind.SHARED, {"sharedGalleryImageId": "/SharedGalleries/s/Images/d"}, "/SharedGalleries/s/Images/d"),
        ),
        (
            "/SharedGalleries/s/Images/d/Versions/1.0.0",
            Image(
                ImageKind.SHARED,
                {"sharedGalleryImageId": "/SharedGalleries/s/Images/d/Versions/1.0.0"},
                "/SharedGalleries/s/Images/d",
                "1.0.0",
            ),
        ),
        (
            "/CommunityGalleries/c/Images/d/Versions/latest",
            Image(
                ImageKind.COMMUNITY,
                {"communityGalleryImageId": "/CommunityGalleries/c/Images/d/Versions/latest"},
                "/CommunityGalleries/c/Images/d",
            ),
        ),
    ],
)
def test_each_form_is_read(text: str, expected: Image) -> None:
    """A URN, an alias in any case, and ids give azure-native's image reference and what is known of the image."""
    assert parse(text) == expected


@pytest.mark.parametrize(
    ("text", "floats"),
    [
        ("Ubuntu2404", True),
        ("a:b:c:LATEST", True),
        ("a:b:c:1.2.3", False),
        (f"{GROUP}/images/i", False),
        (DEFINITION, True),
        (f"{DEFINITION}/versions/1.2.3", False),
        ("/SharedGalleries/s/Images/d/Versions/latest", True),
        ("/CommunityGalleries/c/Images/d/Versions/1.0.0", False),
    ],
)
def test_what_has_no_fixed_version_floats(text: str, floats: bool) -> None:
    """An image floats when a newer version changes what the same string means; a managed image has no versions."""
    assert parse(text).floats is floats


@pytest.mark.parametrize("text", ["a:b:c:latest", DEFINITION, "/SharedGalleries/s/Images/d", "/CommunityGalleries/c/Images/d"])
def test_an_image_at_a_version_is_read_back(text: str) -> None:
    """The string of a fixed version is one of the same image that doesn't float."""
    image = parse(text)
    fixed = parse(image.at("1.2.3"))
    assert (fixed.kind, fixed.name, fixed.version, fixed.floats) == (image.kind, image.name, "1.2.3", False)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Ubuntu9999",
        "a:b:c",
        "a:b::latest",
        "a:b:c:1.2",
        "https://x.blob.core.windows.net/v/a.vhd",
        f"{DEFINITION}/versions/latest",
        "/SharedGalleries/s/Images/d/Versions/1.0",
    ],
)
def test_other_texts_are_refused_with_the_forms(text: str) -> None:
    """What is no image is shown as it was given, with the forms that are."""
    with pytest.raises(ValueError, match=r"is no image.*publisher:offer:sku:version.*Ubuntu2404.*/CommunityGalleries/") as caught:
        parse(text)
    assert repr(text) in str(caught.value)


@pytest.mark.parametrize("text", ["https://x.blob.core.windows.net/v/a.vhd", "https://x.blob.core.windows.net/v/a.VHD?sv=1"])
def test_a_blob_is_told_how_it_becomes_an_image(text: str) -> None:
    """The VHD of an old template isn't usable; a gallery image version of it is."""
    with pytest.raises(ValueError, match="Make a gallery image version of it"):
        parse(text)


def test_the_signature_of_an_address_is_not_shown() -> None:
    """It opens the blob, and messages get into logs."""
    with pytest.raises(ValueError, match=r"GalleryImage with source\.vhd") as caught:
        parse("https://x.blob.core.windows.net/v/a.vhd?sv=1&sig=secret")
    assert str(caught.value).startswith("'https://x.blob.core.windows.net/v/a.vhd?…' is no image. ")
    assert "secret" not in str(caught.value)


def test_latest_of_a_gallery_is_told_how_it_is_written() -> None:
    """Some tools write /versions/latest."""
    with pytest.raises(ValueError, match="by leaving /versions/latest out"):
        parse(f"{DEFINITION}/versions/latest")


@pytest.mark.parametrize(
    ("text", "generation_2"),
    [
        ("MicrosoftWindowsServer:WindowsServer:2019-datacenter:latest", False),
        ("Canonical:ubuntu-24_04-lts:server-gen1:latest", False),
        ("Canonical:ubuntu-24_04-lts:Server:latest", True),
        ("SUSE:sles-15-sp5:gen2:latest", True),
        ("RedHat:RHEL:10-raw:latest", None),
        ("Canonical:ubuntu-25_10:cloud-image:latest", None),
        ("Canonical:0001-com-ubuntu-server-jammy:22_04-lts-arm64:latest", None),
        (DEFINITION, None),
    ],
)
def test_the_generation_is_known_where_the_name_says_it(text: str, generation_2: bool | None) -> None:
    """Else only Azure knows it, and nothing is guessed."""
    assert parse(text).generation_2 is generation_2


def test_every_alias_is_a_generation_2_image() -> None:
    """Aliases stand for images on which trusted launch works."""
    assert [name for name in ALIASES if not parse(name).generation_2] == []
