"""What the two slots of a staged scale set are, and the balancers in front of them: from the arguments alone. Pure, but for the outputs that pass through."""

from collections.abc import Mapping
from typing import Any

import pulumi

from azure_scaleset import model
from azure_scaleset.arguments import ScaleSetArgs
from azure_scaleset.extensions import definitions
from azure_scaleset.extensions.arguments import Extension, HealthProtocol
from azure_scaleset.extensions.context import OperatingSystem
from azure_scaleset.network_arguments import BalancerRule, Probe, ProbeProtocol
from azure_scaleset.network_model import balancing_rule, probe
from azure_scaleset.part_ids import part_id
from azure_scaleset.shape import fields, read_fields
from azure_scaleset.staged_arguments import Idle, Slot, StagedScaleSetArgs

PRODUCTION = "production"
"""Name of the production balancer's front end."""
PLACEHOLDER = "${version}"
"""What a slot's `version` replaces."""
_OWNED = {"resource_group_name": "resourceGroupName", "location": "location"}
"""What the slots share with the balancers, which are where the network is."""


def slot_name(name: str, slot: Slot) -> str:
    """Name of a slot's scale set in the program; in Azure a digest follows."""
    return f"{name}-{slot.value}"


def read_slot(name: str, args: StagedScaleSetArgs, slot: Slot, found: list[str]) -> ScaleSetArgs:
    """The arguments of a slot's scale set, without the balancers' pools: what both have, with the slot's own merged over it. Problems are added to *found*."""
    path, before = f"slots.{slot.value}.", len(found)
    given = dict(args.get("slots", {}).get(slot.value, {}))  # type: ignore[call-overload]  # its keys are the slots' names
    version = given.pop("version", None)
    own = read_fields(given, fields(ScaleSetArgs), path, found, partly=True)
    found += [f"{path}{_OWNED[key]} is given. Both slots are where scaleSet.{_OWNED[key]} says: remove it." for key in own if key in _OWNED]
    merged: Any = model.merge(args["scale_set"], own)
    if version is not None and not isinstance(version, str):
        found.append(f"{path}version is {version!r}. Expected text: put it into quotes.")
    elif version is not None:
        filled = _filled(merged, version)
        if filled == merged:
            found.append(
                f"{path}version is {version!r}, and no text of the slot holds {PLACEHOLDER}: it changes nothing. Use it, as in the image's id, or remove it."
            )
        merged = filled
    if len(found) > before:
        return merged  # type: ignore[no-any-return]  # nobody goes on with it
    # Whole again: an object that only the slot has must have all that is required.
    result: Any = read_fields(merged, fields(ScaleSetArgs), path, found)
    result.setdefault("computer_name_prefix", _prefix(name, result, slot))
    extensions = result.get("extensions", [])
    if "load_balancer" in args and not definitions.health_extension(extensions):
        result["extensions"] = [*extensions, health_extension(args["load_balancer"]["probe"])]
    return result  # type: ignore[no-any-return]  # read_fields gives what its table says


def as_idle(args: ScaleSetArgs, idle: Idle) -> ScaleSetArgs | None:
    """The arguments of an idle slot; None where it has no scale set."""
    if idle is Idle.REMOVE:
        return None
    if idle is Idle.KEEP:
        return args
    count = min(model.initial_capacity(args), 1 if idle is Idle.SHRINK else 0)
    result: ScaleSetArgs = {**args, "capacity": count}
    if "autoscale" in args:
        # The setting stays, with no room: without one autoscale might act once more before it is gone.
        result["autoscale"] = {**args["autoscale"], "minimum": count, "maximum": count}
    return result


def attached(args: ScaleSetArgs, pools: list[pulumi.Output[str]]) -> ScaleSetArgs:
    """The arguments with the slot's own pools beside those that it has."""
    network = args["network"]
    return {**args, "network": {**network, "backend_pool_ids": [*network.get("backend_pool_ids", []), *pools]}}


