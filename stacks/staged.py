"""The keys of a stack with a staged scale set: those of any other stack, `active` and what goes with it. The network's balancer is then production's."""

from typing import Any

from azure_scaleset.network_arguments import Outbound
from azure_scaleset.network_model import balancer_inbound
from azure_scaleset.scale_set import find_problems
from azure_scaleset.staged_problems import find

_KEYS = {"idle": "idle", "slots": "slots", "test": "test", "production_pool_ids": "productionPoolIds", "check_switch": "checkSwitch"}


def key_problems(read_values: dict[str, Any]) -> list[str]:
    """What doesn't go together in the keys of a stack."""
    network = read_values.get("network", {})
    if "active" not in read_values:
        return [
            f"{name} is given without active, which makes a stack staged. Add active: blue, or remove it."
            for key, name in _KEYS.items()
            if key in read_values
        ]
    problems = []
    if ("load_balancer" in network) == ("production_pool_ids" in read_values):
        given = "both are given" if "load_balancer" in network else "none is given"
        problems.append(f"active takes exactly one of network.loadBalancer and productionPoolIds: {given}.")
    if read_values.get("probe_is_health_signal"):
        problems.append("probeIsHealthSignal is true, and a probe that is a health signal keeps its rule at one slot (T4). Remove it.")
    if network.get("outbound") is Outbound.LOAD_BALANCER:
        problems.append("network.outbound is loadBalancer, and the balancer of a staged stack has no outbound rules. Take natGateway.")
    return problems


def take(read_values: dict[str, Any], network: dict[str, Any]) -> dict[str, Any] | None:
    """Takes the arguments of StagedScaleSet, beside `scaleSet`, out of a stack's keys; None where it isn't staged.

    The balancer leaves the *network*, and its ports are let in there all the same.
    """
    if "active" not in read_values:
        return None
    staged = {key: read_values.pop(key) for key in ("active", *_KEYS) if key in read_values}
    if "load_balancer" in network:
        staged["load_balancer"] = network.pop("load_balancer")
        if "subnet_id" not in network:
            network["inbound"] = [*balancer_inbound(staged["load_balancer"]), *network.get("inbound", [])]
    if "ignore_rules" in network:
        staged["ignore_rules"] = network.pop("ignore_rules")
    return staged


def problems(name: str, scale_set: Any, staged: dict[str, Any]) -> list[str]:
    """What StagedScaleSet would refuse. *scale_set*: what both slots have."""
    completed: Any = {**staged, "scale_set": scale_set}
    return find(name, completed, find_problems, shared="")
