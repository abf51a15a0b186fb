"""Shapes of Azure's SDK models, the checks on bodies, and azure-native's flattened form."""

from typing import Any

import pytest
from azure.mgmt.authorization.models import RoleAssignmentCreateParameters
from azure.mgmt.compute.models import Sku, VirtualMachineScaleSet, VirtualMachineScaleSetExtension
from azure.mgmt.monitor.models import AutoscaleSettingResource, ScaleAction
from azure.mgmt.network.models import IpamPoolPrefixAllocation, LoadBalancer
from azure.mgmt.storage.models import StorageAccountCreateParameters

from offline.arm.errors import ArmError
from offline.arm.shapes import Field, Kind, Shape, as_typed, check, flatten, nest, shape

_WHOLE = {
    "location": "westeurope",
    "sku": {"name": "Standard_D2s_v5", "capacity": 2},
    "identity": {"type": "UserAssigned", "userAssignedIdentities": {"/id": {}}},
    "tags": {"properties": "a tag of that name"},
    "properties": {
        "orchestrationMode": "uniform",
        "virtualMachineProfile": {
            "extensionProfile": {
                "extensions": [
                    {"name": "script", "properties": {"type": "CustomScript", "settings": {"properties": {"n": 1.5}, "count": 2}}}
                ]
            }
        },
    },
}
_FLAT = {
    "location": "westeurope",
    "sku": {"name": "Standard_D2s_v5", "capacity": 2},
    "identity": {"type": "UserAssigned", "userAssignedIdentities": {"/id": {}}},
    "tags": {"properties": "a tag of that name"},
    "orchestrationMode": "uniform",
    "virtualMachineProfile": {
        "extensionProfile": {"extensions": [{"name": "script", "type": "CustomScript", "settings": {"properties": {"n": 1.5}, "count": 2}}]}
    },
}


def problems(body: dict[str, Any], model: type) -> list[tuple[str, str]]:
    """Target and message of each problem."""
    with pytest.raises(ArmError) as refused:
        check(body, model)
    assert refused.value.status == 400
    assert (refused.value.target, refused.value.message) == (refused.value.details[0]["target"], refused.value.details[0]["message"])
    return [(problem["target"], f"{problem['code']}: {problem['message']}") for problem in refused.value.details]


def test_a_newer_model_is_described() -> None:
    """A model with rest fields gives its wire names, kinds and what is required."""
    assert shape(Sku) == Shape(
        "Sku",
        {
            "name": Field("name", "name", Kind("string")),
            "tier": Field("tier", "tier", Kind("string")),
            "capacity": Field("capacity", "capacity", Kind("integer")),
        },
    )


def test_an_older_model_is_described() -> None:
    """A model with an attribute map gives its wire names, enums and what is required."""
    direction = Kind("string", ("None", "Increase", "Decrease"), type_name="ScaleDirection")
    kind = Kind("string", ("ChangeCount", "PercentChangeCount", "ExactCount", "ServiceAllowedNextValue"), type_name="ScaleType")
    assert shape(ScaleAction) == Shape(
        "ScaleAction",
        {
            "direction": Field("direction", "direction", direction, required=True),
            "type": Field("type", "type", kind, required=True),
            "value": Field("value", "value", Kind("string")),
            "cooldown": Field("cooldown", "cooldown", Kind("string"), required=True),
        },
    )


def test_what_is_no_model_has_no_shape() -> None:
    """A class that is no model of the SDK is refused by name."""
    with pytest.raises(TypeError, match=r"^builtins\.dict is no model of Azure's Python SDK$"):
        shape(dict)


def test_nesting_and_flattening_are_inverse() -> None:
    """Flattened inputs become Azure's body at every depth, free-form settings and tags untouched, and the body becomes the inputs again."""
    assert nest(_FLAT, VirtualMachineScaleSet) == _WHOLE
    assert flatten(_WHOLE, VirtualMachineScaleSet) == _FLAT


def test_a_writable_property_wins_over_a_read_only_one_of_the_same_name() -> None:
    """`name` of an autoscale setting and `type` of an extension are those in `properties`."""
    assert nest({"name": "n", "profiles": []}, AutoscaleSettingResource) == {"properties": {"name": "n", "profiles": []}}
    body = {"type": "Microsoft.Compute/virtualMachineScaleSets/extensions", "properties": {"type": "CustomScript"}}
    assert flatten(body, VirtualMachineScaleSetExtension) == {"type": "CustomScript"}


def test_names_given_to_clients_are_used() -> None:
    """Where the specification gives clients another name, the flattened form has it, in containers of other names than `properties` too."""
    flat = {"networkRuleSet": {"defaultAction": "Deny", "ipRules": [{"iPAddressOrRange": "1.2.3.4"}]}, "enableHttpsTrafficOnly": True}
    body = {"networkAcls": {"defaultAction": "Deny", "ipRules": [{"value": "1.2.3.4"}]}, "supportsHttpsTrafficOnly": True}
    assert nest(flat, StorageAccountCreateParameters) == {"properties": body}
    assert nest({"id": "/pool", "numberOfIpAddresses": "8"}, IpamPoolPrefixAllocation) == {
        "pool": {"id": "/pool"},
        "numberOfIpAddresses": "8",
    }


