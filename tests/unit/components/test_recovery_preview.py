"""What a failed update may have made without a note."""

from typing import Any

import pytest

from azure_scaleset.recovery_preview import as_in_azure, may_have_failed, with_previewed

UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
SET = "azure-native:compute:VirtualMachineScaleSet"
TYPES = {SET: "/…"}
STATE = {
    "version": 3,
    "deployment": {"resources": [{"urn": "urn:group"}, {"urn": "urn:provider"}, {"urn": "urn:component"}, {"urn": "urn:old"}]},
}
BEGUN = {
    "urn": "urn:set",
    "type": SET,
    "parent": "urn:component",
    "provider": "urn:provider::1",
    "dependencies": ["urn:group"],
    "inputs": {"vmScaleSetName": "web-1"},
}


def _preview(op: str = "create", **changes: Any) -> dict[str, Any]:
    return {"steps": [{"op": "same"}, {"op": op, "newState": {**BEGUN, **changes}}]}


def test_what_an_update_would_create_is_noted_as_begun() -> None:
    """A creation whose parent, provider and dependencies are in the state gets the note that the engine dropped."""
    assert with_previewed(STATE, _preview(), TYPES) == {
        "version": 3,
        "deployment": {**STATE["deployment"], "pending_operations": [{"type": "creating", "resource": BEGUN}]},  # type: ignore[dict-item]
    }


@pytest.mark.parametrize(
    "preview",
    [
        pytest.param(_preview("create-replacement"), id="a replacement"),
        pytest.param(_preview(urn="urn:old"), id="the URN is in the state"),
        pytest.param(_preview(type="random:index:RandomPet"), id="a type that can't be found again"),
        pytest.param(_preview(inputs={"tags": [{"a": UNKNOWN}]}), id="an unknown input"),
        pytest.param(_preview(dependencies=["urn:group", "urn:network"]), id="a dependency that is to be created itself"),
        pytest.param(_preview(parent="urn:new"), id="a parent that is to be created itself"),
        pytest.param(_preview(provider="urn:new::2"), id="a provider that is to be created itself"),
    ],
)
def test_what_can_not_have_been_begun_is_left_alone(preview: dict[str, Any]) -> None:
    """No note is made."""
    assert with_previewed(STATE, preview, TYPES)["deployment"]["pending_operations"] == []


def test_what_the_engine_noted_is_not_noted_twice() -> None:
    """The engine's note, which has the inputs that were sent, is kept."""
    note = {"type": "creating", "resource": {**BEGUN, "inputs": {"vmScaleSetName": "web-1", "sku": {}}}}
    state = {**STATE, "deployment": {**STATE["deployment"], "pending_operations": [note]}}  # type: ignore[dict-item]

    assert with_previewed(state, _preview(), TYPES) == state


@pytest.mark.parametrize(
    ("history", "failed"),
    [
        ([], False),
        ([{"kind": "update", "result": "succeeded"}, {"kind": "update", "result": "failed"}], False),
        ([{"kind": "refresh", "result": "succeeded"}, {"kind": "update", "result": "failed"}], True),
    ],
)
def test_only_the_last_update_counts(history: list[dict[str, str]], failed: bool) -> None:
    """A refresh after a failed update doesn't make it good; an update that succeeded does."""
    assert may_have_failed(history) is failed


def test_what_azure_shows_otherwise_is_azures() -> None:
    """A script that was edited after the crash stays a difference; Azure's defaults, and its writing of ids and regions, are none."""
    begun = {
        "location": "westeurope",
        "tags": {"change": "new"},
        "subnets": [{"id": "/subscriptions/s/resourceGroups/g"}],
        "source": {"4dabf18193072939515e22adb298388d": "asset", "text": "hello"},
        "password": {"4dabf18193072939515e22adb298388d": "secret", "plaintext": '"x"'},
    }
    refreshed = {
        "location": "West Europe",
        "tags": {"change": "old", "policy": "foreign"},
        "subnets": [{"id": "/subscriptions/s/resourcegroups/G", "default": True}],
        "password": {"4dabf18193072939515e22adb298388d": "secret", "ciphertext": "…"},
        "priority": "Regular",
    }

    assert as_in_azure(begun, refreshed) == {**begun, "tags": {"change": "old"}}
