"""Reads plain data (a Python caller's dict, a stack file, arguments that came through the plugin) as the `TypedDict`s that the components take.

One walk normalises and checks: camelCase keys become the Python names, enum values become their enum, "4" and 4.0 become 4 where an integer is
expected (a stack file that `pulumi config set` wrote holds strings, the plugin protocol knows only floats), and every deviation is a
problem that
names its path in camelCase. Outputs are left alone wherever an `Input` is accepted.
"""

import enum
import functools
import types
import typing
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

import pulumi

from azure_scaleset.nearest import did_you_mean, nearest

_T = TypeVar("_T", bound=type)
_ONE_OF: dict[type, tuple[str, ...]] = {}


class Superfluous(str):
    """A problem of a key that nothing reads: what else is given can be read and checked without it."""


def legible(problems: Sequence[str]) -> bool:
    """Whether values with these *problems* fit their types nevertheless, so that what they say can be checked, too."""
    return all(isinstance(problem, Superfluous) for problem in problems)


def one_of(*names: str) -> Callable[[_T], _T]:
    """Marks a `TypedDict` of which exactly one of the named fields must be given: a choice, since Pulumi's components know no unions."""

    def mark(typed_dict: _T) -> _T:
        _ONE_OF[typed_dict] = names
        return typed_dict

    return mark


def choices(typed_dict: type) -> tuple[str, ...]:
    """The fields of which exactly one must be given, in Python's names; empty for an ordinary type."""
    return _ONE_OF.get(typed_dict, ())


@functools.cache
def camel(name: str) -> str:
    """The name of a property outside of Python: `ssh_public_keys` -> `sshPublicKeys`."""
    first, *rest = name.split("_")
    return first + "".join(part.capitalize() for part in rest)


@functools.cache
def fields(typed_dict: type) -> dict[str, tuple[str, Any, bool]]:
    """camelCase name -> (Python's name, type, required) of a `TypedDict`."""
    # `pulumi.Input` holds a forward reference to `Output[T]` that only pulumi's own module could resolve.
    hints = typing.get_type_hints(typed_dict, localns={"Output": pulumi.Output, "T": Any})
    required = typed_dict.__required_keys__  # type: ignore[attr-defined]  # every TypedDict has it
    return {camel(name): (name, hint, name in required) for name, hint in hints.items()}


def read(value: Any, expected: Any, path: str, problems: list[str], *, partly: bool = False) -> Any:
    """*value* as *expected*; what does not fit is added to *problems* with its path. *partly*: it is merged over another value, so that objects need not have
    all that is required (items of lists must: lists are replaced)."""
    if value is None and not _accepts_none(expected):
        problems.append(f"{path} has no value. Expected {describe(expected)}. Give it one, or remove the key.")
        return None
    if isinstance(value, pulumi.Output):
        if not accepts_output(expected):
            problems.append(
                f"{path} is an output, known only after the deployment. Expected a plain value ({describe(expected)}), because it decides what is deployed."
            )
        return value
    expected = plain(expected)
    if expected is Any:
        return normalise(value)
    if typing.is_typeddict(expected):
        return _read_object(value, expected, path, problems, partly)
    origin = typing.get_origin(expected)
    if origin in (list, Sequence):
        return _read_list(value, element(expected), path, problems)
    if origin in (dict, Mapping):
        return _read_map(value, element(expected), path, problems)
    return _read_scalar(value, expected, path, problems)


def read_fields(
    value: Mapping[str, Any], known: Mapping[str, tuple[str, Any, bool]], path: str, problems: list[str], *, partly: bool = False
) -> dict[str, Any]:
    """The fields of an object, under Python's names. *path* is the prefix of each field's path: `""`, `"network."`, `"azure-scaleset:"`. *partly*: as of `read`."""
    result: dict[str, Any] = {}
    by_python_name = {python: name for name, (python, _, _) in known.items()}
    meant: set[str | None] = set()
    for given, item in value.items():
        name = by_python_name.get(given, given)
        if name not in known:
            near = nearest(str(given), known)
            meant.add(near)
            others = f"Known are {', '.join(known)}."
            problem = f"{path}{given} is not known.{did_you_mean(str(given), known, others)}"
            is_missed = near is not None and known[near][2] and not any(key in value for key in (near, known[near][0]))
            problems.append(problem if is_missed else Superfluous(problem))
            continue
        python, hint, required = known[name]
        if item is None and not required:
            continue
        result[python] = read(item, hint, path + name, problems, partly=partly)
    for name, (python, hint, required) in known.items():
        # A mistyped key is told once: it is not missing as well.
        if required and not partly and name not in meant and not any(key in value for key in (name, python)):
            problems.append(f"{path}{name} is missing. Expected {describe(hint)}.")
    return result