def test_a_list_of_keys_becomes_a_map() -> None:
    """A map of which clients can write the keys only takes a list of them."""
    nested = nest({"identity": {"type": "UserAssigned", "userAssignedIdentities": ["/a", "/b"]}}, VirtualMachineScaleSet)
    assert nested == {"identity": {"type": "UserAssigned", "userAssignedIdentities": {"/a": {}, "/b": {}}}}


def test_whole_floats_become_integers() -> None:
    """Numbers from protocols with one kind of number are integers where they are whole, in free-form settings too."""
    nested = nest({"sku": {"capacity": 3.0}, "tags": {"a": "3.0"}}, VirtualMachineScaleSet)
    settings = nest({"settings": {"a": [1.0, {"b": 2.5}]}}, VirtualMachineScaleSetExtension)["properties"]["settings"]
    assert (repr(nested["sku"]["capacity"]), repr(settings)) == ("3", "{'a': [1, {'b': 2.5}]}")


def test_a_right_body_is_accepted() -> None:
    """Enums in any case, names in any case, read-only properties and nulls are accepted, as ARM does."""
    check(_WHOLE, VirtualMachineScaleSet)
    check({"LOCATION": "westeurope", "id": "/x", "properties": {"provisioningState": 1, "overprovision": None}}, VirtualMachineScaleSet)


def test_every_problem_of_a_body_is_named() -> None:
    """Unknown members, wrong types, bad enum values and missing properties are refused together, each with its path."""
    body = {
        "sku": {"capacity": "two", "size": 1},
        "zones": ["1", 2],
        "properties": {
            "orchestrationMode": "Strict",
            "overprovision": "yes",
            "virtualMachineProfile": {"networkProfile": {"networkInterfaceConfigurations": [{"properties": []}]}},
        },
    }
    nic = "properties.virtualMachineProfile.networkProfile.networkInterfaceConfigurations[0]"
    assert problems(body, VirtualMachineScaleSet) == [
        ("sku.capacity", "InvalidParameter: The value of parameter sku.capacity is invalid: expected an integer, got 'two'."),
        (
            "sku.size",
            "InvalidRequestContent: The request content was invalid and could not be deserialized: "
            "'Could not find member 'size' on object of type 'Sku'. Path 'sku.size', line 1, position 1.'.",
        ),
        ("zones[1]", "InvalidParameter: The value of parameter zones[1] is invalid: expected a string, got 2."),
        (
            "properties.orchestrationMode",
            "InvalidParameter: The value 'Strict' of parameter properties.orchestrationMode is not one of the allowed values: Uniform, Flexible.",
        ),
        (
            "properties.overprovision",
            "InvalidParameter: The value of parameter properties.overprovision is invalid: expected a boolean, got 'yes'.",
        ),
        (
            f"{nic}.properties",
            f"InvalidParameter: The value of parameter {nic}.properties is invalid: "
            "expected an object (VirtualMachineScaleSetNetworkConfigurationProperties), got an array.",
        ),
        (f"{nic}.name", f"InvalidParameter: Required parameter '{nic}.name' is missing (null)."),
        ("location", "InvalidParameter: Required parameter 'location' is missing (null)."),
    ]


def test_what_an_older_model_requires_is_required() -> None:
    """A required property in a flattened container makes the container required."""
    assert problems({}, RoleAssignmentCreateParameters) == [
        ("properties", "InvalidParameter: Required parameter 'properties' is missing (null).")
    ]
    assert problems({"properties": {"principalId": "p"}}, RoleAssignmentCreateParameters) == [
        ("properties.roleDefinitionId", "InvalidParameter: Required parameter 'properties.roleDefinitionId' is missing (null).")
    ]


def test_values_of_enums_may_be_written_in_any_case() -> None:
    """Azure shows them as it spells them itself; what is no value of the enum stays for the check to refuse."""
    disk = {"createOption": "fromImage", "managedDisk": {"storageAccountType": "premium_lrs"}, "caching": "sometimes"}
    typed = as_typed({"properties": {"virtualMachineProfile": {"storageProfile": {"osDisk": disk}}}}, VirtualMachineScaleSet)

    assert typed["properties"]["virtualMachineProfile"]["storageProfile"]["osDisk"] == {
        "createOption": "FromImage",
        "managedDisk": {"storageAccountType": "Premium_LRS"},
        "caching": "sometimes",
    }


def test_numbers_and_booleans_may_be_written_as_text() -> None:
    """At any depth; other texts stay for the check to refuse."""
    written = {"properties": {"probes": [{"properties": {"port": "80", "intervalInSeconds": "five"}}]}}
    assert as_typed(written, LoadBalancer) == {"properties": {"probes": [{"properties": {"port": 80, "intervalInSeconds": "five"}}]}}
    policy = {"properties": {"automaticRepairsPolicy": {"enabled": "true"}}}
    assert as_typed(policy, VirtualMachineScaleSet) == {"properties": {"automaticRepairsPolicy": {"enabled": True}}}