def health_extension(asked: Probe) -> Extension:
    """An application health extension that asks what the balancer's probe asks (T4: a probe that is a health signal would hold the rule at its slot)."""
    protocol = {ProbeProtocol.HTTP: HealthProtocol.HTTP, ProbeProtocol.HTTPS: HealthProtocol.HTTPS, ProbeProtocol.TCP: HealthProtocol.TCP}
    kind = protocol[asked.get("protocol", ProbeProtocol.HTTP if "path" in asked else ProbeProtocol.TCP)]
    extension: Extension = {"application_health": {"protocol": kind, "port": asked["port"]}}
    if "path" in asked:
        extension["application_health"]["request_path"] = asked["path"]
    return extension


def is_internal(args: StagedScaleSetArgs) -> bool:
    """Whether production is an internal balancer of the component."""
    return "load_balancer" in args and not args["load_balancer"].get("public", True)


def test_rules(args: StagedScaleSetArgs) -> list[BalancerRule]:
    """The rules of each slot's test front end; none where there is no such front end."""
    test = args.get("test", {})
    if "rules" in test:
        return test["rules"]
    return args["load_balancer"]["rules"] if "load_balancer" in args and not is_internal(args) else []


def test_pool(args: StagedScaleSetArgs, slot: Slot) -> str:
    """Name of a slot's pool behind its test front end. On the production balancer it is another one than production's."""
    return f"{slot.value}-test" if is_internal(args) else slot.value


def production_balancer(args: StagedScaleSetArgs, own_id: pulumi.Output[str], front_end: dict[str, Any]) -> dict[str, Any]:
    """The inputs of the production balancer. *own_id*: its id. *front_end*: where its address comes from. All that `active` changes is the pool of its rules."""
    balancer = args["load_balancer"]
    inputs: dict[str, Any] = {
        "frontend_ip_configurations": [{"name": PRODUCTION, **front_end}],
        "backend_address_pools": [{"name": slot.value} for slot in Slot],
        "probes": [probe(balancer["probe"])],
        "load_balancing_rules": [
            balancing_rule(rule, own_id, front_end=PRODUCTION, pool=args["active"].value) for rule in balancer["rules"]
        ],
    }
    if not (is_internal(args) and test_rules(args)):
        return inputs
    test = test_balancer(args, own_id, front_end["subnet"])
    # They may ask the same probe.
    names = {key: {each["name"] for each in value} for key, value in inputs.items()}
    return {key: [*value, *(each for each in test[key] if each["name"] not in names[key])] for key, value in inputs.items()}


def test_balancer(args: StagedScaleSetArgs, own_id: pulumi.Output[str], subnet: dict[str, Any]) -> dict[str, Any]:
    """The inputs of the balancer with a front end for each slot, bound to the slot's pool for life."""
    given = args.get("test", {})
    asked = given.get("probe") or args["load_balancer"]["probe"]
    name = "test-probe" if is_internal(args) and "probe" in given else "probe"
    return {
        "frontend_ip_configurations": [_test_front_end(args, slot, subnet) for slot in Slot],
        "backend_address_pools": [{"name": test_pool(args, slot)} for slot in Slot],
        "probes": [{**probe(asked), "name": name}],
        "load_balancing_rules": [
            {
                **balancing_rule(rule, own_id, front_end=slot.value, pool=test_pool(args, slot), prefix=f"{slot.value}-"),
                "probe": {"id": part_id(own_id, "probes", name)},
            }
            for slot in Slot
            for rule in test_rules(args)
        ],
    }


def _test_front_end(args: StagedScaleSetArgs, slot: Slot, subnet: dict[str, Any]) -> dict[str, Any]:
    addresses: Any = args.get("test", {}).get("addresses")
    if addresses is None:
        return {"name": slot.value, "subnet": subnet, "private_ip_allocation_method": "Dynamic"}
    return {"name": slot.value, "subnet": subnet, "private_ip_allocation_method": "Static", "private_ip_address": addresses[slot.value]}


def _prefix(name: str, args: ScaleSetArgs, slot: Slot) -> str:
    """Computer names tell the slot, also where they are short (Windows)."""
    longest = (9 if args["os"] is OperatingSystem.WINDOWS else 20) - len(slot.value)
    return model.computer_name_prefix(name, args)[:longest] + slot.value


def _filled(value: Any, version: str) -> Any:
    if isinstance(value, str) and type(value) is str:
        return value.replace(PLACEHOLDER, version)
    if isinstance(value, Mapping):
        return {key: _filled(item, version) for key, item in value.items()}
    if isinstance(value, list):
        return [_filled(item, version) for item in value]
    return value
