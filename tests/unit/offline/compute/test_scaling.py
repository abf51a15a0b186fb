"""Scaling: protection, surplus instances, what a write overtakes."""

from typing import Any

from offline.arm import faults
from offline.arm.compute.tree import dig
from tests.unit.offline.compute.world import GROUP, SET, World, body, changed, encoded, extension, health, profile


def protect(world: World, instance: str, **policy: bool) -> None:
    """PUT of an instance with a protection policy."""
    world.expect(200, "PUT", f"{SET}/virtualMachines/{instance}", {"location": "westeurope", "properties": {"protectionPolicy": policy}})


def surplus(capacity: int, **properties: Any) -> Any:
    """A set that is overprovisioned."""
    new = changed(body(capacity), "properties.overprovision", True)
    return {**new, "properties": {**new["properties"], **properties}}


def test_protected_instances_stay_in_a_scale_in(world: World) -> None:
    """Both kinds of protection; the policy is shown, and can be taken back."""
    world.put(body(4, "Manual"))
    protect(world, "3", protectFromScaleIn=True)
    protect(world, "2", protectFromScaleSetActions=True)
    world.put(body(3, "Manual"))
    assert world.names() == ["web_0", "web_2", "web_3"]
    assert [each["properties"].get("protectionPolicy") for each in world.instances()] == [
        None,
        {"protectFromScaleSetActions": True},
        {"protectFromScaleIn": True},
    ]
    protect(world, "3", protectFromScaleIn=False)
    world.put(body(2, "Manual"))
    assert world.names() == ["web_0", "web_2"]


def test_a_scale_in_that_only_protected_instances_are_left_for_is_refused(world: World) -> None:
    """Nothing is removed, and the capacity stays."""
    world.put(body(2))
    protect(world, "0", protectFromScaleIn=True)
    protect(world, "1", protectFromScaleIn=True)
    assert (world.refusal(body(1)), world.expect(200, "GET", SET)["sku"]["capacity"]) == ((409, "OperationNotAllowed", "sku.capacity"), 2)


def test_an_action_on_all_spares_the_protected_and_one_by_name_does_not(world: World) -> None:
    """A call that names an instance is the user's own will."""
    world.put(body(2))
    protect(world, "0", protectFromScaleSetActions=True)
    world.expect(202, "POST", f"{SET}/reimage")
    world.expect(202, "POST", f"{SET}/reimage", {"instanceIds": ["0"]})
    assert [instance for instance, _ in world.events("instanceReimaged")] == ["1", "0"]


def test_a_mode_automatic_leaves_the_protected_alone(world: World) -> None:
    """They keep the old model."""
    world.put(body(2))
    protect(world, "0", protectFromScaleSetActions=True)
    world.put(body(2, extensions=[extension(forceUpdateTag="2")]))
    assert [each["properties"]["latestModelApplied"] for each in world.instances()] == [False, True]


def test_surplus_instances_are_made_and_deleted(world: World) -> None:
    """A fifth more, with their extensions, which ran for nothing (X14); the capacity does not change."""
    world.put(surplus(5))
    assert len(world.events("instanceCreated")) == 6
    world.later(60)
    assert (len(world.names()), len(world.runs()), world.events("instanceDeleted")) == (5, 6, [("5", {"zone": None})])
    world.put(surplus(6))
    world.later(60)
    assert world.names() == ["web_0", "web_1", "web_2", "web_3", "web_4", "web_6"]


def test_surplus_instances_without_extensions(world: World) -> None:
    """`doNotRunExtensionsOnOverprovisionedVMs`."""
    world.put(surplus(5, doNotRunExtensionsOnOverprovisionedVMs=True))
    world.later(60)
    assert (len(world.names()), len(world.runs())) == (5, 5)


def test_a_newer_model_catches_up_with_what_was_at_work(world: World) -> None:
    """Mode Automatic: an instance that was being made when the model changed gets the new one afterwards."""
    world.call("PUT", SET, body(1))
    world.call("PUT", SET, body(1, extensions=[extension(forceUpdateTag="2")]))
    world.later(200)
    assert (
        [data["forceUpdateTag"] for _, data in world.events("extensionRun")],
        world.instances()[0]["properties"]["latestModelApplied"],
    ) == (
        [None, "2"],
        True,
    )


def test_a_failed_update_is_tried_again_by_name(world: World) -> None:
    """`manualupgrade` runs again what failed, and nothing else."""
    world.put(body(1, "Manual", [extension(), health()]))
    world.put(body(1, "Manual", [extension(forceUpdateTag="2"), health()]))
    faults.add(world.store, "extensionFails", payload="2", times=1)
    failed = world.call("POST", f"{SET}/manualupgrade", {"instanceIds": ["0"]})
    assert world.outcome(failed)["code"] == "VMExtensionProvisioningError"
    world.expect(202, "POST", f"{SET}/manualupgrade", {"instanceIds": ["0"]})
    assert world.runs()[2:] == [("0", "script", "failed"), ("0", "script", "succeeded")]


def test_a_stopped_instance_notes_the_model_and_runs_it_when_it_starts(world: World) -> None:
    """Nothing can run on it before."""
    world.put(body(1, "Manual"))
    world.expect(202, "POST", f"{SET}/deallocate")
    world.put(body(1, "Manual", [extension(forceUpdateTag="2")]))
    world.expect(202, "POST", f"{SET}/manualupgrade", {"instanceIds": ["0"]})
    assert (world.instances()[0]["properties"]["latestModelApplied"], len(world.runs())) == (True, 1)
    world.expect(202, "POST", f"{SET}/start")
    assert (len(world.runs()), [data["state"] for _, data in world.events("powerState")]) == (2, ["deallocated", "running"])


