"""Reads a stack's configuration: every key typed by the components' own arguments, every problem reported at once by its full key."""

import json
import os
from dataclasses import dataclass
from typing import Any, NotRequired, TypedDict, get_args, is_typeddict

import pulumi

from azure_scaleset.arguments import CloudInitPart, ScaleSetArgs
from azure_scaleset.network_arguments import NetworkArgs
from azure_scaleset.network_problems import find_problems as network_problems
from azure_scaleset.scale_set import find_problems as scale_set_problems
from azure_scaleset.shape import accepts_output, element, fields, plain, read_fields

# What the program itself fills in.
_FILLED_IN = {"resourceGroupName", "location", "tags"}


class Own(TypedDict):
    """The keys of a stack that belong to no component."""

    location: str
    """Required. Azure region, as westeurope."""

    name: NotRequired[str]
    """Optional. Name of the scale set. Default: web."""

    tags: NotRequired[dict[str, str]]
    """Optional. Tags of all resources, beside `stack`."""

    probe_is_health_signal: NotRequired[bool]
    """Optional. The balancer's probe is the scale set's health signal. Default: true when there is a balancer and no application health
    extension."""


NETWORK_FIELDS = {name: field for name, field in fields(NetworkArgs).items() if name not in _FILLED_IN}
SCALE_SET_FIELDS = {name: field for name, field in fields(ScaleSetArgs).items() if name not in _FILLED_IN | {"network"}}


HINTS = {name: hint for known in (fields(Own), SCALE_SET_FIELDS) for name, (_, hint, _) in known.items()} | {"network": NetworkArgs}
"""The type of each key."""


@dataclass(frozen=True)
class Settings:
    """A stack's settings, validated."""

    name: str
    location: str
    tags: dict[str, str]
    probe_is_health_signal: bool
    network: dict[str, Any]
    scale_set: dict[str, Any]


class SettingsError(pulumi.RunError):
    """The stack's configuration is wrong."""


def load(config: pulumi.Config) -> Settings:
    """The settings of the current stack. Raises `SettingsError` with all problems."""
    return read(values(config), config.name, pulumi.get_stack())


def values(config: pulumi.Config) -> dict[str, Any]:
    """All keys of the project's namespace: texts, lists and maps as they stand in the stack file; secrets stay secret."""
    prefix = f"{config.name}:"
    # `pulumi.Config` has no way to list the keys, and an unknown one must be found: these are the variables it reads.
    given: dict[str, str] = json.loads(os.environ.get("PULUMI_CONFIG", "{}"))
    secret = set(json.loads(os.environ.get("PULUMI_CONFIG_SECRET_KEYS", "[]")))
    result: dict[str, Any] = {}
    for key, text in given.items():
        if key.startswith(prefix):
            name = key.removeprefix(prefix)
            result[name] = hide(parse(text), HINTS.get(name, Any)) if key in secret else parse(text)
    return result


def read(given: dict[str, Any], namespace: str, stack: str) -> Settings:
    """Validates the keys of a stack (without their namespace)."""
    problems: list[str] = []
    own_fields = fields(Own)
    network_value = given.get("network") or {}
    known = {**own_fields, **SCALE_SET_FIELDS, "network": ("network", dict[str, Any], False)}
    read_values = read_fields(given, known, f"{namespace}:", problems)
    if isinstance(network_value, dict):
        read_values["network"] = read_fields(network_value, NETWORK_FIELDS, f"{namespace}:network.", problems)
    if read_values.get("probe_is_health_signal") and "load_balancer" not in read_values.get("network", {}):
        problems.append(
            f"{namespace}:probeIsHealthSignal is true, but there is no balancer. Add {namespace}:network.loadBalancer, or remove it."
        )
    _refuse(problems, stack)
    probe_is_health_signal = _probe_is_health_signal(read_values)
    attached = _attached(read_values)
    network = read_values.pop("network", {})
    # What the components would refuse is refused here, before the first of them has made anything.
    problems += [f"{namespace}:network.{problem}" for problem in network_problems(network)]
    problems += [f"{namespace}:{problem}" for problem in scale_set_problems(name_of(read_values), attached)]
    _refuse(problems, stack)
    own = {python: read_values.pop(python) for python, _, _ in own_fields.values() if python in read_values}
    return Settings(
        name=name_of(own),
        location=own["location"],
        tags=own.get("tags", {}),
        probe_is_health_signal=probe_is_health_signal,
        network=network,
        scale_set=read_values,
    )


def name_of(read_values: dict[str, Any]) -> str:
    """The scale set's name."""
    return str(read_values.get("name", "web"))


def _attached(read_values: dict[str, Any]) -> Any:
    """The scale set's arguments as the program will complete them, as far as checks look at them."""
    probe = {"health_probe_id": "probe"} if _probe_is_health_signal(read_values) else {}
    return {**read_values, "resource_group_name": "group", "network": {"subnet_id": "subnet", **probe}}


def _probe_is_health_signal(read_values: dict[str, Any]) -> bool:
    has_health_extension = any("application_health" in extension for extension in read_values.get("extensions", []))
    default = "load_balancer" in read_values.get("network", {}) and not has_health_extension
    return bool(read_values.get("probe_is_health_signal", default))


def _refuse(problems: list[str], stack: str) -> None:
    if problems:
        count = "1 problem" if len(problems) == 1 else f"{len(problems)} problems"
        raise SettingsError(f"Stack '{stack}' has {count} in its configuration:\n" + "\n".join(f"  - {problem}" for problem in problems))


def parse(text: str) -> Any:
    """Pulumi hands lists and maps over as JSON; a text stays a text, whatever it looks like."""
    if text.startswith(("[", "{")):
        try:
            return json.loads(text)
        except json.JSONDecodeError:
            return text
    return text


def hide(value: Any, hint: Any) -> Any:
    """A value of which a part is secret: every text that the components take as an input becomes a secret, what decides the plan stays plain.

    The engine tells that a key holds a secret, not where in it. What has no place for a secret (cloudInit, which each instance can read) becomes
    one as a whole, and is refused. The public `settings` of a `custom` extension stay plain: what is in them is public.
    """
    if isinstance(value, str | int | float) and accepts_output(hint):
        return pulumi.Output.secret(value)
    if isinstance(value, dict) and is_typeddict(plain(hint)):
        known = fields(plain(hint))
        return {key: hide(item, known[key][1]) if key in known and key != "settings" else item for key, item in value.items()}
    if isinstance(value, dict):
        return {key: hide(item, element(hint) if get_args(hint) else Any) for key, item in value.items()}
    if isinstance(value, list) and plain(hint) is not Any:
        items = element(plain(hint))
        return pulumi.Output.secret(value) if items is CloudInitPart else [hide(item, items) for item in value]
    return value
