"""How a changed model reaches instances, and what a full PUT means."""

from typing import Any

import pytest

from offline.arm.http import Json
from tests.unit.offline.compute.world import SET, World, body, changed, encoded, extension, health, profile


def latest(world: World) -> list[bool]:
    """`latestModelApplied` of each instance."""
    return [each["properties"]["latestModelApplied"] for each in world.instances()]


def upgraded(**others: Any) -> Json:
    """The data of an `instanceUpgraded` event in which `others` differ from one that brings nothing."""
    return {"reimaged": False, "failed": [], "took": [], "left": [], **others}


def test_automatic_runs_only_what_changed(world: World) -> None:
    """All instances at once; an extension whose definition is the same does not run again."""
    world.put(body(2, extensions=[extension(), health()]))
    world.put(body(2, extensions=[extension(forceUpdateTag="2"), health()]))
    assert world.runs()[4:] == [("0", "script", "succeeded"), ("1", "script", "succeeded")]


def test_an_unchanged_model_changes_nothing(world: World) -> None:
    """The same PUT again runs and upgrades nothing."""
    world.put(body(2))
    world.put(body(2))
    assert (world.events("instanceUpgraded"), len(world.runs()), world.events("modelWritten")[-1]) == ([], 2, ("web", {"changed": []}))


def test_set_level_properties_touch_no_instance(world: World) -> None:
    """Tags and policies are the set's own."""
    world.put(body(2))
    world.put({**changed(body(2), "properties.scaleInPolicy", {"rules": ["OldestVM"]}), "tags": {"a": "b"}})
    assert (world.events("instanceUpgraded"), latest(world)) == ([], [True, True])
    assert world.events("modelWritten")[-1] == ("web", {"changed": ["scaleInPolicy", "tags"]})


def test_manual_waits_for_the_call(world: World) -> None:
    """Instances stay on the old model, a new one gets the latest, the call brings those it names."""
    world.put(body(2, "Manual"))
    world.put(body(3, "Manual", [extension(forceUpdateTag="2")]))
    assert (latest(world), world.runs()[2:]) == ([False, False, True], [("2", "script", "succeeded")])
    world.expect(202, "POST", f"{SET}/manualupgrade", {"instanceIds": ["1"]})
    assert (latest(world), world.runs()[3:]) == ([False, True, True], [("1", "script", "succeeded")])
    world.expect(202, "POST", f"{SET}/manualupgrade", {"instanceIds": ["*"]})
    assert (latest(world), world.runs()[4:]) == ([True, True, True], [("0", "script", "succeeded")])


def test_custom_data_reaches_only_new_instances(world: World) -> None:
    """The others say that they have the latest model all the same."""
    world.put(body(1))
    world.put(profile(body(2), "osProfile.customData", encoded("#!/bin/sh\n")))
    held = [each["customData"] for each in world.store.documents("instance", SET)]
    assert (latest(world), held) == ([True, True], [encoded("#cloud-config\n"), encoded("#!/bin/sh\n")])


def test_a_reimage_alone_keeps_the_model_that_the_instance_has(world: World) -> None:
    """Only an upgrade brings the latest image, customData and extensions."""
    world.put(body(1, "Manual"))
    newer = profile(body(1, "Manual", [extension(forceUpdateTag="2")]), "osProfile.customData", encoded("#!/bin/sh\n"))
    world.put(profile(newer, "storageProfile.imageReference.version", "24.04.202509180"))
    world.expect(202, "POST", f"{SET}/reimage")
    image = {"publisher": "Canonical", "offer": "ubuntu-24_04-lts", "sku": "server", "version": "latest", "exactVersion": "24.04.202510010"}
    assert world.events("instanceReimaged") == [("0", {"imageReference": image, "customData": encoded("#cloud-config\n")})]
    assert (latest(world), world.events("extensionRun")[-1][1]["forceUpdateTag"]) == ([False], None)


def test_another_size_restarts(world: World) -> None:
    """The disk stays, nothing runs again (M6)."""
    world.put(body(1))
    world.put(changed(body(1), "sku.name", "Standard_D4s_v5"))
    assert world.events("powerState") == [("0", {"state": "running"})]
    assert (world.events("instanceUpgraded"), len(world.runs())) == ([("0", upgraded(took=["sku.name"]))], 1)


