"""The keys of a stack file that make it staged: which slot is active, what becomes of the other one, what each has of its own. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from azure_scaleset.commands.failure import CommandError
from azure_scaleset.nearest import did_you_mean
from azure_scaleset.staged_arguments import Idle, Slot

_Choice = TypeVar("_Choice", Slot, Idle)


@dataclass(frozen=True)
class Change:
    """A setting that is to be written."""

    path: str
    """As `pulumi config set --path` takes it."""
    value: str
    before: str | None
    """What it is now; None where it isn't there."""

    def __str__(self) -> str:
        return f"{self.path}: {'(not set)' if self.before is None else self.before} -> {self.value}"


@dataclass(frozen=True)
class Settings:
    """What a stack file says."""

    prefix: str
    """What stands before the keys, as `azure-scaleset:` where they are keys of the stack, and `shop:web.` where they are in an object."""
    active: Slot
    idle: Idle
    slots: Mapping[str, Any] = field(default_factory=dict)
    """Slot -> what it has of its own."""

    def changes(self, active: Slot | None = None, idle: Idle | None = None) -> list[Change]:
        """What must be written so that the file says so."""
        wanted = (("active", self.active, active), ("idle", self.idle, idle))
        return [Change(f"{self.prefix}{key}", new.value, old.value) for key, old, new in wanted if new not in (None, old)]

    def slot_changes(self, slot: Slot, content: Mapping[str, str]) -> list[Change]:
        """What must be written so that a slot has this content: key, or a path in it, -> text."""
        found = []
        for key, value in content.items():
            before = self._value(slot, key)
            if before != value:
                found.append(Change(f"{self.prefix}slots.{slot.value}.{key}", value, before))
        return found

    def _value(self, slot: Slot, key: str) -> str | None:
        here: Any = self.slots.get(slot.value)
        for part in key.split("."):
            here = here.get(part) if isinstance(here, Mapping) else None
        return None if here is None else str(here)


def find(file: Mapping[str, Any], project: str, stack: str) -> Settings:
    """The settings of a stack file. *project*: the namespace of keys without one. Raises `CommandError` where it isn't staged, or says what there is not."""
    places = list(_places(file.get("config") or {}, project))
    if len(places) != 1:
        found = f"{len(places)} keys `active`: {', '.join(f'{prefix}active' for prefix, _ in places)}" if places else "no key `active`"
        raise CommandError(
            f"The file of stack {stack} has {found}. Expected one, which names the slot that serves production (blue or green): as {project}:active."
        )
    ((prefix, keys),) = places
    slots = keys.get("slots")
    return Settings(
        prefix,
        _choice(Slot, keys["active"], f"{prefix}active"),
        _choice(Idle, keys.get("idle", Idle.KEEP.value), f"{prefix}idle"),
        slots if isinstance(slots, Mapping) else {},
    )


def read_content(words: Sequence[str]) -> dict[str, str]:
    """What `--set KEY=VALUE` says. Raises `CommandError` for a word that is none, and for a key that is given twice."""
    content: dict[str, str] = {}
    for word in words:
        key, equals, value = word.partition("=")
        if not equals or not key:
            raise CommandError(f"--set {word!r} is no setting of a slot. Expected KEY=VALUE, as version=1.5 or image=Ubuntu2404.")
        if key in content:
            raise CommandError(f"--set {key} was given twice: {content[key]!r} and {value!r}. Expected one value.")
        content[key] = value
    return content


def _places(config: Mapping[str, Any], project: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Prefixes, and the keys behind each, that have an `active`."""
    spaces: dict[str, dict[str, Any]] = {}
    for key, value in config.items():
        namespace, colon, name = str(key).rpartition(":")
        spaces.setdefault(namespace if colon else project, {})[name] = value
    for namespace, keys in spaces.items():
        if "active" in keys:
            yield f"{namespace}:", keys
        for name, value in keys.items():
            if isinstance(value, Mapping) and "active" in value:
                yield f"{namespace}:{name}.", value


def _choice(kind: type[_Choice], given: object, path: str) -> _Choice:
    names = [each.value for each in kind]
    if given not in names:
        raise CommandError(f"{path} is {given!r}. Expected one of: {', '.join(names)}.{did_you_mean(str(given), names)}")
    return kind(str(given))
