"""Files with `${name}` placeholders. Only that form is a placeholder: `$HOME`, `$(…)` and `$1` of a shell script stay as they are; `$${` gives `${`.

In cloud-config the placeholders are replaced after the YAML is parsed, so no value can break out of its place: a scalar that is one placeholder takes the
value with its type, inside other text the value is written out. In any other format the text itself is filled in, and quoting is the file's affair.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from azure_scaleset.nearest import did_you_mean
from azure_scaleset.payload.problems import PayloadError

Scalar = str | int | float | bool

_PLACEHOLDER = re.compile(r"\$(?:(?P<escaped>\$)(?=\{)|\{(?P<name>[A-Za-z_][A-Za-z0-9_]*)\})")


def fill(text: str, values: Mapping[str, Scalar], name: str) -> str:
    """*text* with its placeholders replaced. Raises `PayloadError` for placeholders without value and for values without placeholder.

    *name* is what errors call the text. Booleans are written as YAML and JSON write them: `true`, `false`.
    """
    _check(_names(text), values, name)
    return _fill_text(text, values)


def fill_document(document: Any, values: Mapping[str, Scalar], name: str) -> Any:
    """*document* (plain data) with the placeholders in its keys and scalars replaced; errors as `fill`."""
    _check({found for text in _texts(document) for found in _names(text)}, values, name)
    return _fill_value(document, values)


def _check(used: set[str], values: Mapping[str, Scalar], name: str) -> None:
    problems = [
        f"{name} uses ${{{placeholder}}}, for which `values` has nothing.{did_you_mean(placeholder, values)} A literal '${{' is written '$${{'."
        for placeholder in sorted(used - values.keys())
    ]
    problems += [
        f"`values.{value}` is used nowhere in {name}.{did_you_mean(value, used)} Remove it, or use it as ${{{value}}}."
        for value in values
        if value not in used
    ]
    problems += [
        f"`values.{key}` is a {type(value).__name__}; expected a string, a number or a boolean."
        for key, value in values.items()
        if not isinstance(value, Scalar)
    ]
    if problems:
        raise PayloadError(problems)


def _names(text: str) -> set[str]:
    return {match["name"] for match in _PLACEHOLDER.finditer(text) if match["name"]}


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield from _texts(key)
            yield from _texts(item)
    elif isinstance(value, list):
        for item in value:
            yield from _texts(item)


def _fill_text(text: str, values: Mapping[str, Scalar]) -> str:
    return _PLACEHOLDER.sub(lambda match: "$" if match["escaped"] else _written(values[match["name"]]), text)


def _fill_value(value: Any, values: Mapping[str, Scalar]) -> Any:
    if isinstance(value, str):
        whole = _PLACEHOLDER.fullmatch(value)
        return values[whole["name"]] if whole and whole["name"] else _fill_text(value, values)
    if isinstance(value, Mapping):
        return {_fill_value(key, values): _fill_value(item, values) for key, item in value.items()}
    if isinstance(value, list):
        return [_fill_value(item, values) for item in value]
    return value


def _written(value: Scalar) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
