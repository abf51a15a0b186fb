"""Instances: made, named, placed, shown, removed."""

from typing import Any

import pytest
from azure.mgmt.compute import models

from tests.unit.offline.compute.world import SET, World, body, changed, encoded, extension, profile


def test_put_makes_instances_that_ran_their_extensions(world: World) -> None:
    """Each new instance is recorded with what it got, and has run the extension with all its settings."""
    world.put(body(1, extensions=[extension(protectedSettings={"fileUris": ["https://example.org/a.sh?x=1"]}, forceUpdateTag="7")]))
    image = {"publisher": "Canonical", "offer": "ubuntu-24_04-lts", "sku": "server", "version": "latest", "exactVersion": "24.04.202510010"}
    assert world.events("instanceCreated") == [
        (
            "0",
            {
                "computerName": "web000000",
                "zone": None,
                "faultDomain": 0,
                "imageReference": image,
                "customData": encoded("#cloud-config\n"),
            },
        )
    ]
    assert world.events("extensionRun") == [
        (
            "0",
            {
                "extension": "script",
                "publisher": "Microsoft.Azure.Extensions",
                "type": "CustomScript",
                "typeHandlerVersion": "2.1",
                "forceUpdateTag": "7",
                "settings": {"commandToExecute": "echo"},
                "protectedSettings": {"fileUris": ["https://example.org/a.sh?x=1"]},
                "files": {"a.sh": None},
                "status": "succeeded",
                "seconds": 0,
            },
        )
    ]


def test_instances_are_spread_over_zones(world: World) -> None:
    """A zonal set puts each instance where the fewest are."""
    world.put({**body(5), "zones": ["1", "2"]})
    assert [each["zones"] for each in world.instances()] == [["1"], ["2"], ["1"], ["2"], ["1"]]


def test_scale_in_takes_the_highest_number_and_numbers_never_come_back(world: World) -> None:
    """The rule Default, and instance numbers that count up for life."""
    world.put(body(4))
    world.put(body(2))
    assert world.names() == ["web_0", "web_1"]
    world.put(body(3))
    assert world.names() == ["web_0", "web_1", "web_4"]


@pytest.mark.parametrize(("rule", "left"), [("OldestVM", ["web_2", "web_3"]), ("NewestVM", ["web_0", "web_1"])])
def test_scale_in_follows_the_rule(world: World, rule: str, left: list[str]) -> None:
    """OldestVM and NewestVM are honoured."""
    world.put(body(4))
    world.put(changed(body(2), "properties.scaleInPolicy", {"rules": [rule]}))
    assert world.names() == left


def test_scale_in_keeps_zones_balanced(world: World) -> None:
    """What goes, goes from the zone that has most."""
    zonal = {"zones": ["1", "2"]}
    world.put({**body(5), **zonal})
    world.put({**body(2), **zonal})
    assert [each["zones"] for each in world.instances()] == [["1"], ["2"]]


def test_a_stale_capacity_cuts_the_set(world: World) -> None:
    """`sku.capacity` of a PUT is taken as it is stated, whatever autoscale did meanwhile."""
    world.put(body(2))
    world.expect(200, "PATCH", SET, {"sku": {"name": "Standard_D2s_v5", "capacity": 9}})
    world.put(body(2, extensions=[extension(forceUpdateTag="2")]))
    assert world.names() == ["web_0", "web_1"]


def test_flexible_instances_have_names(world: World) -> None:
    """Names of eight hexadecimal digits, and the name is the instance id."""
    flexible = changed(body(1, extensions=[]), "properties.orchestrationMode", "Flexible")
    flexible = changed(flexible, "properties.platformFaultDomainCount", 1)
    world.put(changed(flexible, "properties.virtualMachineProfile.networkProfile.networkApiVersion", "2022-11-01"))
    (instance,) = world.instances()
    prefix, _, suffix = instance["name"].partition("_")
    assert (prefix, len(suffix), int(suffix, 16) >= 0, instance["instanceId"]) == ("web", 8, True, instance["name"])