def normalise(value: Any) -> Any:
    """*value* with integral floats as integers, at every depth: the plugin protocol has only floats, and 3.0 must not differ from 3."""
    if isinstance(value, bool | pulumi.Output):
        return value
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, Mapping):
        return {key: normalise(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [normalise(item) for item in value]
    return value


def element(expected: Any) -> Any:
    """The type of a list's items or a map's values."""
    return typing.get_args(expected)[-1]


def describe(expected: Any) -> str:
    """A type in words, for messages."""
    expected = plain(expected)
    if isinstance(expected, type) and issubclass(expected, enum.Enum):
        return "one of " + ", ".join(str(member.value) for member in expected)
    if typing.is_typeddict(expected):
        return "an object with " + ", ".join(fields(expected))
    origin = typing.get_origin(expected)
    if origin in (list, Sequence):
        return f"a list, each item {describe(element(expected))}"
    if origin in (dict, Mapping):
        return "a map"
    return {str: "text", int: "a whole number", bool: "true or false", float: "a number"}.get(expected, "a value")


def _read_object(value: Any, expected: type, path: str, problems: list[str], partly: bool) -> Any:
    if not isinstance(value, Mapping):
        problems.append(f"{path} is {_show(value)}. Expected {describe(expected)}.")
        return {}
    result = read_fields(value, fields(expected), f"{path}." if path else "", problems, partly=partly)
    alternatives = choices(expected)
    given = [name for name in alternatives if name in result]
    if alternatives and len(given) != 1:
        what = "none is given" if not given else " and ".join(camel(name) for name in given) + " are given"
        problems.append(f"{path} takes exactly one of {', '.join(camel(name) for name in alternatives)}: {what}.")
    return result


def _read_list(value: Any, item: Any, path: str, problems: list[str]) -> list[Any]:
    if not isinstance(value, list | tuple):
        problems.append(f"{path} is {_show(value)}. Expected a list, each item {describe(item)}.")
        return []
    return [read(element, item, f"{path}[{index}]", problems) for index, element in enumerate(value)]


def _read_map(value: Any, item: Any, path: str, problems: list[str]) -> dict[str, Any]:
    if not isinstance(value, Mapping):
        problems.append(f"{path} is {_show(value)}. Expected a map.")
        return {}
    return {str(key): read(element, item, f"{path}.{key}", problems) for key, element in value.items()}


def _read_scalar(value: Any, expected: Any, path: str, problems: list[str]) -> Any:
    if isinstance(expected, type) and issubclass(expected, enum.Enum):
        for member in expected:
            if value is member or str(value).lower() == str(member.value).lower():
                return member
    elif expected is bool:
        text = str(value).lower()
        if isinstance(value, bool) or text in ("true", "false"):
            return text == "true"
    elif expected is int:
        if not isinstance(value, bool):
            try:
                if float(value).is_integer():
                    return int(float(value))
            except (TypeError, ValueError):
                pass
    elif expected is str:
        if isinstance(value, str):
            return value
        if isinstance(value, int) and not isinstance(value, bool):
            return str(value)
        if isinstance(value, float):
            # 1.10 has become 1.1 already: a version would be another one.
            problems.append(f"{path} is the number {value}. Expected text: put it into quotes.")
            return str(value)
    problems.append(f"{path} is {_show(value)}. Expected {describe(expected)}.")
    return value


def plain(expected: Any) -> Any:
    """`Input[T]`, `NotRequired[T]` and `T | None` without the wrapping."""
    if typing.get_origin(expected) in (typing.NotRequired, typing.Required):
        expected = typing.get_args(expected)[0]
    if typing.get_origin(expected) in (typing.Union, types.UnionType):
        options = [
            option
            for option in typing.get_args(expected)
            if option is not type(None) and typing.get_origin(option) in (None, list, dict, Sequence, Mapping)
        ]
        return options[0] if options else expected
    return expected


def accepts_output(expected: Any) -> bool:
    """Whether an argument of this type may be an output."""
    if typing.get_origin(expected) in (typing.NotRequired, typing.Required):
        expected = element(expected)
    return expected is Any or (
        typing.get_origin(expected) is typing.Union
        and any(typing.get_origin(option) is pulumi.Output for option in typing.get_args(expected))
    )


def _accepts_none(expected: Any) -> bool:
    return expected is Any or type(None) in typing.get_args(expected)


def _show(value: Any) -> str:
    """The value in a message: its kind only where it may be long or hold secrets."""
    if isinstance(value, Mapping):
        return "an object"
    if isinstance(value, list | tuple):
        return "a list"
    return f"{value!r}"
