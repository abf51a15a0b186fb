"""What is secret goes to the protected settings of an extension, and nothing secret or signed stays in the public ones."""

import asyncio
import json
import re
from collections.abc import Awaitable, Collection, Mapping
from typing import Any

import pulumi

from azure_scaleset.errors import ArgumentError
from azure_scaleset.payload.sensitive import find_sensitive


async def build_settings(
    subject: str, path: str, values: Mapping[str, pulumi.Input[Any]], protected: Mapping[str, pulumi.Input[Any]] | None = None
) -> dict[str, Any]:
    """`settings` and `protectedSettings` of an extension from *values*: each secret value is protected, the others are public.

    *protected* is protected in any case. `protectedSettings` is left out when there is nothing in it, because an empty object makes Azure
    forget what it has. Raises `ArgumentError` for a public value that holds a signature or a key; *subject* and *path* name it.
    """
    public: dict[str, Any] = {}
    hidden: dict[str, Any] = dict(protected or {})
    for name, value in values.items():
        output = pulumi.Output.from_input(value)
        if await output.is_secret():
            hidden[name] = output
        else:
            public[name] = output
    for name, output in public.items():
        await refuse_plain(subject, f"{path}.{name}", output)
    result: dict[str, Any] = {"settings": public}
    if hidden:
        result["protectedSettings"] = pulumi.Output.secret(hidden)
    return result


async def refuse_plain(subject: str, path: str, value: pulumi.Input[Any], mend: str | None = None) -> None:
    """Raises `ArgumentError` when *value* is no secret and holds a signature or a key."""
    if await pulumi.Output.from_input(value).is_secret():
        return
    problems = [f"{place} holds a signature or a key in plain text. {mend or MEND}" for place in find_sensitive(await known(value), path)]
    if problems:
        raise ArgumentError(subject, problems)


def lift(building: Awaitable[dict[str, Any]]) -> pulumi.Output[dict[str, Any]]:
    """What is still being built, as an output whose inner outputs stay their own.

    `Output.from_input` would make the whole unknown when one of them is, and a preview would no longer show what changes.
    """

    async def yes() -> bool:
        return True

    async def no() -> bool:
        return False

    return pulumi.Output(set(), asyncio.ensure_future(building), asyncio.ensure_future(yes()), asyncio.ensure_future(no()))


MEND = "Make it a secret (`pulumi config set --secret`, `pulumi.Output.secret`): it then goes to the protected settings."


async def secret_paths(value: Any, path: str) -> list[str]:
    """The places of *value* (plain data with outputs in it) that are secret."""
    if isinstance(value, pulumi.Output):
        return [path] if await value.is_secret() else []
    if isinstance(value, Mapping):
        return [place for key, item in value.items() for place in await secret_paths(item, f"{path}.{key}")]
    if isinstance(value, list):
        return [place for index, item in enumerate(value) for place in await secret_paths(item, f"{path}[{index}]")]
    return []


async def secret_texts(value: Any, secret: bool = False) -> set[str]:
    """The texts of *value* (plain data with outputs in it) that are secret, to be masked; of those with several words also the longer words, since a program
    prints a part of what it was given. *secret*: all of them are."""
    if isinstance(value, pulumi.Output):
        return await secret_texts(await value.future(with_unknowns=False), secret or await value.is_secret())
    if isinstance(value, Mapping):
        return {text for item in value.values() for text in await secret_texts(item, secret)}
    if isinstance(value, list):
        return {text for item in value for text in await secret_texts(item, secret)}
    if not secret or not isinstance(value, str):
        return set()
    words = [word for word in re.split(r"[\s'\"=;,]+", value) if len(word) >= _LONG_WORD]
    return {text for text in (value, *words) if len(text) >= _SHORTEST}


_LONG_WORD = 8
_SHORTEST = 4
"""What is shorter is masked in no text: too much of it would be gone."""
MASK = "[secret]"
"""What is shown in place of a secret."""


def masked(text: str, secrets: Collection[str]) -> str:
    """*text* without secrets."""
    for each in sorted(secrets, key=len, reverse=True):
        text = text.replace(each, MASK)
    return text


async def known(value: Any) -> Any:
    """*value* with its outputs resolved; what isn't known at preview is None."""
    if isinstance(value, pulumi.Output):
        return await known(await value.future(with_unknowns=False))
    if isinstance(value, Mapping):
        return {key: await known(item) for key, item in value.items()}
    if isinstance(value, list):
        return [await known(item) for item in value]
    return value


def as_text(value: Any) -> str:
    """*value* as one canonical JSON text: for digests."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"))
