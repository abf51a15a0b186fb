"""Reads a stack's configuration: every key typed by the components' own arguments, every problem reported at once by its full key."""

import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NotRequired, TypedDict, get_args, is_typeddict

import pulumi

from azure_scaleset.arguments import CloudInitPart, NetworkAttachment, ScaleSetArgs
from azure_scaleset.nearest import nearest
from azure_scaleset.network_arguments import NetworkArgs
from azure_scaleset.network_problems import find_problems as network_problems
from azure_scaleset.problems import scale_set_group
from azure_scaleset.scale_set import find_problems as scale_set_problems
from azure_scaleset.shape import Superfluous, accepts_output, camel, element, fields, legible, plain, read_fields
from azure_scaleset.staged_arguments import StagedScaleSetArgs
from stacks import images, staged

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
    """Optional. The balancer's probe is the scale set's health signal. Default: true when there is a balancer and neither
    an application health extension nor `network.healthProbeId`."""


NETWORK_FIELDS = {name: field for name, field in fields(NetworkArgs).items() if name not in _FILLED_IN}
"""The keys of `network` that the component Network takes."""
ATTACHMENT_FIELDS = {name: field for name, field in fields(NetworkAttachment).items() if name not in NETWORK_FIELDS}
"""The keys of `network` that go to the scale set, beside what Network gives it. `subnetId` reaches it through Network."""
SCALE_SET_FIELDS = {name: field for name, field in fields(ScaleSetArgs).items() if name not in _FILLED_IN | {"network"}}

STAGED_FIELDS = {
    name: field for name, field in fields(StagedScaleSetArgs).items() if name not in {"scaleSet", "loadBalancer", "ignoreRules"}
}
"""The keys of a staged stack beside these: `active` makes a stack one."""

HINTS = {name: hint for known in (fields(Own), SCALE_SET_FIELDS, STAGED_FIELDS) for name, (_, hint, _) in known.items()}
"""The type of each key but `network`, whose keys are of two types, and those of images."""
_NEARLY_OURS = 0.7
"""How like ours a namespace is that is taken for a typo of it: `scaleset` is, `azure-native` (0.62) is not."""


@dataclass(frozen=True)
class Settings:
    """A stack's settings, validated."""

    name: str
    location: str
    tags: dict[str, str]
    probe_is_health_signal: bool
    network: dict[str, Any]
    """Arguments of Network."""
    attachment: dict[str, Any]
    """Arguments for the scale set's `network`, beside those that come from Network."""
    scale_set: dict[str, Any]
    image: images.MadeImage | None
    """The image that the stack makes; None where the scale set's `image` names one."""
    adopted_group: str | None
    """Resource group of the scale set that the stack adopts; None where it makes one."""
    staged: dict[str, Any] | None
    """Arguments of StagedScaleSet beside `scaleSet`; None where the stack has one scale set."""


class SettingsError(pulumi.RunError):
    """The stack's configuration is wrong."""


def load(config: pulumi.Config) -> Settings:
    """The settings of the current stack. Raises `SettingsError` with all problems."""
    return read(values(config), config.name, pulumi.get_stack(), misnamed(config))


def values(config: pulumi.Config) -> dict[str, Any]:
    """All keys of the project's namespace: texts, lists and maps as they stand in the stack file; secrets stay secret.

    A key of a mistyped namespace is read as what it was meant to be, so that it isn't told to be missing as well.
    """
    secret = set(json.loads(os.environ.get("PULUMI_CONFIG_SECRET_KEYS", "[]")))
    result: dict[str, Any] = {}
    # What is named rightly comes last, and wins.
    for key, text in sorted(_given().items(), key=lambda item: _namespace(item[0]) == config.name):
        if _is_nearly(_namespace(key), config.name):
            name = key.partition(":")[2]
            result[name] = _hide_key(name, parse(text)) if key in secret else parse(text)
    return result


def misnamed(config: pulumi.Config) -> list[str]:
    """A problem for each key whose namespace is nearly that of the project."""
    return [
        Superfluous(f"{key} is in a namespace that nothing reads. Did you mean '{config.name}:{key.partition(':')[2]}'?")
        for key in _given()
        if _namespace(key) != config.name and _is_nearly(_namespace(key), config.name)
    ]


def _given() -> dict[str, str]:
    """All keys of the stack, of all namespaces. `pulumi.Config` has no way to list them: this is the variable that it reads."""
    given: dict[str, str] = json.loads(os.environ.get("PULUMI_CONFIG", "{}"))
    return given


def _namespace(key: str) -> str:
    return key.partition(":")[0]


def _is_nearly(namespace: str, ours: str) -> bool:
    return nearest(namespace, [ours], _NEARLY_OURS) is not None


