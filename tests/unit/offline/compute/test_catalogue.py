"""The catalogue of platform images."""

import pytest

from offline.arm.compute import publishing
from offline.arm.http import Json, Request, Response
from tests.unit.offline.compute.world import World

_PUBLISHERS = "/subscriptions/00000000-0000-0000-0000-000000000001/providers/Microsoft.Compute/locations/westeurope/publishers"
_UBUNTU = "/Canonical/artifacttypes/vmimage/offers/UbuntuServer/skus/14.04.4-LTS/versions"


def ask(world: World, path: str) -> Response:
    """GET below the publishers."""
    return world.azure.handle(Request.to("GET", f"{_PUBLISHERS}{path}{'&' if '?' in path else '?'}api-version=2024-11-01"))


def names(answer: Response) -> list[str]:
    """Names of the items of a list."""
    assert answer.items is not None, answer.body
    return [each["name"] for each in answer.items]


@pytest.mark.parametrize(
    ("path", "listed"),
    [
        ("", ["Canonical", "kinvolk", "Debian", "MicrosoftWindowsServer"]),
        ("/debian/artifacttypes/vmimage/offers", ["debian-11", "debian-12"]),
        ("/Canonical/artifacttypes/vmimage/offers/UbuntuServer/skus", ["14.04.4-LTS", "16.04-LTS", "18.04-LTS"]),
        (_UBUNTU, ["14.04.201604060", "14.04.201605091"]),
        (f"{_UBUNTU}?$top=1&$orderby=name desc", ["14.04.201605091"]),
    ],
)
def test_what_there_is_is_listed(world: World, path: str, listed: list[str]) -> None:
    """Bare arrays, in Azure's spelling; the newest version first when asked so."""
    assert names(ask(world, path)) == listed


def test_a_published_version_is_in_the_list(world: World) -> None:
    """As the newest."""
    publishing.publish(world.store, "Canonical:UbuntuServer:14.04.4-LTS:14.04.201606010")
    assert names(ask(world, _UBUNTU))[-1] == "14.04.201606010"


def test_a_version_is_described(world: World) -> None:
    """System and generation; `latest` is a version here, too."""
    body: Json = ask(world, f"{_UBUNTU}/latest").body or {}
    properties = body["properties"]
    assert (body["name"], properties["osDiskImage"], properties["hyperVGeneration"]) == (
        "14.04.201605091",
        {"operatingSystem": "Linux"},
        "V1",
    )


def test_a_version_says_what_machines_it_makes(world: World) -> None:
    """Architecture, security type and plan, where it has them."""
    paths = (
        "/canonical/artifacttypes/vmimage/offers/ubuntu-24_04-lts/skus/server/versions/latest",
        "/canonical/artifacttypes/vmimage/offers/ubuntu-24_04-lts/skus/server-arm64/versions/latest",
        "/kinvolk/artifacttypes/vmimage/offers/flatcar-container-linux-free/skus/stable-gen2/versions/latest",
    )
    told = [(ask(world, path).body or {})["properties"] for path in paths]
    security = [{each["name"]: each["value"] for each in properties["features"]}.get("SecurityType") for properties in told]
    assert (security, [each["architecture"] for each in told], [each.get("plan", {}).get("publisher") for each in told]) == (
        ["TrustedLaunchSupported", None, "TrustedLaunchSupported"],
        ["x64", "Arm64", "x64"],
        [None, None, "kinvolk"],
    )


def test_short_names_are_in_a_document(world: World) -> None:
    """The one whose address the cloud's endpoints tell."""
    document: Json = world.azure.handle(Request.to("GET", "/aliases.json")).body or {}
    assert document["outputs"]["aliases"]["value"]["Linux"]["Ubuntu2404"] == {
        "publisher": "Canonical",
        "offer": "ubuntu-24_04-lts",
        "sku": "server",
        "version": "latest",
        "architecture": "x64",
    }


@pytest.mark.parametrize("path", ["/Nobody/artifacttypes/vmimage/offers", f"{_UBUNTU}/1.0.0"])
def test_what_there_is_not_is_not_found(world: World, path: str) -> None:
    """404."""
    assert ask(world, path).status == 404
