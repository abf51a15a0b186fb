"""A staged scale set: the switch is one write, and refused while the other slot isn't ready."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from offline import https_server
from offline.arm.http import Json
from tests.engine import own_balancer
from tests.engine.project import Project, home
from tests.engine.yaml_project import YamlProject, keys_of

SCALE_SET = "Microsoft.Compute/virtualMachineScaleSets"
BALANCER = "/providers/Microsoft.Network/loadBalancers/web-lb"


def staged(project: Project, **keys: Any) -> None:
    """Changes keys of the staged stack; a value of None removes one."""
    project.configure(**{key: value for key, value in keys.items() if value is not None})
    document = project.settings()
    for key in [key for key, value in keys.items() if value is None]:
        document["config"].pop(f"azure-scaleset:{key}", None)
    project.write_settings(document)


def versions(blue: str, green: str) -> Json:
    """The slots with these versions."""
    return {"blue": {"version": blue}, "green": {"version": green}}


def slot_of_production(project: Project) -> str:
    """Where the rules of the production balancer lead."""
    (balancer,) = [each for each in project.resources("Microsoft.Network/loadBalancers") if each["id"].endswith(BALANCER)]
    (pool,) = {rule["properties"]["backendAddressPool"]["id"].rpartition("/")[2] for rule in balancer["properties"]["loadBalancingRules"]}
    return str(pool)


def writes(project: Project, since: int) -> list[tuple[str, str]]:
    """What was written to Azure after the first so many events: method and the last parts of the id."""
    return [
        (event["kind"], "/".join(event["subject"].split("/")[-2:]))
        for event in project.events()[since:]
        if event["kind"] in ("PUT", "PATCH", "DELETE", "POST")
    ]


def set_of(project: Project, slot: str) -> Json:
    """The scale set of a slot, as stored."""
    (found,) = [each for each in project.resources(SCALE_SET) if each["name"].startswith(f"web-{slot}-")]
    return found


def capacities(project: Project) -> dict[str, int]:
    """Slot -> number of instances that its scale set shall have."""
    return {each["name"].split("-")[1]: each["sku"]["capacity"] for each in project.resources(SCALE_SET)}


def scale(project: Project, slot: str, capacity: int) -> None:
    """Sets the number of instances behind Pulumi's back, as autoscale does, and waits until they serve."""
    found = set_of(project, slot)
    project.arm("PATCH", found["id"], {"sku": {**found["sku"], "capacity": capacity}})
    for _ in range(1000):
        instances = project.arm("GET", f"{found['id']}/virtualMachines")["value"]
        if all(each["properties"]["provisioningState"] == "Succeeded" for each in instances):
            return
    raise AssertionError("the instances are still busy")


def refused(project: Project, *words: str) -> str:
    """What a pulumi command says that must fail."""
    done = project.pulumi(*words, check=False)
    assert done.returncode != 0, done.stdout
    return done.stdout


UP = ("up", "--yes", "--skip-preview")


def test_a_release_and_the_way_back(make_project: Callable[[str], Project]) -> None:
    """The idle slot gets a new version and the live one isn't touched; the switch is one write, and so is the way back."""
    project = make_project("staged")
    project.up()
    assert (slot_of_production(project), capacities(project)) == ("blue", {"blue": 3, "green": 3})
    assert project.preview() == []

    staged(project, slots=versions("1.0", "1.1"))
    before = len(project.events())
    project.up()
    touched = {subject for _, subject in writes(project, before)}
    assert not [each for each in touched if "web-blue" in each or "web-lb" in each], touched
    assert slot_of_production(project) == "blue"

    for slot in ("green", "blue"):
        staged(project, active=slot)
        (change,) = project.preview()
        assert (change.op, change.resource) == ("update", "azure-native:network:LoadBalancer::web-lb")
        before = len(project.events())
        project.up()
        assert writes(project, before) == [("PUT", "loadBalancers/web-lb")]
        assert slot_of_production(project) == slot
        assert project.preview() == []


def test_a_switch_to_a_slot_that_changes_is_refused(make_project: Callable[[str], Project]) -> None:
    """Content and switch in one update: refused in the preview and in `up`, with the two steps; nothing is written to the balancer or to a slot, and the two
    steps work."""
    project = make_project("staged")
    project.up()
    staged(project, active="green", slots=versions("1.0", "1.1"))

    before = len(project.events())
    for words in (("preview",), UP):
        text = refused(project, *words)
        assert "green does not have the wanted model: it changes in this same update" in text
        assert "1. active: blue, idle: keep; then `pulumi up`" in text
    assert [each for each in writes(project, before) if "web-lb" in each[1] or "web-blue-" in each[1] or "web-green-" in each[1]] == []

    staged(project, active="blue")
    project.up()
    staged(project, active="green")
    project.up()
    assert slot_of_production(project) == "green"


