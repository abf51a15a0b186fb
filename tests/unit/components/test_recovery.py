"""What was begun when a run was killed."""

from pathlib import Path
from typing import Any

from azure_scaleset.recovery import Pending, adopt, broken_metadata, pending, with_noted_inputs

GROUP = "/subscriptions/other/resourceGroups/g"
PROVIDER = {"urn": "urn:provider", "id": "1", "type": "pulumi:providers:azure-native", "inputs": {"subscriptionId": "other"}}
SET: dict[str, Any] = {
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


def test_what_was_begun_keeps_the_inputs_it_was_begun_with() -> None:
    """A refresh adds Azure's defaults to the inputs of what was begun: they go; the inputs of other resources stay as refreshed."""
    refreshed = {
        "version": 3,
        "deployment": {"resources": [PROVIDER, {**SET, "id": "/web-1", "inputs": {**SET["inputs"], "singlePlacementGroup": True}}]},
    }

    assert with_noted_inputs(refreshed, STATE) == {"version": 3, "deployment": {"resources": [PROVIDER, {**SET, "id": "/web-1"}]}}


def test_a_replacement_is_not_taken_in_beside_what_it_replaces() -> None:
    """What was begun under the URN of a resource of the state is told as a replacement; state and note stay as they are."""
    old = {**SET, "id": f"{GROUP}/providers/Microsoft.Compute/virtualMachineScaleSets/web-0"}
    state = {"version": 3, "deployment": {"resources": [PROVIDER, old], "pending_operations": [{"type": "creating", "resource": SET}]}}

    begun = pending(state, "default")

    assert begun == [Pending("urn:set", f"{GROUP}/providers/Microsoft.Compute/virtualMachineScaleSets/web-1", is_replacement=True)]
    assert adopt(state, begun) == state
    assert with_noted_inputs(state, state) == state


def test_half_written_metadata_of_a_file_backend_is_found(tmp_path: Path) -> None:
    """Of the metadata beside the state files only what is no JSON is named; a backend that is no folder has none."""
    stacks = tmp_path / ".pulumi" / "stacks" / "project"
    stacks.mkdir(parents=True)
    (stacks / "dev.json").write_text("")
    (stacks / "dev.json.attrs").write_text("")
    (stacks / "prod.json.attrs").write_text('{"md5": "x"}')

    assert broken_metadata(f"file://{tmp_path}?metadata=skip") == [stacks / "dev.json.attrs"]
    assert broken_metadata("https://api.pulumi.com") == []
