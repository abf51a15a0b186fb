"""What `scaleset prune` finds in Azure."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, cast

import pytest

from azure_scaleset.commands.failure import CommandError
from azure_scaleset.commands.prune import _remove
from azure_scaleset.commands.prune_find import Stacks, find
from azure_scaleset.commands.prune_plan import Item, Kind
from azure_scaleset.images.blobs import Container
from azure_scaleset.images.chosen import CONTENT_TAG, MADE_TAG
from azure_scaleset.rollout.arm import Arm, ArmError

NOW = datetime(2026, 6, 1, tzinfo=UTC)
COMPUTE = "providers/Microsoft.Compute"
DEFINITION = f"/subscriptions/s/resourceGroups/g/{COMPUTE}/galleries/g/images/d"


class Azure:
    """Lists by their paths; what isn't there is answered as Azure does."""

    now = NOW

    def __init__(self, lists: dict[str, list[dict[str, Any]]]) -> None:
        self._lists = lists

    def values(self, path: str, _api_version: str = "") -> Iterator[dict[str, Any]]:
        """A list."""
        if path not in self._lists:
            raise ArmError(404, "SubscriptionNotFound", path)
        yield from self._lists[path]

    def get(self, _path: str, _api_version: str) -> dict[str, Any]:
        """The storage account, of another cloud."""
        return {"properties": {"primaryEndpoints": {"blob": "https://a.blob.core.chinacloudapi.cn/"}}}

    def ask(self, _path: str, _body: dict[str, Any], _api_version: str) -> dict[str, Any]:
        """A signature."""
        return {"serviceSasToken": "sig=x"}


def version(name: str, tags: dict[str, str] | None = None) -> dict[str, Any]:
    """A version as Azure lists it."""
    profile = {"publishedDate": "2026-01-01T00:00:00+00:00", "targetRegions": [{"name": "West Europe"}]}
    return {"name": name, "location": "westeurope", "tags": tags, "properties": {"publishingProfile": profile}}


def ours(name: str) -> dict[str, Any]:
    """One that was published with the library."""
    return version(name, {CONTENT_TAG: "a"})


def stacks(*resources: dict[str, Any]) -> Stacks:
    """One stack with a version in the definition, and other resources."""
    image = {"type": "azure-scaleset:index:BuiltImage", "outputs": {"imageId": f"{DEFINITION}/versions/1.0.9"}}
    return Stacks("web", {"web": {"deployment": {"resources": [image, *resources]}}})


def lists(
    *versions: dict[str, Any], sets: list[dict[str, Any]] | None = None, machines: list[dict[str, Any]] | None = None
) -> dict[str, Any]:
    """The versions, and what is in the gallery's subscription."""
    return {
        f"{DEFINITION}/versions": list(versions),
        f"/subscriptions/s/{COMPUTE}/virtualMachineScaleSets": sets or [],
        f"/subscriptions/s/{COMPUTE}/virtualMachines": machines or [],
    }


def found(azure: Azure, known: Stacks) -> tuple[list[str], dict[str, str]]:
    """Names of what there is, and name -> why it stays."""
    items, used = find(cast(Arm, azure), known)
    return [each.id.rpartition("/")[2] for each in items], {key.rpartition("/")[2]: why for key, why in used.items()}


def test_only_what_was_published_with_the_library_is_looked_at() -> None:
    """Packer's and Terraform's versions in a definition that was brought are no candidates."""
    azure = Azure(lists(ours("1.0.0"), version("1.0.1"), version("1.0.2", {"made-by": "packer"})))

    assert found(azure, stacks()) == (["1.0.0"], {})


def managed(name: str, content: str = "a", made: str = "20260101T000000Z") -> dict[str, Any]:
    """A managed image as Azure lists it."""
    return {"name": name, "tags": {key: value for key, value in ((CONTENT_TAG, content), (MADE_TAG, made)) if value}}


def test_managed_images_of_a_component_are_known_by_name_tag_and_date() -> None:
    """Not those of another component, or of nobody's; one without a date stays for new. One that an instance runs is used."""
    folder = f"/subscriptions/s/resourceGroups/g/{COMPUTE}/images"
    image = {"type": "azure-scaleset:index:CapturedImage", "outputs": {"imageId": f"{folder}/web-00000009"}}
    known = Stacks("web", {"web": {"deployment": {"resources": [image]}}})
    there = [managed("web-0000000a"), managed("web-0000000b", made=""), managed("web-0000000c", content=""), managed("web-api-0000000a")]
    there += [managed("web-0000000d"), managed("web-00000009")]
    profile = {"storageProfile": {"imageReference": {"id": f"{folder}/web-0000000D"}}}
    azure: Any = Azure({folder: there, **lists(machines=[{"name": "vm", "properties": profile}])})

    items, used = find(azure, known)
    assert [(each.name, each.of, each.made) for each in items] == [
        ("web-0000000a", f"{folder}/web", datetime(2026, 1, 1, tzinfo=UTC)),
        ("web-0000000b", f"{folder}/web", NOW),
        ("web-0000000d", f"{folder}/web", datetime(2026, 1, 1, tzinfo=UTC)),
        ("web-00000009", f"{folder}/web", datetime(2026, 1, 1, tzinfo=UTC)),
    ]
    assert {key.rpartition("/")[2]: why for key, why in used.items()} == {
        "web-0000000d": "used by virtual machine vm",
        "web-00000009": "used by the state of stack web",
    }


