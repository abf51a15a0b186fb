"""What a resource hook is given, as plain data: a secret leaf turns the whole property around it into an output, and a rule that skips outputs would see nothing
of a scale set with a password (E2)."""

from collections.abc import Mapping
from typing import Any

import pulumi
from pulumi.output import Unknown

from azure_scaleset.part_ids import stand_in
from azure_scaleset.rules.value import UNKNOWN


async def plain(value: Any) -> Any:
    """*value* without outputs; what isn't known yet is `UNKNOWN`, or a stand-in where it is an id of `part_ids`; whole numbers are integers (E14). Nothing tells any more what was secret: mask by path."""
    if isinstance(value, pulumi.Output):
        known = await value.future(with_unknowns=True)
        # What is computed from something unknown is None, and not known.
        unknown = isinstance(known, Unknown) or (known is None and not await value.is_known())
        return stand_in(value) or UNKNOWN if unknown else await plain(known)
    if isinstance(value, Unknown) or value is pulumi.UNKNOWN:
        return UNKNOWN
    if isinstance(value, Mapping):
        return {key: await plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [await plain(item) for item in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value
