"""What becomes of inputs before Azure is asked: defaults, checks, differences, previews."""

from typing import Any

from offline.plugin.defaults import Naming, fill_in
from offline.plugin.difference import Change, difference
from offline.plugin.projection import inputs_of, preview, refreshed
from offline.plugin.tokens import TYPES
from offline.plugin.validation import problems
from offline.plugin.values import UNKNOWN, Asset

GROUP = TYPES["azure-native:resources:ResourceGroup"]
NETWORK = TYPES["azure-native:network:VirtualNetwork"]
BALANCER = TYPES["azure-native:network:LoadBalancer"]
SET = TYPES["azure-native:compute:VirtualMachineScaleSet"]
ROLE = TYPES["azure-native:authorization:RoleAssignment"]
BLOB = TYPES["azure-native:storage:Blob"]


def filled(
    of: Any, inputs: dict[str, Any], old: dict[str, Any] | None = None, naming: Naming | None = None, location: str | None = None
) -> Any:
    """Inputs with defaults, in an Azure with one resource group."""
    return fill_in(of, inputs, old or {}, naming or Naming("net", b"seed"), location, {"rg": "westeurope"}.get)


def test_a_name_is_made_and_kept() -> None:
    """Without a name a resource gets the logical name and eight digits, the same for the same seed, and keeps it."""
    made = filled(NETWORK, {"resourceGroupName": "rg"})
    assert made == filled(NETWORK, {"resourceGroupName": "rg"})
    assert made == {
        "resourceGroupName": "rg",
        "virtualNetworkName": "net19b25856",
        "__createBeforeDelete": True,
        "location": "westeurope",
        "azureApiVersion": "2024-05-01",
    }
    assert filled(NETWORK, {"resourceGroupName": "rg"}, made, Naming("net", b"other")) == made


def test_each_kind_of_name() -> None:
    """Role assignments get a UUID, blobs the logical name, which is not random; a given name stays."""
    assert filled(ROLE, {})["roleAssignmentName"] == "19b25856-e1c1-50ca-834c-ffc8b59b23ad"
    assert filled(BLOB, {}) == {"blobName": "net"}
    assert filled(GROUP, {"resourceGroupName": "given"}) == {"resourceGroupName": "given", "azureApiVersion": "2024-03-01"}


def test_the_engine_can_decide_names() -> None:
    """The auto-naming configuration of a project is followed; a UUID stays one unless names are enforced."""
    for mode, name in (("propose", "p"), ("enforce", "p"), ("disable", None)):
        assert filled(GROUP, {}, naming=Naming("net", b"seed", mode, "p")).get("resourceGroupName") == name  # type: ignore[arg-type]
    assert filled(ROLE, {}, naming=Naming("net", b"seed", "propose", "p"))["roleAssignmentName"] == "19b25856-e1c1-50ca-834c-ffc8b59b23ad"


def test_the_location_is_found() -> None:
    """The old location, the provider's, and the resource group's are taken in this order; an unknown group makes it unknown."""
    group = {"resourceGroupName": "rg", "virtualNetworkName": "v"}
    assert filled(NETWORK, group, {"location": "old"}, location="configured")["location"] == "old"
    assert filled(NETWORK, group, location="configured")["location"] == "configured"
    assert filled(NETWORK, group)["location"] == "westeurope"
    assert filled(NETWORK, {**group, "resourceGroupName": UNKNOWN})["location"] is UNKNOWN
    assert "location" not in filled(NETWORK, {**group, "resourceGroupName": "absent"})


def test_problems_of_inputs_have_paths() -> None:
    """Missing and mistyped inputs are all named; unknown values are skipped."""
    inputs = {
        "resourceGroupName": UNKNOWN,
        "loadBalancerName": 3,
        "sku": {"name": UNKNOWN},
        "loadBalancingRules": [{"name": "http", "protocol": "Tcp", "backendPort": "80"}],
        "probes": {"name": "http"},
        "tags": {"a": True},
    }
    assert sorted(problems(BALANCER, inputs)) == [
        "'loadBalancerName' should be of type 'string' but got a number",
        "'loadBalancingRules[0].backendPort' should be of type 'integer' but got a string",
        "'probes' should be of type 'array' but got an object",
        "'tags.a' should be of type 'string' but got a boolean",
        "missing required property 'loadBalancingRules[0].frontendPort'",
    ]
    assert problems(GROUP, {"resourceGroupName": "rg"}) == [
        "missing required property 'location'. Either set it explicitly or configure it with 'pulumi config set azure-native:location <value>'."
    ]