def test_what_only_a_new_disk_takes_is_left(world: World) -> None:
    """customData and passwords stay what they are on a running instance, user data doesn't (M8, M9)."""
    world.put(body(1))
    world.put(profile(profile(body(1), "osProfile.adminPassword", "Another1horse"), "userData", encoded("a")))
    assert world.events("instanceUpgraded") == [("0", upgraded(took=["userData"], left=["osProfile.adminPassword"]))]


def test_an_identity_reaches_an_instance_with_the_upgrade(world: World) -> None:
    """In mode Manual an instance is without it until it is brought to the model."""
    world.put(body(1, "Manual"))
    world.put({**body(1, "Manual"), "identity": {"type": "SystemAssigned"}})
    assert latest(world) == [False]
    world.expect(202, "POST", f"{SET}/manualupgrade", {"instanceIds": ["*"]})
    assert (latest(world), world.events("instanceUpgraded")) == ([True], [("0", upgraded(took=["identity"]))])


def test_another_image_reimages(world: World) -> None:
    """The OS disk is new, so everything runs again."""
    world.put(body(1))
    world.put(profile(body(1), "storageProfile.imageReference.version", "24.04.202509180"))
    assert world.events("instanceUpgraded") == [("0", upgraded(reimaged=True, took=["storageProfile.imageReference"]))]
    assert (len(world.runs()), world.instances()[0]["properties"]["storageProfile"]["imageReference"]["exactVersion"]) == (
        2,
        "24.04.202509180",
    )


def test_get_hides_secrets_and_a_put_without_them_keeps_them(world: World) -> None:
    """What GET gives can be PUT back: password, customData and protected settings stay, and nothing runs again."""
    secret = extension(protectedSettings={"commandToExecute": "secret"}, settings={})
    world.put(body(1, extensions=[secret]))
    read = world.expect(200, "GET", SET)
    assert [word for word in ("Correct1horse", "secret", "customData") if word in str(read)] == []
    world.put(read)
    stored = world.store.get(SET) or {}
    assert stored["properties"]["virtualMachineProfile"]["osProfile"] == body()["properties"]["virtualMachineProfile"]["osProfile"]
    assert stored["properties"]["virtualMachineProfile"]["extensionProfile"]["extensions"] == [secret]
    assert len(world.runs()) == 1


@pytest.mark.parametrize("value", [{}, None])
def test_empty_protected_settings_are_lost(world: World, value: Json | None) -> None:
    """`{}` and null replace what was there."""
    world.put(body(1, extensions=[extension(protectedSettings={"fileUris": []})]))
    world.put(body(1, extensions=[extension(protectedSettings=value)]))
    assert (world.events("extensionRun")[-1][1]["protectedSettings"], len(world.runs())) == ({}, 2)


def test_a_full_put_removes_what_others_added(world: World) -> None:
    """Tags and extensions that the PUT does not have are gone."""
    world.put({**body(1), "tags": {"team": "a"}})
    world.expect(201, "PUT", f"{SET}/extensions/health", {"properties": health()["properties"]})
    assert [each["name"] for each in world.expect(200, "GET", f"{SET}/extensions")["value"]] == ["script", "health"]
    world.put(body(1))
    after = world.expect(200, "GET", SET)
    assert ([each["name"] for each in world.expect(200, "GET", f"{SET}/extensions")["value"]], after.get("tags")) == (["script"], None)


def test_a_child_extension_is_a_change_of_the_model(world: World) -> None:
    """PUT runs it on the instances and leaves the others' protected settings alone; DELETE takes it away."""
    world.put(body(1, extensions=[extension(protectedSettings={"fileUris": []})]))
    answer = world.expect(201, "PUT", f"{SET}/extensions/health", {"properties": health(protectedSettings={"a": 1})["properties"]})
    assert "protectedSettings" not in answer["properties"]
    assert world.runs() == [("0", "script", "succeeded"), ("0", "health", "succeeded")]
    world.expect(202, "DELETE", f"{SET}/extensions/health")
    world.put(body(1))
    assert len(world.runs()) == 2
