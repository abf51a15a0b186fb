"""The protocol of ARM: what is the same for every type."""

from typing import Any

import pytest

from offline.arm import operations
from offline.arm.registry import OPERATION, TYPES, Context, ResourceType
from offline.arm.store import Store
from tests.unit.offline.arm import GROUP, PUBLIC_IP, SUBSCRIPTION, Arm, virtual_network

NET = "Microsoft.Network/virtualNetworks/net"
ADDRESS = "Microsoft.Network/publicIPAddresses/ip"
OTHER = "/subscriptions/00000000-0000-0000-0000-000000000002"


def test_put_is_201_then_200(arm: Arm) -> None:
    """The first PUT of an id creates, the second updates."""
    assert [arm.call("PUT", ADDRESS, PUBLIC_IP).status for _ in range(2)] == [201, 200]


def test_answer_has_id_name_and_type(arm: Arm) -> None:
    """The body comes back with what ARM adds."""
    body = arm.made(ADDRESS, PUBLIC_IP)
    assert {key: body[key] for key in ("id", "name", "type", "location")} == {
        "id": f"{GROUP}/providers/{ADDRESS}",
        "name": "ip",
        "type": "Microsoft.Network/publicIPAddresses",
        "location": "westeurope",
    }


def test_ids_are_compared_without_case_and_keep_theirs(arm: Arm) -> None:
    """A PUT in another case updates the same resource, whose id and whose children's ids stay as they were."""
    made = arm.made(NET, virtual_network(("one", "10.0.0.0/24")))
    again = arm.made(
        f"{GROUP}/providers/microsoft.network/VIRTUALNETWORKS/NET".replace("group", "GROUP"), virtual_network(("one", "10.0.0.0/24"))
    )
    assert (again["id"], again["properties"]["subnets"][0]["id"]) == (made["id"], made["properties"]["subnets"][0]["id"])


@pytest.mark.parametrize(
    ("method", "path", "body", "expected"),
    [
        ("GET", "Microsoft.Network/virtualNetworks/none", None, (404, "ResourceNotFound", None)),
        ("PUT", f"{SUBSCRIPTION}/resourceGroups/none/providers/{NET}", {"location": "westeurope"}, (404, "ResourceGroupNotFound", None)),
        (
            "GET",
            f"{SUBSCRIPTION}/resourceGroups/none/providers/Microsoft.Network/virtualNetworks",
            None,
            (404, "ResourceGroupNotFound", None),
        ),
        ("DELETE", f"{SUBSCRIPTION}/resourceGroups/none", None, (404, "ResourceGroupNotFound", None)),
        ("GET", "/subscriptions/00000000-0000-0000-0000-00000000000a/resourceGroups", None, (404, "SubscriptionNotFound", None)),
        ("PUT", f"{NET}/subnets/one", {"properties": {"addressPrefix": "10.0.0.0/24"}}, (404, "ParentResourceNotFound", None)),
        ("PUT", NET, {"properties": {"addressSpace": {"addressPrefixes": ["10.0.0.0/16"]}}}, (400, "LocationRequired", "location")),
        ("PUT", NET, {"location": "atlantis"}, (400, "LocationNotAvailableForResourceType", "location")),
        ("PUT", NET, {"location": "westeurope", "properties": {"subnet": []}}, (400, "InvalidRequestContent", "properties.subnet")),
        ("GET", "Microsoft.Compute/dedicatedHostGroups/group", None, (501, "NotImplemented", None)),
        ("POST", f"{SUBSCRIPTION}/resourceGroups/group/moveResources", {}, (501, "NotImplemented", None)),
    ],
)
def test_refusal(arm: Arm, method: str, path: str, body: Any, expected: tuple[int, str, str | None]) -> None:
    """Each call that Azure refuses is refused with Azure's status and code."""
    assert arm.refused(method, path, body) == expected


@pytest.mark.parametrize(("query", "code"), [("", "MissingApiVersionParameter"), ("api-version=latest", "InvalidApiVersionParameter")])
def test_api_version_is_required(arm: Arm, query: str, code: str) -> None:
    """A call names the version of the API it speaks."""
    answer = arm.call("GET", "", query=query)
    assert (answer.status, (answer.body or {})["error"]["code"]) == (400, code)


def test_location_can_be_written_as_it_is_shown_and_not_changed(arm: Arm) -> None:
    """`West Europe` is `westeurope`; another location on an existing resource is a conflict."""
    arm.made(ADDRESS, {**PUBLIC_IP, "location": "West Europe"})
    assert arm.read(ADDRESS)["location"] == "westeurope"
    assert arm.refused("PUT", ADDRESS, {**PUBLIC_IP, "location": "northeurope"}) == (409, "InvalidResourceLocation", "location")


def test_read_only_properties_are_ignored(arm: Arm) -> None:
    """A client may send back what it read, or something else there: Azure takes its own."""
    made = arm.made(ADDRESS, PUBLIC_IP)
    again = arm.made(ADDRESS, {**made, "properties": {**made["properties"], "resourceGuid": "mine", "provisioningState": "Failed"}})
    assert again["properties"] == made["properties"]