def test_azures_sdk_reads_an_instance(world: World) -> None:
    """The typed model finds what it looks for."""
    world.put(body(1))
    read = models.VirtualMachineScaleSetVM(world.expect(200, "GET", f"{SET}/virtualMachines/0?$expand=instanceView"))
    view: Any = read.instance_view
    assert (read.instance_id, read.latest_model_applied, read.provisioning_state, read.os_profile.computer_name) == (
        "0",
        True,
        "Succeeded",
        "web000000",
    )
    assert read.storage_profile.image_reference.exact_version == "24.04.202510010"
    assert [status.code for status in view.statuses] == ["ProvisioningState/succeeded", "PowerState/running"]
    assert [(each.name, each.statuses[0].code) for each in view.extensions] == [("script", "ProvisioningState/succeeded")]
    assert view.vm_agent.statuses[0].display_status == "Ready"


def test_the_set_sums_its_instances_up(world: World) -> None:
    """The instance view of the set counts states."""
    world.put(body(3))
    assert world.expect(200, "GET", f"{SET}/instanceView") == {
        "virtualMachine": {
            "statusesSummary": [{"code": "PowerState/running", "count": 3}, {"code": "ProvisioningState/succeeded", "count": 3}]
        },
        "extensions": [{"name": "script", "statusesSummary": [{"code": "ProvisioningState/succeeded", "count": 3}]}],
        "statuses": [{"code": "ProvisioningState/succeeded", "level": "Info", "displayStatus": "Provisioning succeeded"}],
    }


def test_deleting_instances_lowers_the_capacity(world: World) -> None:
    """By the set's action and by the instance's own id."""
    world.put(body(4))
    world.expect(202, "POST", f"{SET}/delete", {"instanceIds": ["1"]})
    world.expect(202, "DELETE", f"{SET}/virtualMachines/2")
    assert (world.names(), world.expect(200, "GET", SET)["sku"]["capacity"]) == (["web_0", "web_3"], 2)


def test_power_is_shown(world: World) -> None:
    """A deallocated instance says so, and has no agent that answers."""
    world.put(body(1))
    world.expect(202, "POST", f"{SET}/virtualMachines/0/deallocate")
    view = world.expect(200, "GET", f"{SET}/virtualMachines/0/instanceView")
    assert (view["statuses"][1]["code"], "vmAgent" in view) == ("PowerState/deallocated", False)


def test_a_reimage_reads_custom_data_again_and_runs_everything_again(world: World) -> None:
    """A new OS disk remembers nothing."""
    world.put(body(1))
    world.put(changed(body(1), "properties.virtualMachineProfile.osProfile.customData", encoded("#cloud-config\nnew: true\n")))
    assert world.runs() == [("0", "script", "succeeded")]
    world.expect(202, "POST", f"{SET}/reimage", {"instanceIds": ["0"]})
    assert world.runs() == [("0", "script", "succeeded")] * 2
    assert [data["customData"] for _, data in world.events("instanceReimaged")] == [encoded("#cloud-config\nnew: true\n")]


def test_an_unknown_instance_is_refused(world: World) -> None:
    """An id that no instance has."""
    world.put(body(1))
    response = world.call("POST", f"{SET}/reimage", {"instanceIds": ["7"]})
    assert (response.status, (response.body or {})["error"]["code"]) == (400, "InvalidParameter")


def test_instances_go_with_their_set(world: World) -> None:
    """DELETE of the set deletes them; the log keeps what happened."""
    world.put(body(2))
    world.expect(200, "DELETE", SET)
    assert (world.store.documents("instance", SET), world.store.resources(SET)) == ([], [])
    assert [instance for instance, _ in world.events("instanceDeleted")] == ["0", "1"]


@pytest.mark.parametrize(("query", "shown"), [("", None), ("?$expand=userData", "dGV4dA==")], ids=["not asked for", "asked for"])
def test_user_data_is_shown_to_who_asks(world: World, query: str, shown: str | None) -> None:
    """A GET of the set leaves it out."""
    world.put(profile(body(1), "userData", "dGV4dA=="))

    answer = world.expect(200, "GET", f"{SET}{query}")

    assert answer["properties"]["virtualMachineProfile"].get("userData") == shown
