"""What a preview does to the scale sets in it."""

import enum
import re
from collections import Counter
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

from azure_scaleset.commands.preview_file import is_secret, plain, steps_of
from azure_scaleset.model import merge
from azure_scaleset.rollout.change import unmarked
from azure_scaleset.rollout.plan import OS_TAG
from azure_scaleset.rules import UNKNOWN, Effect, EffectKind, effects
from azure_scaleset.rules.effect import Driven, Reach
from azure_scaleset.rules.effects_difference import PARENTS
from azure_scaleset.rules.facts import PROFILE
from azure_scaleset.rules.resource_kind import ResourceKind
from azure_scaleset.rules.value import get, integer, mapping, text

_DOCUMENT = f"{PROFILE}.osProfile.customData"

Drives = Callable[[int], Driven]
"""How an update that waits brings so many instances to the model."""


class Action(enum.StrEnum):
    """What happens to a scale set."""

    MADE = "made"
    """It is new, or imported."""
    CHANGED = "changed"
    """Its inputs change."""
    REPLACED = "replaced"
    """Another set takes its place."""
    DELETED = "deleted"
    """It goes, and its instances with it."""
    KEPT = "kept in Azure, left by Pulumi"
    """It goes from the stack only: `retainOnDelete`."""


@dataclass(frozen=True)
class Impact:
    """What happens to one scale set."""

    name: str
    """Its name in the program."""
    action: Action
    """What happens to the set."""
    instances: int | None
    """The instances that run now, by the stack's state; of a new set those that are made. None if the preview doesn't tell."""
    effects: tuple[Effect, ...] = ()
    """What happens to the instances of a set that is changed or replaced, worst first."""


_ACTIONS = {
    "create": Action.MADE,
    "import": Action.MADE,
    "update": Action.CHANGED,
    "replace": Action.REPLACED,
    "create-replacement": Action.REPLACED,
    "import-replacement": Action.REPLACED,
    "delete": Action.DELETED,
}
"""Operation of a step -> what happens. Of a replacement the preview may list a deletion too, which is the same."""
_OLD, _NEW = "a secret", "another secret"
_INDEX = re.compile(r"\[\d+\]")


def impacts(document: Any, drives: Drives) -> list[Impact]:
    """What the preview *document* does to each scale set that it touches. *drives*: for the sets whose update waits for the instances."""
    steps = list(steps_of(document))
    waiting = {_gate_of(state) for step in steps for state in (mapping(step.get("newState")), mapping(step.get("oldState")))}
    touched = [step for step in steps if _is_scale_set(step) and step.get("op") in _ACTIONS]
    names = Counter(_name(step) for step in touched)
    return [
        _impact(
            step, _name(step) if names[_name(step)] == 1 else str(step.get("urn")), drives if _parent_and_name(step) in waiting else None
        )
        for step in touched
    ]


def others(document: Any) -> dict[str, int]:
    """How many resources that are no scale sets the preview touches, by operation."""
    return dict(Counter(str(step.get("op")) for step in steps_of(document) if not _is_scale_set(step) and step.get("op") != "same"))


def _is_scale_set(step: Mapping[str, Any]) -> bool:
    return ResourceKind.SCALE_SET in (ResourceKind.of_token(get(step, f"{side}.type")) for side in ("newState", "oldState"))


def _name(step: Mapping[str, Any]) -> str:
    return str(step.get("urn")).rpartition("::")[2]


def _parent_and_name(step: Mapping[str, Any]) -> tuple[Any, str]:
    return (get(step, "newState.parent") or get(step, "oldState.parent"), _name(step))


def _gate_of(state: Mapping[str, Any]) -> tuple[Any, str] | None:
    """Parent and name of the scale set that waits for its instances, when *state* is its gate."""
    name = str(state.get("urn")).rpartition("::")[2]
    return (
        (state.get("parent"), name.removesuffix("-rollout"))
        if state.get("type") == "pulumi:index:Stash" and name.endswith("-rollout")
        else None
    )


