"""The inputs that a policy is given, as plain data: the SDK wraps them in proxies that raise at each value that isn't known yet."""

from collections.abc import Mapping, Sequence
from typing import Any

from pulumi_policy.proxy import UnknownValueError

from azure_scaleset.rules import UNKNOWN


def plain(value: Any) -> Any:
    """*value* without proxies; what isn't known is `UNKNOWN`, whole numbers are integers."""
    if isinstance(value, Mapping):
        return {key: _at(value, key) for key in value}
    if isinstance(value, Sequence) and not isinstance(value, str | bytes):
        return [_at(value, index) for index in range(len(value))]
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _at(owner: Any, key: Any) -> Any:
    try:
        return plain(owner[key])
    except UnknownValueError:
        return UNKNOWN