def test_patch_merges_and_null_removes(arm: Arm) -> None:
    """PATCH changes what it names and leaves the rest."""
    arm.call("PATCH", "", {"tags": {"one": "1", "two": "2"}})
    answer = arm.call("PATCH", "", {"tags": {"one": None, "three": "3"}})
    assert (answer.status, (answer.body or {})["tags"], (answer.body or {})["location"]) == (200, {"two": "2", "three": "3"}, "westeurope")


def test_patch_of_a_network_resource_takes_tags_only(arm: Arm) -> None:
    """The network service's PATCH has tags and nothing else."""
    arm.made(ADDRESS, PUBLIC_IP)
    assert arm.refused("PATCH", ADDRESS, {"properties": {"idleTimeoutInMinutes": 10}}) == (400, "InvalidRequestContent", "properties")


def test_delete_is_200_then_204(arm: Arm) -> None:
    """What is gone can be deleted again."""
    arm.made(ADDRESS, PUBLIC_IP)
    assert [arm.call("DELETE", ADDRESS).status for _ in range(2)] == [200, 204]


def test_head_tells_existence(arm: Arm) -> None:
    """HEAD of a resource group is 204 or 404."""
    assert [arm.call("HEAD", path).status for path in ("", f"{SUBSCRIPTION}/resourceGroups/none")] == [204, 404]


def test_collections(arm: Arm) -> None:
    """A type is listed by resource group, by subscription and below its parent; the other subscription has its own."""
    net = arm.made(NET, virtual_network(("one", "10.0.0.0/24"), ("two", "10.0.1.0/24")))["id"]
    paths = [
        "Microsoft.Network/virtualNetworks",
        f"{SUBSCRIPTION}/providers/Microsoft.Network/virtualNetworks",
        f"{OTHER}/providers/Microsoft.Network/virtualNetworks",
        f"{net}/subnets",
        f"{GROUP}/resources",
    ]
    assert [[each["name"] for each in arm.read(path)["value"]] for path in paths] == [["net"], ["net"], [], ["one", "two"], ["net"]]


def test_child_written_by_its_own_id_is_in_its_parent(arm: Arm) -> None:
    """A subnet is part of the body of its virtual network, whichever way it is written and deleted."""
    arm.made(NET, virtual_network(("one", "10.0.0.0/24")))
    created = arm.call("PUT", f"{NET}/subnets/two", {"properties": {"addressPrefix": "10.0.1.0/24"}}).status
    both = [each["name"] for each in arm.read(NET)["properties"]["subnets"]]
    arm.call("DELETE", f"{NET}/subnets/one")
    left = [each["name"] for each in arm.read(NET)["properties"]["subnets"]]
    assert (created, both, left) == (201, ["one", "two"], ["two"])


def test_put_of_a_parent_without_a_child_removes_it(arm: Arm) -> None:
    """In ARM a PUT replaces."""
    arm.made(NET, virtual_network(("one", "10.0.0.0/24")))
    arm.made(NET, virtual_network())
    assert arm.refused("GET", f"{NET}/subnets/one") == (404, "ResourceNotFound", None)


def test_reference_to_nothing_is_refused_with_its_path(arm: Arm) -> None:
    """A subnet that names a NAT gateway which does not exist."""
    body = virtual_network(("one", "10.0.0.0/24"))
    body["properties"]["subnets"][0]["properties"]["natGateway"] = {"id": f"{GROUP}/providers/Microsoft.Network/natGateways/none"}
    path = "properties.subnets[0].properties.natGateway.id"
    assert arm.refused("PUT", NET, body) == (400, "InvalidResourceReference", path)


def test_reference_that_is_no_id_is_refused(arm: Arm) -> None:
    """A name where an id belongs."""
    body = virtual_network(("one", "10.0.0.0/24"))
    body["properties"]["subnets"][0]["properties"]["natGateway"] = {"id": "gateway"}
    assert arm.refused("PUT", NET, body)[1] == "LinkedInvalidPropertyId"


@pytest.mark.parametrize(
    ("subscription", "location", "code"),
    [(OTHER, "westeurope", "SubscriptionNotRegisteredForFeature"), (SUBSCRIPTION, "northeurope", "InvalidResourceReference")],
)
def test_network_resource_elsewhere_is_refused(arm: Arm, subscription: str, location: str, code: str) -> None:
    """Networks are used from their own subscription and region."""
    elsewhere = f"{subscription}/resourceGroups/elsewhere"
    arm.made(elsewhere, {"location": location})
    address = arm.made(f"{elsewhere}/providers/{ADDRESS}", {**PUBLIC_IP, "location": location})["id"]
    gateway = {"location": "westeurope", "sku": {"name": "Standard"}, "properties": {"publicIpAddresses": [{"id": address}]}}
    assert arm.refused("PUT", "Microsoft.Network/natGateways/nat", gateway) == (400, code, "properties.publicIpAddresses[0].id")


