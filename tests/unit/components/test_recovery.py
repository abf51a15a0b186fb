"""What was begun when a run was killed."""

from azure_scaleset.recovery import Pending, adopt, pending

GROUP = "/subscriptions/other/resourceGroups/g"
PROVIDER = {"urn": "urn:provider", "id": "1", "type": "pulumi:providers:azure-native", "inputs": {"subscriptionId": "other"}}
SET = {
    "urn": "urn:set",
    "type": "azure-native:compute:VirtualMachineScaleSet",
    "provider": "urn:provider::1",
    "inputs": {"resourceGroupName": "g", "vmScaleSetName": "web-1"},
}
STASH = {"urn": "urn:stash", "type": "pulumi:index:Stash", "inputs": {"input": "x"}}
UPDATE = {"type": "updating", "resource": {"urn": "urn:other", "type": "azure-native:network:NatGateway"}}
STATE = {
    "version": 3,
    "deployment": {
        "resources": [PROVIDER],
        "pending_operations": [{"type": "creating", "resource": SET}, {"type": "creating", "resource": STASH}, UPDATE],
    },
}


def test_ids_come_from_the_inputs_and_the_provider() -> None:
    """The id of what was begun is in the subscription of its own provider; what is no Azure resource has none."""
    assert pending(STATE, "default") == [
        Pending("urn:set", f"{GROUP}/providers/Microsoft.Compute/virtualMachineScaleSets/web-1"),
        Pending("urn:stash", None),
    ]


def test_what_was_begun_becomes_a_resource_and_other_notes_stay() -> None:
    """The state holds what was begun with its id, for a refresh to read; a note of an update is kept."""
    state = adopt(STATE, pending(STATE, "default"))

    assert state == {
        "version": 3,
        "deployment": {
            "resources": [
                PROVIDER,
                {**SET, "id": f"{GROUP}/providers/Microsoft.Compute/virtualMachineScaleSets/web-1", "outputs": SET["inputs"]},
            ],
            "pending_operations": [UPDATE],
        },
    }