def _impact(step: Mapping[str, Any], name: str, drives: Drives | None) -> Impact:
    action = _ACTIONS[str(step["op"])]
    if action is Action.MADE:
        return Impact(name, action, integer(get(plain(get(step, "newState.inputs")), "sku.capacity")))
    state = step.get("oldState")
    seen, written = (integer(get(state, f"{part}.sku.capacity")) for part in ("outputs", "inputs"))
    running = written if seen is None else seen
    if action is Action.DELETED:
        return Impact(name, Action.KEPT if get(state, "retainOnDelete") is True else action, running)
    old, new, hidden = sides(step)
    found = effects(
        old,
        new,
        instances=running,
        replace_when_immutable=action is Action.REPLACED,
        sensitive=hidden,
        driven=drives(running or 1) if drives is not None else None,
    )
    if action is Action.REPLACED and not any(effect.kind is EffectKind.REPLACE for effect in found):
        found = [_replacement(step, running), *found]
    return Impact(name, action, running, tuple(found))


def _replacement(step: Mapping[str, Any], running: int | None) -> Effect:
    """The effect of a replacement for which no changed property is a reason."""
    reasons = step.get("replaceReasons")
    path = next((each for each in reasons if isinstance(each, str)), "") if isinstance(reasons, list) else ""
    message = f"{path or 'The scale set'}: Pulumi makes a new set and deletes this one, with all its instances."
    return Effect(path or "id", EffectKind.REPLACE, message, "", "…", "…", Reach(None, running))


def sides(step: Mapping[str, Any]) -> tuple[Any, Any, list[str]]:
    """The inputs before and after a step, and the properties that are secret in one of them, with `[]` for items.

    Texts stand for the secrets: the same on both sides where the step's difference doesn't name them, two where it does.
    """
    hidden: set[str] = set()
    old = _side(get(step, "oldState.inputs"), "", lambda _: _OLD, hidden)
    new = _side(get(step, "newState.inputs"), "", lambda path: _stand_in(path, step), hidden)
    since, document = f"tags.{OS_TAG}", get(old, _DOCUMENT)
    if isinstance(document, str) and isinstance(get(old, since), str) and get(old, since) == get(new, since):
        # The same time, the same document, whoever made it a secret or none.
        new = merge(new, {PROFILE: {"osProfile": {"customData": document}}})
    return unmarked(old), unmarked(new), sorted(hidden)


def _side(value: Any, path: str, stand_in: Callable[[str], Any], hidden: set[str]) -> Any:
    if is_secret(value):
        hidden.add(_INDEX.sub("[]", path))
        return stand_in(path)
    if isinstance(value, Mapping):
        return {key: _side(item, f"{path}.{key}" if path else str(key), stand_in, hidden) for key, item in value.items()}
    if isinstance(value, list):
        return [_side(item, f"{path}[{index}]", stand_in, hidden) for index, item in enumerate(value)]
    return plain(value)


def _stand_in(path: str, step: Mapping[str, Any]) -> Any:
    """What stands for the new secret at *path*; `UNKNOWN` where nobody can tell what of it changes."""
    detailed, reasons = step.get("detailedDiff"), step.get("diffReasons")
    if isinstance(detailed, Mapping) and detailed:
        changed = _touches(path, detailed)
        return _OLD if not changed else UNKNOWN if _INDEX.sub("[]", path) in PARENTS else _NEW
    top = re.split(r"[.\[]", path, maxsplit=1)[0]
    return _OLD if isinstance(reasons, list) and top not in reasons else UNKNOWN


def _touches(path: str, changed: Collection[Any]) -> bool:
    """Whether one of the paths *changed* is at, below or above *path*."""
    return any(_within(path, each) or _within(each, path) for each in changed if text(each) is not None)


def _within(inner: str, outer: str) -> bool:
    return inner == outer or inner.startswith((f"{outer}.", f"{outer}["))