def test_deleting_a_group_deletes_what_is_in_it(arm: Arm) -> None:
    """What uses goes before what is used."""
    address = arm.made(ADDRESS, PUBLIC_IP)["id"]
    gateway = {"location": "westeurope", "sku": {"name": "Standard"}, "properties": {"publicIpAddresses": [{"id": address}]}}
    nat = arm.made("Microsoft.Network/natGateways/nat", gateway)["id"]
    body = virtual_network(("one", "10.0.0.0/24"))
    body["properties"]["subnets"][0]["properties"]["natGateway"] = {"id": nat}
    arm.made(NET, body)
    assert (arm.call("DELETE", "").status, arm.store.resources()) == (200, [])


def test_group_used_from_outside_stays_whole(arm: Arm) -> None:
    """A deletion that is blocked leaves everything, and names what blocks."""
    address = arm.made(ADDRESS, PUBLIC_IP)["id"]
    outside = f"{SUBSCRIPTION}/resourceGroups/outside"
    arm.made(outside, {"location": "westeurope"})
    gateway = {"location": "westeurope", "sku": {"name": "Standard"}, "properties": {"publicIpAddresses": [{"id": address}]}}
    arm.made(f"{outside}/providers/Microsoft.Network/natGateways/nat", gateway)
    answer = arm.call("DELETE", "")
    error = (answer.body or {})["error"]
    assert (answer.status, error["code"], error["details"][0]["code"]) == (
        409,
        "ResourceGroupDeletionBlocked",
        "PublicIPAddressCannotBeDeleted",
    )
    assert arm.read(ADDRESS)["id"] == address


def test_refusal_leaves_the_state_as_it_was(arm: Arm) -> None:
    """A call is a transaction: resources and the event log are as they were. Only time has gone by, so that trying again comes to an end."""
    before, time = (arm.store.events(), arm.store.resources()), arm.store.seconds
    arm.refused("PUT", ADDRESS, {**PUBLIC_IP, "sku": {"name": "Basic"}})
    assert ((arm.store.events(), arm.store.resources()), arm.store.seconds) == (before, time + 1)


def test_write_that_fails_after_it_was_accepted(arm: Arm, monkeypatch: pytest.MonkeyPatch) -> None:
    """The resource is stored, and the operation named in the header says that it failed."""

    def fails(context: Context, new: Any, old: Any) -> Any:
        operation = operations.begin(context.store)
        operations.wait_for_one_more(context.store, operation)
        operations.part_done(context.store, operation, [{"code": "Broken", "message": "It broke.", "target": "0"}])
        return {**new, "properties": {"provisioningState": "Failed"}, OPERATION: operation}

    known = TYPES["microsoft.network/publicipaddresses"]
    monkeypatch.setitem(TYPES, known.name.lower(), ResourceType(known.name, known.model, on_put=fails))
    answer = arm.call("PUT", ADDRESS, PUBLIC_IP)
    url = answer.headers["Azure-AsyncOperation"]
    operation = arm.read(url.removeprefix("https://management.azure.com").partition("?")[0])
    error = {"code": "Broken", "message": "It broke.", "details": [{"code": "Broken", "message": "It broke.", "target": "0"}]}
    assert (answer.status, operation["status"], operation["error"]) == (201, "Failed", error)
    assert arm.read(ADDRESS)["properties"] == {"provisioningState": "Failed"}


def test_two_processes_share_a_state(arm: Arm) -> None:
    """A second store on the same file sees what the first wrote."""
    arm.made(ADDRESS, PUBLIC_IP)
    other = Store(arm.store.path)
    assert Arm(other).read(ADDRESS)["name"] == "ip"
    other.close()


def test_clients_find_subscriptions_and_endpoints(arm: Arm) -> None:
    """What the command line asks before it lists resources."""
    ids = [each["subscriptionId"] for each in arm.read("/subscriptions")["value"]]
    tenants = {each["tenantId"] for path in ("/subscriptions", "/tenants") for each in arm.read(path)["value"]}
    assert (ids, len(tenants)) == ([SUBSCRIPTION.rsplit("/", 1)[-1], OTHER.rsplit("/", 1)[-1]], 1)
    assert arm.call("GET", "/metadata/endpoints", query="").status == 200


def test_filter_that_is_not_known_is_refused(arm: Arm) -> None:
    """A filter is applied or refused, never ignored."""
    statuses = [
        arm.call("GET", path, query="api-version=2024-05-01&$filter=x").status
        for path in (f"{GROUP}/resources", f"{GROUP}/providers/{NET}"[:-4])
    ]
    assert statuses == [501, 501]


def test_ids_in_tags_are_free_text(arm: Arm) -> None:
    """What looks like a reference below `tags` is the user's own."""
    answer = arm.call("PUT", "", {"location": "westeurope", "tags": {"targetId": f"{GROUP}/providers/{NET}"}})
    assert answer.status == 200
