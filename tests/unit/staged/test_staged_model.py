"""What the two slots are, and the balancers in front of them."""

from typing import Any

import pulumi
import pytest

from azure_scaleset import staged_model
from azure_scaleset.staged_arguments import Idle, Slot, StagedScaleSetArgs
from tests.unit.staged.arguments import BALANCER, SHARED, read

INTERNAL = {**BALANCER, "public": False}


def slot(slot: Slot = Slot.GREEN, **given: Any) -> Any:
    """The arguments of a slot's scale set, which must be without problems."""
    found: list[str] = []
    result = staged_model.read_slot("web", read(**given), slot, found)
    assert found == []
    return result


def problems(**green: Any) -> list[str]:
    """What is wrong with what green has of its own."""
    found: list[str] = []
    staged_model.read_slot("web", read(slots={"green": green}), Slot.GREEN, found)
    return found


def test_a_slots_own_arguments_are_merged_over_the_shared_ones() -> None:
    """Objects merge at every depth, lists and all else are replaced; what a slot doesn't name is the shared one's; the other slot isn't touched."""
    shared = {**SHARED, "autoscale": {"minimum": 2, "maximum": 10}, "zones": ["1", "2"]}
    own = {"image": "Ubuntu2204", "tags": {"tier": "new"}, "autoscale": {"maximum": 20}, "zones": ["3"], "admin": {"username": "op"}}
    green = slot(scaleSet=shared, slots={"green": own})
    blue = slot(Slot.BLUE, scaleSet=shared, slots={"green": own})

    assert {key: green[key] for key in ("image", "tags", "autoscale", "zones", "size", "capacity")} == {
        "image": "Ubuntu2204",
        "tags": {"team": "a", "tier": "new"},
        "autoscale": {"minimum": 2, "maximum": 20},
        "zones": ["3"],
        "size": "Standard_D2s_v5",
        "capacity": 3,
    }
    assert green["admin"] == {"username": "op", "ssh_public_keys": ["ssh-ed25519 AAAA"]}
    assert (blue["image"], blue["tags"], blue["zones"]) == ("Ubuntu2404", {"team": "a", "tier": "web"}, ["1", "2"])


def test_a_version_fills_all_texts() -> None:
    """`${version}` in the image, in commands, in settings; other placeholders of a shell stay."""
    shared = {
        **SHARED,
        "image": "/subscriptions/s/resourceGroups/g/providers/Microsoft.Compute/galleries/g/images/web/versions/${version}",
        "extensions": [{"customScript": {"commandToExecute": "install ${version} > ${HOME}/log"}}],
        "tags": {"version": "${version}"},
    }
    green = slot(scaleSet=shared, slots={"green": {"version": "1.5.0"}})

    assert green["image"].endswith("/versions/1.5.0")
    assert green["extensions"][0] == {"custom_script": {"command_to_execute": "install 1.5.0 > ${HOME}/log"}}
    assert green["tags"] == {"version": "1.5.0"}


@pytest.mark.parametrize(
    ("green", "problem"),
    [
        ({"imge": "x"}, "slots.green.imge is not known. Did you mean 'image'?"),
        ({"capacity": "many"}, "slots.green.capacity is 'many'. Expected a whole number."),
        ({"location": "eastus"}, "slots.green.location is given. Both slots are where scaleSet.location says: remove it."),
        ({"autoscale": {"minimum": 1}}, "slots.green.autoscale.maximum is missing. Expected a whole number."),
        ({"version": 1.5}, "slots.green.version is 1.5. Expected text: put it into quotes."),
        (
            {"version": "1.5"},
            "slots.green.version is '1.5', and no text of the slot holds ${version}: it changes nothing. Use it, as in the image's id, or remove it.",
        ),
    ],
)
def test_what_is_wrong_with_a_slots_own_arguments(green: dict[str, Any], problem: str) -> None:
    """Each problem names the slot and the key."""
    assert problems(**green) == [problem]


def test_health_is_what_the_probe_asks_unless_it_is_said() -> None:
    """Without a health extension each slot gets one that asks what the balancer's probe asks; a given one stays alone (T4)."""
    tcp = {"rules": [{"port": 25}], "probe": {"port": 25}}
    given = [{"applicationHealth": {"protocol": "tcp", "port": 22}}]

    assert slot()["extensions"] == [{"application_health": {"protocol": "http", "port": 8080, "request_path": "/health"}}]
    assert slot(loadBalancer=tcp)["extensions"] == [{"application_health": {"protocol": "tcp", "port": 25}}]
    assert slot(slots={"green": {"extensions": given}})["extensions"] == [{"application_health": {"protocol": "tcp", "port": 22}}]


