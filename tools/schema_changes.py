"""What changed between two schemas of the package, and whether a program that was written for the old one still works. Pure."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

Json = Mapping[str, Any]

_DEFAULT = re.compile(r"\bDefault: (.+?)\.(?=\s|$)")
"""A default as the description of a property tells it: the convention of the package, whose schema has no other place for it."""
_LIKE = 0.6
"""How like two names are of which one is told to be the new one of the other."""


@dataclass(frozen=True)
class Change:
    """One difference."""

    path: str
    """What changed: `ScaleSet.inputs.capacity`, `Upgrade.mode`, `UpgradeMode.Rolling`."""
    what: str
    """How, in words."""
    breaking: bool
    """A program that was written for the old schema may fail, or deploy something else."""


def changes(old: Json, new: Json) -> list[Change]:
    """All differences, in the order of their paths."""
    found = [*_components(old.get("resources", {}), new.get("resources", {})), *_types(old.get("types", {}), new.get("types", {}))]
    return sorted(found, key=lambda change: (change.path, change.what))


def may_break(old: str, new: str) -> bool:
    """Whether version *new* may break programs written for version *old*: another major version, or below 1.0 another minor version."""
    (old_major, old_minor), (new_major, new_minor) = _numbers(old), _numbers(new)
    return new_major > old_major or (new_major == old_major == 0 and new_minor > old_minor)


def next_breaking(version: str) -> str:
    """The lowest version after *version* that may break."""
    major, minor = _numbers(version)
    return f"0.{minor + 1}.0" if major == 0 else f"{major + 1}.0.0"


def refusal(found: list[Change], old: str, new: str) -> str | None:
    """Why version *new* can't be released after *old* with these changes, and what to do; None when it can."""
    broken = [change for change in found if change.breaking]
    if not broken or may_break(old, new):
        return None
    return "\n".join(
        [
            f"Version {new} breaks programs that were written for {old}:",
            *(f"  - {change.path}: {change.what}" for change in broken),
            "Either keep what was there beside the new (and say in its description that it is deprecated),",
            f"or make this version {next_breaking(old)} in components/pyproject.toml, and say in CHANGELOG.md under `Breaking changes` how to migrate.",
        ]
    )


def _components(old: Json, new: Json) -> Iterator[Change]:
    for token in old.keys() | new.keys():
        name = _short(token)
        if token not in new:
            yield Change(name, f"the component is gone{_renamed(token, old, new)}", True)
        elif token not in old:
            yield Change(name, "new component", False)
        else:
            before, after = old[token], new[token]
            yield from _inputs(
                f"{name}.inputs",
                before.get("inputProperties", {}),
                after.get("inputProperties", {}),
                before.get("requiredInputs", []),
                after.get("requiredInputs", []),
            )
            yield from _outputs(f"{name}.outputs", before, after)


def _types(old: Json, new: Json) -> Iterator[Change]:
    for token in old.keys() | new.keys():
        name = _short(token)
        if token not in new:
            yield Change(name, f"the type is gone{_renamed(token, old, new)}", True)
        elif token not in old:
            yield Change(name, "new type", False)
        elif "enum" in old[token] or "enum" in new[token]:
            yield from _values(name, old[token].get("enum", []), new[token].get("enum", []))
        else:
            before, after = old[token], new[token]
            yield from _inputs(
                name,
                before.get("properties") or {},
                after.get("properties") or {},
                before.get("required") or [],
                after.get("required") or [],
            )


def _inputs(owner: str, old: Json, new: Json, required_before: list[str], required_now: list[str]) -> Iterator[Change]:
    for name in old.keys() | new.keys():
        path = f"{owner}.{name}"
        if name not in new:
            yield Change(path, f"the input is gone{_renamed(name, old, new)}", True)
        elif name not in old:
            needed = name in required_now
            yield Change(path, "new input, and required: no program has it" if needed else "new optional input", needed)
        else:
            if name in required_now and name not in required_before:
                yield Change(path, "is required now, and was optional", True)
            elif name in required_before and name not in required_now:
                yield Change(path, "is optional now", False)
            yield from _property(path, old[name], new[name])


def _property(path: str, old: Json, new: Json) -> Iterator[Change]:
    before, after = _type(old), _type(new)
    if before != after:
        yield Change(path, f"the type was {before} and is {after}", True)
    elif _plain(new) and not _plain(old):
        yield Change(path, "took outputs of other resources, and takes plain values only", True)
    elif _plain(old) and not _plain(new):
        yield Change(path, "takes outputs of other resources now", False)
    was, now = default(old), default(new)
    if was is None and now is not None:
        yield Change(path, f"its default is told: `{now}`", False)
    elif was != now:
        words = f"the default was {_quoted(was)} and is {_quoted(now)}"
        yield Change(path, f"{words}: programs that don't give the input deploy something else", True)


def _outputs(owner: str, old: Json, new: Json) -> Iterator[Change]:
    before, after = old.get("properties", {}), new.get("properties", {})
    for name in before.keys() | after.keys():
        path = f"{owner}.{name}"
        if name not in after:
            yield Change(path, f"the output is gone{_renamed(name, before, after)}", True)
        elif name not in before:
            yield Change(path, "new output", False)
        elif _type(before[name]) != _type(after[name]):
            yield Change(path, f"the type was {_type(before[name])} and is {_type(after[name])}", True)
        elif name in old.get("required", []) and name not in new.get("required", []):
            yield Change(path, "may be missing now", True)


def _values(owner: str, old: list[Json], new: list[Json]) -> Iterator[Change]:
    before, after = ({str(each["value"]): str(each["name"]) for each in values} for values in (old, new))
    for value in before.keys() | after.keys():
        path = f"{owner}.{value}"
        if value not in after:
            yield Change(path, f"the value is gone{_renamed(value, before, after)}", True)
        elif value not in before:
            yield Change(path, "new value", False)
        elif before[value] != after[value]:
            yield Change(path, f"its name was {before[value]} and is {after[value]}: programs in typed languages use it", True)


def default(of: Json) -> str | None:
    """The default that a property's description tells; None without one."""
    found = _DEFAULT.search(" ".join(str(of.get("description") or "").split()))
    return found[1] if found else None


def _type(of: Json) -> str:
    """A property's type in words."""
    if of.get("$ref"):
        reference = str(of["$ref"])
        return _short(reference) if reference.startswith("#/types/") else reference.removeprefix("pulumi.json#/")
    if of.get("type") == "array":
        return f"list of {_type(of['items'])}"
    if of.get("type") == "object":
        return f"map of {_type(of['additionalProperties'])}" if of.get("additionalProperties") else "object"
    return str(of.get("type") or "any value")


def _plain(of: Json) -> bool:
    """Whether an output is refused: for a list or a map whether its items refuse it, since outputs are welcome there in every language."""
    inner = of.get("items") or of.get("additionalProperties")
    return _plain(inner) if inner else bool(of.get("plain"))


def _renamed(name: str, old: Json, new: Json) -> str:
    added = [each for each in new if each not in old]
    near = get_close_matches(name, added, 1, _LIKE)
    return f" (renamed to {_short(near[0])}?)" if near else ""


def _quoted(value: str | None) -> str:
    return "none" if value is None else f"`{value}`"


def _short(token: str) -> str:
    return token.rpartition(":")[2]


def _numbers(version: str) -> tuple[int, int]:
    found = re.match(r"(\d+)\.(\d+)\.\d+", version)
    if found is None:
        raise ValueError(f"{version!r} is no version. Expected three numbers, as 1.2.3.")
    return int(found[1]), int(found[2])