def read(given: dict[str, Any], namespace: str, stack: str, found: Sequence[str] = ()) -> Settings:
    """Validates the keys of a stack (without their namespace). *found*: problems that are known already."""
    problems: list[str] = [*found]
    own_fields = fields(Own)
    network_value = given.get("network") or {}
    staged_fields = {name: (python, hint, False) for name, (python, hint, _) in STAGED_FIELDS.items()}
    known = {**own_fields, **SCALE_SET_FIELDS, **staged_fields, "network": ("network", dict[str, Any], False)}
    known |= {key: (key, dict[str, Any], False) for key in images.FIELDS}
    if any(key in given for key in images.FIELDS):
        known["image"] = (*known["image"][:2], False)
    read_values = read_fields(given, known, f"{namespace}:", problems)
    made = images.choose(images.read(read_values, namespace, problems), read_values, namespace, problems)
    if isinstance(network_value, dict):
        read_values["network"] = read_fields(network_value, NETWORK_FIELDS | ATTACHMENT_FIELDS, f"{namespace}:network.", problems)
    if read_values.get("probe_is_health_signal"):
        problems += [f"{namespace}:{problem}" for problem in _probe_problems(read_values.get("network", {}))]
    problems += [f"{namespace}:{problem}" for problem in staged.key_problems(read_values)]
    if not legible(problems):
        _refuse(problems, stack)
    for key in images.FIELDS:
        read_values.pop(key, None)
    network = read_values.pop("network", {})
    of_staged = staged.take(read_values, network)
    probe_is_health_signal = of_staged is None and _probe_is_health_signal(read_values, network)
    attachment = {python: network.pop(python) for python, _, _ in ATTACHMENT_FIELDS.values() if python in network}
    # What the components would refuse is refused here, before the first of them has made anything.
    problems += [f"{namespace}:network.{problem}" for problem in network_problems(network)]
    # The scale set's arguments as the program will complete them, as far as checks look at them.
    probe = {"health_probe_id": "probe"} if probe_is_health_signal else {}
    if made is not None:
        problems += [f"{namespace}:{problem}" for problem in images.find_problems(made, read_values["location"], read_values["os"])]
    image = {"image": images.NotMadeYet()} if made is not None else {}
    adopted_group = scale_set_group(read_values["adopt"]["scale_set_id"]) if "adopt" in read_values else None
    if adopted_group is not None:
        problems += [f"{namespace}:{problem}" for problem in _adopted_network_problems(network)]
    completed: Any = {
        **read_values,
        **image,
        "resource_group_name": adopted_group or "group",
        "network": {"subnet_id": "subnet", **attachment, **probe},
    }
    found = (
        staged.problems(name_of(read_values), completed, of_staged) if of_staged else scale_set_problems(name_of(read_values), completed)
    )
    problems += [f"{namespace}:{problem}" for problem in found]
    _refuse(problems, stack)
    own = {python: read_values.pop(python) for python, _, _ in own_fields.values() if python in read_values}
    return Settings(
        name=name_of(own),
        location=own["location"],
        tags=own.get("tags", {}),
        probe_is_health_signal=probe_is_health_signal,
        network=network,
        attachment=attachment,
        scale_set=read_values,
        adopted_group=adopted_group,
        image=made and images.MadeImage(made.key, images.complete(made, read_values["os"])),
        staged=of_staged,
    )


def name_of(read_values: dict[str, Any]) -> str:
    """The scale set's name."""
    return str(read_values.get("name", "web"))


def _adopted_network_problems(network: dict[str, Any]) -> list[str]:
    """An adopted scale set keeps its network: what Network would make has no place beside it."""
    problems = [] if "subnet_id" in network else ["network.subnetId is missing. Expected the subnet of the adopted scale set."]
    others = [camel(key) for key in network if key != "subnet_id"]
    return problems + [
        f"network.{key} is given, but the stack adopts a scale set and makes no network. Remove it; ids of what exists are taken."
        for key in others
    ]


def _probe_problems(network: dict[str, Any]) -> list[str]:
    """Why the balancer's probe can't be the health signal."""
    if "load_balancer" not in network:
        return ["probeIsHealthSignal is true, but there is no balancer. Add network.loadBalancer, or remove it."]
    if "health_probe_id" in network:
        return [
            "probeIsHealthSignal is true, and network.healthProbeId is given: Azure takes one health signal (H4). Remove one of the two."
        ]
    return []


def _probe_is_health_signal(read_values: dict[str, Any], network: dict[str, Any]) -> bool:
    has_health_extension = any("application_health" in extension for extension in read_values.get("extensions", []))
    default = "load_balancer" in network and "health_probe_id" not in network and not has_health_extension
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


def _hide_key(name: str, value: Any) -> Any:
    if name in images.FIELDS and isinstance(value, dict):
        return _hide_fields(value, images.FIELDS[name])
    if name == "network" and isinstance(value, dict):
        return _hide_fields(value, NETWORK_FIELDS | ATTACHMENT_FIELDS)
    if name == "slots" and isinstance(value, dict):
        return {slot: _hide_slot(own) if isinstance(own, dict) else own for slot, own in value.items()}
    return hide(value, HINTS.get(name, Any))


def _hide_slot(own: dict[str, Any]) -> dict[str, Any]:
    """What a slot has of its own. Its image decides its name, and is no secret beside one."""
    return {**_hide_fields(own, SCALE_SET_FIELDS), **({"image": own["image"]} if "image" in own else {})}


def _hide_fields(value: dict[str, Any], known: dict[str, tuple[str, Any, bool]]) -> dict[str, Any]:
    return {key: hide(item, known[key][1]) if key in known and key != "settings" else item for key, item in value.items()}


def hide(value: Any, hint: Any) -> Any:
    """A value of which a part is secret: every text that the components take as an input becomes a secret, what decides the plan stays plain.

    The engine tells that a key holds a secret, not where in it. What has no place for a secret (cloudInit, which each instance can read) becomes
    one as a whole, and is refused. The public `settings` of a `custom` extension stay plain: what is in them is public.
    """
    if isinstance(value, str | int | float) and accepts_output(hint):
        return pulumi.Output.secret(value)
    if isinstance(value, dict) and is_typeddict(plain(hint)):
        return _hide_fields(value, fields(plain(hint)))
    if isinstance(value, dict):
        return {key: hide(item, element(hint) if get_args(hint) else Any) for key, item in value.items()}
    if isinstance(value, list) and plain(hint) is not Any:
        items = element(plain(hint))
        return pulumi.Output.secret(value) if items is CloudInitPart else [hide(item, items) for item in value]
    return value
