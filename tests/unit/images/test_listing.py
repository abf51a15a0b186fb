"""Which version of an image that Azure has is taken, through the library's own connection."""

from typing import Any

import pytest

from azure_scaleset.images.listing import latest, versions
from azure_scaleset.images.reference import parse
from azure_scaleset.images.versions import Version, newest
from azure_scaleset.rollout.arm import Arm
from tests.unit.offline.arm import GROUP
from tests.unit.offline.images.workshop import DEFINITION, GALLERY, MACHINE, Workshop, code_of, definition_body, version

SUBSCRIPTION = GROUP.split("/")[2]
IMAGE = f"{GROUP}/providers/{DEFINITION}"
VM = f"{GROUP}/providers/{MACHINE}"
BOTH = [{"name": "westeurope"}, {"name": "northeurope"}]


def taken(arm: Arm, image: str, region: str = "westeurope", constraint: str = "*") -> tuple[str, list[Version]]:
    """The version that is taken, and those that are passed over."""
    chosen, passed = newest(versions(arm, parse(image), SUBSCRIPTION, region, constraint), constraint)
    return chosen.name, passed


def test_a_version_on_its_way_to_a_region_is_not_taken_there(arm: Arm, workshop: Workshop) -> None:
    """It has the region among its own from the beginning, and can be used where it was before; when it has arrived, it is taken."""
    workshop.generalized()
    workshop.definition()
    workshop.done("PUT", f"{DEFINITION}/versions/1.0.0", version(VM, targetRegions=BOTH))
    workshop.done("PUT", f"{DEFINITION}/versions/1.0.1", version(VM))
    answer = workshop.arm.call("PUT", f"{DEFINITION}/versions/1.0.1", version(VM, targetRegions=BOTH))

    assert taken(arm, IMAGE) == ("1.0.1", [])
    assert taken(arm, IMAGE, "northeurope") == (
        "1.0.0",
        [Version("1.0.1", "is still being replicated to northeurope (Replicating)")],
    )
    assert workshop.outcome(answer) is None
    assert taken(arm, IMAGE, "northeurope") == ("1.0.1", [])


def test_what_azure_takes_where_no_version_is_named(arm: Arm, workshop: Workshop) -> None:
    """The highest that the region has and that isn't excluded from latest, also past its end of life, as Azure's own refusal says; the higher ones with their reasons."""
    workshop.generalized()
    image = {"id": workshop.definition()}
    trusted: Any = {"securityProfile": {"securityType": "TrustedLaunch"}}
    assert latest(arm, IMAGE, "westeurope") == (None, [])
    workshop.done("PUT", f"{DEFINITION}/versions/1.0.1", version(VM, excludeFromLatest=True))
    assert latest(arm, IMAGE, "westeurope") == (None, [Version("1.0.1", "is excluded from latest")])
    assert code_of(workshop.put_set(image, **trusted))[1] == "GalleryImageNotFound"

    workshop.done("PUT", f"{DEFINITION}/versions/1.0.0", version(VM, endOfLifeDate="2020-01-01T00:00:00Z"))
    found, higher = latest(arm, IMAGE, "West Europe")
    assert (found or {})["name"] == "1.0.0"
    assert higher == [Version("1.0.1", "is excluded from latest")]
    assert workshop.outcome(workshop.put_set(image, **trusted)) is None
    assert [each.name for each in latest(arm, IMAGE, "uksouth")[1]] == ["1.0.1", "1.0.0"]


COMMUNITY = {
    "permissions": "Community",
    "communityGalleryInfo": {
        "publisherUri": "https://contoso.example",
        "publisherContact": "a@contoso.example",
        "eula": "none",
        "publicNamePrefix": "contoso",
    },
}
SHARE = {"operationType": "Add", "groups": [{"type": "Subscriptions", "ids": [SUBSCRIPTION]}]}


@pytest.mark.parametrize(
    ("kind", "profile", "share"),
    [("Community", COMMUNITY, {"operationType": "EnableCommunity"}), ("Shared", {"permissions": "Groups"}, SHARE)],
    ids=["community", "shared"],
)
def test_the_newest_version_of_a_gallery_of_others_is_taken(arm: Arm, workshop: Workshop, kind: str, profile: Any, share: Any) -> None:
    """By the name that others know it under; a version that is excluded from latest is passed over, and the image string of the chosen one is one that Azure takes."""
    workshop.generalized()
    workshop.done("PUT", GALLERY, {"location": "westeurope", "properties": {"sharingProfile": profile}})
    workshop.done("PUT", DEFINITION, definition_body(DEFINITION))
    for number, excluded in (("1.0.9", False), ("1.0.10", False), ("1.1.0", True)):
        workshop.done("PUT", f"{DEFINITION}/versions/{number}", version(VM, excludeFromLatest=excluded))
    workshop.done("POST", f"{GALLERY}/share", share)
    gallery = workshop.arm.read(GALLERY)["properties"]
    name = (
        gallery["sharingProfile"]["communityGalleryInfo"]["publicNames"][0] if kind == "Community" else gallery["identifier"]["uniqueName"]
    )
    image = f"/{kind}Galleries/{name}/Images/web"

    assert taken(arm, image) == ("1.0.10", [Version("1.1.0", "is excluded from latest")])
    assert taken(arm, image, constraint="1.0.9") == ("1.0.9", [])
    parsed = parse(parse(image).at("1.0.10"))
    trusted = {"securityType": "TrustedLaunch", "uefiSettings": {"secureBootEnabled": True, "vTpmEnabled": True}}
    assert workshop.outcome(workshop.put_set(parsed.reference, securityProfile=trusted)) is None