def test_free_form_inputs_are_not_checked() -> None:
    """Settings of an extension, lists of identities and assets are accepted."""
    extension = {"name": "x", "settings": {"a": [1, {"b": True}]}, "protectedSettings": UNKNOWN}
    identity = {"type": "UserAssigned", "userAssignedIdentities": ["/id", UNKNOWN]}
    profile = {"extensionProfile": {"extensions": [extension]}}
    assert (
        problems(
            SET, {"resourceGroupName": "rg", "vmScaleSetName": "s", "location": "x", "identity": identity, "virtualMachineProfile": profile}
        )
        == []
    )
    blob = {"resourceGroupName": "rg", "accountName": "a", "containerName": "c", "blobName": "b", "source": Asset("h", text="t")}
    assert problems(BLOB, blob) == []


def test_differences_have_paths() -> None:
    """Changes are found at every depth; notes of the plugin and the spelling of a location are none."""
    old = {"location": "West Europe", "__createBeforeDelete": True, "tags": {"a": "1", "b": "2"}, "zones": ["1"], "sku": {"capacity": 2}}
    old["virtualMachineProfile"] = {"extensionProfile": {"extensions": [{"name": "x", "settings": {"script": "one"}}]}}
    new = {"location": "westeurope", "tags": {"a": "1", "c": "3"}, "zones": ["1", "2"], "sku": {"capacity": UNKNOWN}}
    new["virtualMachineProfile"] = {"extensionProfile": {"extensions": [{"name": "x", "settings": {"script": "two"}}]}}
    assert difference(SET, old, new, {}) == {
        "tags.b": Change("delete"),
        "tags.c": Change("add"),
        "zones[1]": Change("add"),
        "sku.capacity": Change("update"),
        "virtualMachineProfile.extensionProfile.extensions[0].settings.script": Change("update"),
    }


def test_what_can_not_be_updated_replaces() -> None:
    """Parameters of the id, the location and properties of a create-only object replace; a location that Azure has already does not."""
    assert difference(SET, {"location": "a", "vmScaleSetName": "x"}, {"location": "b", "vmScaleSetName": "y"}, {}) == {
        "location": Change("update", replaces=True),
        "vmScaleSetName": Change("update", replaces=True),
    }
    address = TYPES["azure-native:network:PublicIPAddress"]
    assert difference(address, {"sku": {"name": "Basic"}}, {"sku": {"name": "Standard"}}, {}) == {
        "sku.name": Change("update", replaces=True)
    }
    assert difference(SET, {}, {"location": "b"}, {"location": "b"}) == {"location": Change("add")}
    assert difference(BLOB, {"source": Asset("a")}, {"source": Asset("b")}, {}) == {"source": Change("update", replaces=True)}


def test_a_preview_has_inputs_and_unknowns() -> None:
    """What the inputs say is in the outputs, at every depth; what Azure answers beyond them is unknown."""
    inputs = {"location": "x", "tags": {"a": "b"}, "resourceGroupName": "rg"}
    assert preview(inputs, GROUP.outputs) == {
        "location": "x",
        "managedBy": UNKNOWN,
        "name": UNKNOWN,
        "properties": UNKNOWN,
        "systemData": UNKNOWN,
        "tags": {"a": "b"},
        "type": UNKNOWN,
    }
    pool = preview({"backendAddressPools": [{"name": "p"}]}, BALANCER.outputs)["backendAddressPools"][0]
    assert (pool["name"], pool["id"], pool["loadBalancingRules"]) == ("p", UNKNOWN, UNKNOWN)


def test_outputs_become_inputs() -> None:
    """Read-only outputs are dropped, and maps of which only the keys can be written become lists."""
    outputs = {"name": "s", "location": "x", "provisioningState": "Succeeded", "sku": {"capacity": 2}, "properties": {"a": 1}}
    outputs["identity"] = {"principalId": "p", "type": "UserAssigned", "userAssignedIdentities": {"/b": {"clientId": "c"}, "/a": {}}}
    assert inputs_of(outputs, SET.outputs) == {
        "location": "x",
        "sku": {"capacity": 2},
        "identity": {"type": "UserAssigned", "userAssignedIdentities": ["/a", "/b"]},
    }


def test_a_refresh_takes_what_changed_in_azure() -> None:
    """Only the difference between old and new outputs reaches the inputs; defaults that Azure chose stay out of them."""
    inputs = {"sku": {"capacity": 2}, "tags": {"a": "1"}, "zones": ["1"], "plan": "p", "secret": "kept"}
    old = {"sku": {"capacity": 2, "tier": "Standard"}, "tags": {"a": "1"}, "zones": ["1"], "plan": "p", "mode": "default"}
    new = {"sku": {"capacity": 9, "tier": "Standard"}, "tags": {"a": "1", "b": "2"}, "zones": ["1", "2"], "mode": "default", "added": 1}
    assert refreshed(inputs, old, new) == {
        "sku": {"capacity": 9},
        "tags": {"a": "1", "b": "2"},
        "zones": ["1", "2"],
        "secret": "kept",
        "added": 1,
    }