@pytest.mark.parametrize(
    ("os", "name", "prefixes"),
    [
        ("Linux", "web", ["webblue", "webgreen"]),
        ("Windows", "production-web", ["produblue", "prodgreen"]),
    ],
)
def test_computer_names_tell_the_slot(os: str, name: str, prefixes: list[str]) -> None:
    """Also where Windows allows only nine letters of it."""
    args = read(scaleSet={**SHARED, "os": os})
    assert [staged_model.read_slot(name, args, each, [])["computer_name_prefix"] for each in Slot] == prefixes


def test_idle_slots() -> None:
    """Kept: as it is. Shrunk: one instance. Zero: none. Removed: no scale set. Autoscale has no room then."""
    fixed, scaled = slot(), slot(scaleSet={**SHARED, "autoscale": {"minimum": 2, "maximum": 10}})

    assert staged_model.as_idle(fixed, Idle.KEEP) == fixed
    assert staged_model.as_idle(fixed, Idle.SHRINK) == {**fixed, "capacity": 1}
    assert staged_model.as_idle(fixed, Idle.ZERO) == {**fixed, "capacity": 0}
    assert staged_model.as_idle(fixed, Idle.REMOVE) is None
    assert staged_model.as_idle(scaled, Idle.SHRINK) == {**scaled, "capacity": 1, "autoscale": {"minimum": 1, "maximum": 1}}
    assert staged_model.as_idle(scaled, Idle.ZERO) == {**scaled, "capacity": 0, "autoscale": {"minimum": 0, "maximum": 0}}


def test_a_slots_pools_are_beside_the_given_ones() -> None:
    """Pools of the user stay."""
    pools: Any = ["production", "test"]
    assert staged_model.attached(slot(), pools)["network"] == {"subnet_id": "subnet", "backend_pool_ids": ["own", "production", "test"]}


class Id(str):
    """Stands for the id of the balancer."""


def production(args: StagedScaleSetArgs, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The inputs of the production balancer, with plain texts for outputs."""
    monkeypatch.setattr(pulumi.Output, "concat", lambda *parts: "".join(parts))
    front: dict[str, Any] = {"subnet": {"id": "subnet"}} if staged_model.is_internal(args) else {"public_ip_address": {"id": "address"}}
    return staged_model.production_balancer(args, Id("lb"), front)  # type: ignore[arg-type]  # see `concat` above


def leads(inputs: Any) -> list[tuple[str, str, int]]:
    """Of each rule the front end, the pool, and the port of the instances."""
    return [
        (
            rule["frontend_ip_configuration"]["id"].rpartition("/")[2],
            rule["backend_address_pool"]["id"].rpartition("/")[2],
            rule["backend_port"],
        )
        for rule in inputs["load_balancing_rules"]
    ]


def test_all_that_active_changes_is_the_pool_of_the_rules(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two rules, two active slots: everything else is the same."""
    balancer = {**BALANCER, "rules": [{"port": 80, "backendPort": 8080}, {"port": 443, "backendPort": 8443}]}
    blue = production(read(loadBalancer=balancer), monkeypatch)
    green = production(read(loadBalancer=balancer, active="green"), monkeypatch)

    assert leads(blue) == [("production", "blue", 8080), ("production", "blue", 8443)]
    assert leads(green) == [("production", "green", 8080), ("production", "green", 8443)]
    for rule in [*blue["load_balancing_rules"], *green["load_balancing_rules"]]:
        del rule["backend_address_pool"]
    assert blue == green


def test_an_internal_balancer_has_the_test_front_ends_too(monkeypatch: pytest.MonkeyPatch) -> None:
    """One internal balancer with three front ends and four pools; a switch moves production's rule alone (L7, L7b)."""
    test = {"rules": [{"port": 80, "backendPort": 8081}], "addresses": {"blue": "10.0.0.10", "green": "10.0.0.11"}}
    inputs = production(read(loadBalancer=INTERNAL, test=test, active="green"), monkeypatch)

    assert leads(inputs) == [("production", "green", 8080), ("blue", "blue-test", 8081), ("green", "green-test", 8081)]
    assert [each["name"] for each in inputs["backend_address_pools"]] == ["blue", "green", "blue-test", "green-test"]
    assert [each["name"] for each in inputs["probes"]] == ["probe"]
    assert [each.get("private_ip_address") for each in inputs["frontend_ip_configurations"]] == [None, "10.0.0.10", "10.0.0.11"]


def test_which_test_front_ends_there_are() -> None:
    """Those of a public balancer's ports; none for an internal one or pools of one's own, unless they are asked for."""
    own = {"loadBalancer": None, "productionPoolIds": {"blue": "b", "green": "g"}}
    rules = [{"port": 80, "backendPort": 9000}]

    assert staged_model.test_rules(read()) == [{"port": 80, "backend_port": 8080}]
    assert staged_model.test_rules(read(loadBalancer=INTERNAL)) == []
    assert staged_model.test_rules(read(**own)) == []
    for given in ({}, {"loadBalancer": INTERNAL}, own):
        assert staged_model.test_rules(read(**given, test={"rules": rules})) == [{"port": 80, "backend_port": 9000}]