def test_a_switch_is_refused_when_the_old_slot_changes_too(make_project: Callable[[str], Project]) -> None:
    """What production leaves must stay as it is in the update of the switch: neither changed, nor made smaller, nor idle in another way than kept."""
    project = make_project("staged")
    project.up()

    staged(project, active="green", slots=versions("1.1", "1.0"))
    changed = refused(project, "preview")
    staged(project, slots={"blue": {"version": "1.0", "capacity": 1}, "green": {"version": "1.0"}})
    smaller = refused(project, "preview")
    staged(project, slots=versions("1.0", "1.0"), idle="remove")
    removed = refused(project, *UP)

    assert "blue changes in this same update" in changed
    assert "blue shrinks from 3 to 1 instances" in smaller
    assert "idle is remove: blue would lose its instances" in removed
    assert (slot_of_production(project), capacities(project)) == ("blue", {"blue": 3, "green": 3})


def test_a_switch_to_a_slot_that_is_not_healthy_is_refused(make_project: Callable[[str], Project]) -> None:
    """An instance that is not healthy, or fewer instances than the live slot has: refused, with the instances; `checkSwitch: false` is the way round."""
    project = make_project("staged")
    staged(project, slots={"blue": {"version": "1.0", "capacity": 4}, "green": {"version": "1.0"}})
    project.up()
    staged(project, active="green")
    assert "green has 3 healthy instances, blue, which serves, has 4." in refused(project, "preview")

    staged(project, active="blue", slots=versions("1.0", "1.1"))
    project.up()
    project.order_fault("appUnhealthy", instances=["1"], payload="VERSION=1.1")
    staged(project, active="green")
    for words in (("preview",), UP):
        assert "instance 1 of green: health unhealthy" in refused(project, *words)
    assert slot_of_production(project) == "blue"

    staged(project, checkSwitch=False)
    assert "green becomes active unchecked" in project.pulumi("preview").stdout
    project.up()
    assert slot_of_production(project) == "green"


def test_idle_slots(make_project: Callable[[str], Project]) -> None:
    """Shrunk, emptied, removed and kept again: the live slot and the balancers are never written."""
    project = make_project("staged")
    project.up()
    before = len(project.events())
    seen = []
    for idle in ("shrink", "zero", "remove", "keep"):
        staged(project, idle=idle)
        project.up()
        assert project.preview() == []
        seen.append(capacities(project))

    assert seen == [{"blue": 3, "green": 1}, {"blue": 3, "green": 0}, {"blue": 3}, {"blue": 3, "green": 3}]
    touched = [each for each in writes(project, before) if "web-blue" in each[1] or "-lb" in each[1]]
    assert touched == []
    staged(project, active="green")
    project.up()
    assert slot_of_production(project) == "green"


def test_a_slot_is_not_emptied_while_production_leads_to_it(make_project: Callable[[str], Project]) -> None:
    """`--target` leaves the switch out and empties the slot that would be idle: refused (E1)."""
    project = make_project("staged")
    project.up()
    staged(project, active="green", idle="zero")

    text = refused(project, *UP, "--target", "**VirtualMachineScaleSet::web-blue")

    assert "does not make idle: zero of blue: production leads to it still" in text
    assert capacities(project) == {"blue": 3, "green": 3}


def test_a_model_left_out_of_the_update_does_not_go_live(make_project: Callable[[str], Project]) -> None:
    """`--target` on the balancer alone, with a change of the slot pending, is refused: the slot has the old model (E1)."""
    project = make_project("staged")
    project.up()
    staged(project, active="green", slots=versions("1.0", "1.1"))

    assert "green does not have the wanted model" in refused(project, *UP, "--target", "**web-lb")


def test_a_refused_switch_is_told_with_what_is_wrong_besides(make_project: Callable[[str], Project]) -> None:
    """The balancer isn't written, and the slots come after it: one preview tells all the same what Azure would refuse of them."""
    project = make_project("staged")
    project.up()
    staged(
        project,
        active="green",
        slots={**versions("1.0", "1.1"), "green": {"version": "1.1", "overrides": {"upgradePolicy": {"mode": "Blue"}}}},
    )

    text = refused(project, "preview")

    assert "green does not have the wanted model: it changes in this same update" in text
    assert "U1: upgradePolicy.mode" in text
    assert "Refused: StagedScaleSet 'web', ScaleSet 'web-green'." in text


def test_autoscale_follows_the_live_slot(make_project: Callable[[str], Project]) -> None:
    """The idle slot has at least what the live one has, before and during the switch, which is still one write; the next update relaxes the new live slot."""
    project = make_project("staged")
    staged(project, capacity=None, autoscale={"minimum": 2, "maximum": 10})
    project.up()
    assert capacities(project) == {"blue": 2, "green": 2}
    scale(project, "blue", 6)
    project.up()
    assert (capacities(project), minimums(project)) == ({"blue": 6, "green": 6}, {"blue": 2, "green": 6})

    staged(project, active="green")
    before = len(project.events())
    project.up()
    assert writes(project, before) == [("PUT", "loadBalancers/web-lb")]

    project.up()
    assert (capacities(project), minimums(project)) == ({"blue": 6, "green": 6}, {"blue": 6, "green": 2})
    staged(project, idle="shrink")
    project.up()
    assert (capacities(project), minimums(project)) == ({"blue": 1, "green": 6}, {"blue": 1, "green": 2})
    assert project.preview() == []


