"""Stack files of staged scale sets."""

import asyncio
import json
from types import SimpleNamespace
from typing import Any

import pytest

from azure_scaleset.secrecy import secret_paths
from azure_scaleset.staged_arguments import Idle, Slot
from stacks import settings

STACK: dict[str, Any] = {
    "location": "westeurope",
    "active": "blue",
    "os": "Linux",
    "image": "Ubuntu2404",
    "size": "Standard_D2s_v5",
    "admin": {"sshPublicKeys": ["ssh-ed25519 AAAA"]},
    "network": {"loadBalancer": {"rules": [{"port": 80, "backendPort": 8080}], "probe": {"port": 8080}}},
}


def read(**keys: Any) -> settings.Settings:
    """The settings of a staged stack; None removes a key."""
    return settings.read({key: value for key, value in {**STACK, **keys}.items() if value is not None}, "azure-scaleset", "test")


def problems(**keys: Any) -> list[str]:
    """What is wrong with a stack."""
    with pytest.raises(settings.SettingsError) as caught:
        read(**keys)
    return [line.removeprefix("  - azure-scaleset:") for line in str(caught.value).splitlines()[1:]]


def test_active_makes_a_stack_staged() -> None:
    """The balancer is production's, and its ports are let in where the network is made; all other keys are what both slots have."""
    found = read(idle="shrink", slots={"green": {"capacity": 5}})

    balancer = {"rules": [{"port": 80, "backend_port": 8080}], "probe": {"port": 8080}}
    assert found.staged == {
        "active": Slot.BLUE,
        "idle": Idle.SHRINK,
        "slots": {"green": {"capacity": 5}},
        "load_balancer": balancer,
    }
    assert found.network == {"inbound": [{"name": "balancer-tcp-80", "port": 8080, "protocol": "Tcp", "source": "Internet"}]}
    assert (found.probe_is_health_signal, found.scale_set["image"]) == (False, "Ubuntu2404")


def test_a_subnet_of_ones_own_is_left_alone() -> None:
    """Its security group is not ours."""
    network = {**STACK["network"], "subnetId": "/subnet"}
    assert read(network=network).network == {"subnet_id": "/subnet"}


def test_what_does_not_go_together() -> None:
    """All problems of both kinds of keys are in one error."""
    assert problems(active=None, slots={}, idle="keep") == [
        "idle is given without active, which makes a stack staged. Add active: blue, or remove it.",
        "slots is given without active, which makes a stack staged. Add active: blue, or remove it.",
    ]
    network = {**STACK["network"], "outbound": "loadBalancer"}
    pools = {"blue": "b", "green": "g"}
    assert [each.split(" ")[0] for each in problems(network=network, productionPoolIds=pools, probeIsHealthSignal=True)] == [
        "active",
        "probeIsHealthSignal",
        "network.outbound",
    ]


def test_problems_of_the_slots_have_the_keys_of_the_stack() -> None:
    """What both have is under its own key, what a slot has under slots."""
    told = problems(active="blue", admin={}, slots={"green": {"zones": ["9"]}})
    assert [each.split(" ")[0] for each in told] == ["admin.sshPublicKeys", "slots.green.zones[0]"]
    assert problems(active="red") == ["active is 'red'. Expected one of blue, green."]


def test_a_secret_in_a_slot_hides_what_may_be_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    """The engine tells that `slots` holds a secret, not where: inputs become secrets, what decides the plan, the image and the version stay plain."""
    green = {"version": "2", "image": "Ubuntu2404", "size": "Standard_D4s_v5", "admin": {"password": "secret"}, "userData": "text"}
    monkeypatch.setenv("PULUMI_CONFIG", json.dumps({"azure-scaleset:slots": json.dumps({"green": green})}))
    monkeypatch.setenv("PULUMI_CONFIG_SECRET_KEYS", json.dumps(["azure-scaleset:slots"]))
    config: Any = SimpleNamespace(name="azure-scaleset")

    async def secret() -> list[str]:
        return await secret_paths(settings.values(config), "")

    assert asyncio.run(secret()) == [".slots.green.admin.password", ".slots.green.userData"]