def model(image: str) -> dict[str, Any]:
    """A Flexible scale set of an image."""
    profile = {"storageProfile": {"imageReference": {"id": image}}}
    return {"name": "far", "id": "/far", "properties": {"orchestrationMode": "Flexible", "virtualMachineProfile": profile}}


SCALE_SET = "azure-native:compute:VirtualMachineScaleSet"


def test_scale_sets_of_other_subscriptions_are_read() -> None:
    """The gallery is in one subscription, and a stack's scale set in another."""
    far = {
        f"/subscriptions/t/{COMPUTE}/virtualMachineScaleSets": [model(f"{DEFINITION}/versions/1.0.0")],
        f"/subscriptions/t/{COMPUTE}/virtualMachines": [],
    }
    azure = Azure({**lists(ours("1.0.0"), ours("1.0.1")), **far})
    known = stacks({"type": SCALE_SET, "id": f"/subscriptions/t/resourceGroups/g/{COMPUTE}/virtualMachineScaleSets/far"})

    assert found(azure, known) == (["1.0.0", "1.0.1"], {"1.0.0": "used by the model of scale set far"})


def test_nothing_is_removed_while_a_subscription_cannot_be_read() -> None:
    """Azure doesn't tell a subscription that is gone from one that the caller may not see: the error says what to do."""
    known = stacks({"type": SCALE_SET, "id": f"/subscriptions/t/resourceGroups/g/{COMPUTE}/virtualMachineScaleSets/far"})

    with pytest.raises(CommandError, match=r"in the subscription t can't be read: SubscriptionNotFound.*role Reader"):
        found(Azure(lists(ours("1.0.0"))), known)


CONTAINER = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Storage/storageAccounts/a/blobServices/default/containers/payload"
BLOBS = b"<EnumerationResults><Blobs>%s</Blobs></EnumerationResults>" % b"".join(
    b"<Blob><Name>%s</Name><Properties><Last-Modified>Wed, 01 Jan 2020 00:00:00 GMT</Last-Modified></Properties></Blob>" % name
    for name in (b"by-address.tar", b"by-id.tar", b"old.tar")
)


def test_payloads_in_another_cloud_are_known_by_their_own_addresses(monkeypatch: pytest.MonkeyPatch) -> None:
    """A state names a blob at its account's endpoint, whichever that is, or by its resource id."""
    monkeypatch.setattr(Container, "_call", lambda *_: BLOBS)
    made = {"type": "azure-native:storage:BlobContainer", "id": CONTAINER}
    blob = {"type": "azure-native:storage:Blob", "id": f"{CONTAINER}/blobs/by-id.tar"}
    named = {"outputs": {"script": "curl https://a.blob.core.chinacloudapi.cn/payload/by-address.tar?sv=1"}}
    known = Stacks("web", {"web": {"deployment": {"resources": [made, blob, {"type": "other", **named}]}}})

    assert found(Azure({}), known) == (
        ["by-address.tar", "by-id.tar", "old.tar"],
        {"by-address.tar": "used by the state of stack web", "by-id.tar": "used by the state of stack web"},
    )


MIXED = b"<EnumerationResults><Blobs>%s</Blobs></EnumerationResults>" % b"".join(
    b"<Blob><Name>%s</Name><Properties><Last-Modified>Wed, 01 Jan 2020 00:00:00 GMT</Last-Modified></Properties>%s</Blob>" % pair
    for pair in (
        (b"ours.tar", b"<Metadata><azure_scaleset_stack>shop/web</azure_scaleset_stack></Metadata>"),
        (b"of-another-stack.tar", b"<Metadata><azure_scaleset_stack>shop/test</azure_scaleset_stack></Metadata>"),
        (b"of-others.csv", b""),
    )
)


def test_in_a_container_that_was_brought_only_the_stacks_own_payloads_are_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    """Others keep their blobs there, too."""
    monkeypatch.setattr(Container, "_call", lambda *_: MIXED)
    blob = {
        "type": "azure-native:storage:Blob",
        "id": f"{CONTAINER}/blobs/gone.tar",
        "urn": "urn:pulumi:web::shop::azure-native:storage:Blob::a",
    }
    known = Stacks("web", {"web": {"deployment": {"resources": [blob]}}})

    assert found(Azure({}), known) == (["ours.tar"], {})


def test_a_payload_is_removed_by_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    """At the account's own endpoint."""
    asked: list[tuple[str, str]] = []
    monkeypatch.setattr(Container, "_call", lambda _, method, path, __: asked.append((method, path)))
    address = "https://a.blob.core.chinacloudapi.cn/payload/folder/old.tar"
    _remove(cast(Arm, Azure({})), Item(Kind.PAYLOAD, address, CONTAINER, NOW, f"{CONTAINER}/blobs/folder/old.tar"))

    assert asked == [("DELETE", "/folder/old.tar")]