def minimums(project: Project) -> dict[str, int]:
    """Slot -> minimum of its autoscale setting."""
    return {
        each["name"].split("-")[1]: int(each["properties"]["profiles"][0]["capacity"]["minimum"])
        for each in project.resources("Microsoft.Insights/autoscaleSettings")
    }


def test_outputs_refresh_and_destroy(make_project: Callable[[str], Project]) -> None:
    """What a release and other stacks read; a refresh brings no change; destroy leaves nothing."""
    project = make_project("staged")
    staged(project, idle="remove")
    project.up()
    found = json.loads(project.pulumi("stack", "output", "--json").stdout)
    group = "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/azure-scaleset-staged"
    name = set_of(project, "blue")["name"]
    (address,) = [each for each in project.resources("Microsoft.Network/publicIPAddresses") if each["name"] == "web-lb-ip"]
    pools = {slot: f"{group}{BALANCER}/backendAddressPools/{slot}" for slot in ("blue", "green")}

    assert found == {
        "active": "blue",
        "activePoolId": pools["blue"],
        "address": address["properties"]["ipAddress"],
        "idle": "green",
        "productionPoolIds": pools,
        "resourceGroupName": "azure-scaleset-staged",
        "scaleSetIds": {"blue": f"{group}/providers/Microsoft.Compute/virtualMachineScaleSets/{name}"},
        "scaleSetNames": {"blue": name},
        "testAddresses": {"blue": "10.0.0.4", "green": "10.0.0.5"},
    }
    project.pulumi("refresh", "--yes", "--skip-preview")
    assert project.preview() == []
    project.pulumi("destroy", "--yes", "--skip-preview")
    assert project.resources() == []


def test_an_internal_production_balancer(make_project: Callable[[str], Project]) -> None:
    """Production and test front ends on the one internal balancer that Azure allows, the latter on a port of their own."""
    project = make_project("staged")
    network = {
        "loadBalancer": {"public": False, "rules": [{"port": 80, "backendPort": 8080}], "probe": {"port": 8080, "path": "/health"}},
    }
    staged(project, network=network, test={"rules": [{"port": 80, "backendPort": 8081}]})
    project.up()
    staged(project, active="green")
    before = len(project.events())
    project.up()

    assert writes(project, before) == [("PUT", "loadBalancers/web-lb")]
    staged(project, test={"rules": [{"port": 80, "backendPort": 8080}]})
    assert "Both are on one internal balancer" in refused(project, "preview")


def test_a_balancer_of_ones_own(make_project: Callable[[str], Project]) -> None:
    """The guard is on what tells the other balancer's owner: it changes only when the slot is ready, and the slot that is left isn't emptied before that balancer
    has made its switch."""
    project = make_project("staged")
    own_balancer.lead(project, own_balancer.POOLS["blue"])
    staged(project, **own_balancer.keys(project))
    project.up()

    staged(project, active="green", slots=versions("1.0", "1.1"))
    assert "green does not have the wanted model" in refused(project, *UP)
    assert project.pulumi("stack", "output", "activePoolId").stdout.strip() == own_balancer.POOLS["blue"]

    staged(project, active="blue")
    project.up()
    staged(project, active="green")
    before = len(project.events())
    project.up()
    assert project.pulumi("stack", "output", "activePoolId").stdout.strip() == own_balancer.POOLS["green"]
    staged(project, idle="zero")
    assert "production leads to it still" in refused(project, *UP)
    assert [each for each in writes(project, before) if "shared" in each[1]] == []

    own_balancer.lead(project, own_balancer.POOLS["green"])
    project.up()
    assert capacities(project) == {"blue": 0, "green": 3}


def test_through_the_plugin(tmp_path: Path) -> None:
    """A YAML program's switch is refused and made as that of a program in Python."""
    home(tmp_path).mkdir()
    keys = keys_of("staged")
    with https_server.running(home(tmp_path)) as server:
        project = YamlProject.make(tmp_path, "staged", server)
        project.up()
        project.write({**keys, "active": "green", "slots": versions("1.0", "1.1")})
        text = refused(project, "preview")
        project.write({**keys, "active": "green"})
        before = len(project.events())
        project.up()

        assert "green does not have the wanted model: it changes in this same update" in text
        assert writes(project, before) == [("PUT", "loadBalancers/web-lb")]
        assert slot_of_production(project) == "green"