def test_a_new_os_disk_is_a_new_disk(world: World) -> None:
    """Its time is that of the reimage; an upgrade that reimages nothing leaves the disk. What is attached can't be deleted."""
    disks = f"{GROUP}/providers/Microsoft.Compute/disks"
    world.put(body(2))
    world.put(body(2, extensions=[extension(forceUpdateTag="2")]))
    before = world.expect(200, "GET", disks)["value"]
    start = world.store.now().isoformat()
    world.expect(202, "POST", f"{SET}/reimage", {"instanceIds": ["1"]})
    after = world.expect(200, "GET", disks)["value"]
    shown = [each["properties"]["storageProfile"]["osDisk"] for each in world.instances()]
    assert [each["managedBy"].rsplit("/", 1)[1] for each in after] == ["0", "1"]
    assert [each["properties"]["timeCreated"] > start for each in after] == [False, True]
    assert (before[0] == after[0], before[1]["name"] == after[1]["name"]) == (True, False)
    assert [(each["name"], each["managedDisk"]["id"]) for each in shown] == [(each["name"], each["id"]) for each in after]
    assert world.expect(200, "GET", after[1]["id"])["managedBy"] == f"{SET}/virtualMachines/1"
    assert (world.call("GET", before[1]["id"]).status, world.call("DELETE", after[1]["id"]).status) == (404, 409)
    world.expect(200, "DELETE", SET)
    assert world.expect(200, "GET", disks)["value"] == []


def test_the_time_of_a_disk_is_when_the_reimage_began(world: World) -> None:
    """A model that was written while the disk was being made is not on it, and the disk looks older than it."""
    world.put(body(1, "Manual"))
    reimage = world.call("POST", f"{SET}/reimage")
    world.later(5)
    written = world.store.now().isoformat()
    world.put(body(1, "Manual", [extension(forceUpdateTag="2")]))
    world.outcome(reimage)
    (disk,) = world.expect(200, "GET", f"{GROUP}/providers/Microsoft.Compute/disks")["value"]
    assert disk["properties"]["timeCreated"] < written


def flexible(capacity: int) -> Any:
    """A Flexible set."""
    new = changed(body(capacity, "Manual"), "properties.orchestrationMode", "Flexible")
    new["properties"].pop("overprovision")
    new = changed(new, "properties.platformFaultDomainCount", 1)
    return changed(new, "properties.virtualMachineProfile.networkProfile.networkApiVersion", "2022-11-01")


def test_instances_of_a_flexible_set_are_virtual_machines(world: World) -> None:
    """Listed by the set's id, read and reimaged by their own; they have no update domain, and go with the instance."""
    machines = f"{GROUP}/providers/Microsoft.Compute/virtualMachines"
    world.put(flexible(2))
    found = world.expect(200, "GET", f"{machines}?$filter='virtualMachineScaleSet/id' eq '{SET}'&$expand=instanceView")["value"]
    assert sorted(each["name"] for each in found) == sorted(world.names())
    assert {each["properties"]["virtualMachineScaleSet"]["id"] for each in found} == {SET}
    assert "platformUpdateDomain" not in found[0]["properties"]["instanceView"]
    assert world.expect(200, "GET", f"{machines}?$filter='virtualMachineScaleSet/id' eq '{SET}x'")["value"] == []
    world.expect(202, "POST", f"{found[0]['id']}/reimage", {"osProfile": {"customData": encoded("#cloud-config\n")}})
    assert [instance for instance, _ in world.events("instanceReimaged")] == [found[0]["name"]]
    world.expect(202, "DELETE", found[0]["id"])
    assert (world.names(), len(world.expect(200, "GET", machines)["value"])) == ([found[1]["name"]], 1)
    world.expect(200, "DELETE", SET)
    assert world.expect(200, "GET", machines)["value"] == []


def test_a_put_without_properties_keeps_them(world: World) -> None:
    """What `az vmss scale` sends: the size and the capacity, and nothing else changes."""
    world.put(body(2) | {"tags": {"owner": "me"}})
    before = world.expect(200, "GET", SET)
    assert world.put({"location": "westeurope", "sku": {"name": "Standard_D2s_v5", "capacity": 3}}) == {}
    after = world.expect(200, "GET", SET)
    assert (after["properties"], after["tags"], len(world.names())) == (before["properties"], {"owner": "me"}, 3)


def test_a_put_without_image_keeps_the_image(world: World) -> None:
    """What `az vmss extension set` sends."""
    sent = profile(body(1), "storageProfile.imageReference", None)
    world.put(body(1))
    assert world.put(sent) == {}
    assert world.instances()[0]["properties"]["latestModelApplied"] is True
    assert dig(world.expect(200, "GET", SET), "properties.virtualMachineProfile.storageProfile.imageReference.offer") == "ubuntu-24_04-lts"


def test_an_action_on_all_leaves_out_what_is_going(world: World) -> None:
    """A surplus instance that is being deleted is in nobody's way."""
    world.put(changed(body(2), "properties.overprovision", True))
    assert [each["properties"]["provisioningState"] for each in world.instances()] == ["Succeeded", "Succeeded", "Deleting"]
    assert world.outcome(world.call("POST", f"{SET}/restart")) == {}
