"""Finds credentials in what is about to be readable: public settings, command lines, cloud-init (rules CL13, D8)."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

_SAS = re.compile(
    r"""(?<![A-Za-z0-9_]) sig= (?:[A-Za-z0-9+/=_-] | %[0-9A-Fa-f]{2}){30,}   # the signature of a shared access signature: 43 or 44 characters, or more when quoted
      | SharedAccessSignature \s* =
    """,
    re.VERBOSE,
)
_KEY = re.compile(
    r"""(?:AccountKey|SharedAccessKey) \s* = \s* [A-Za-z0-9+/]{20,}   # connection strings
      | -----BEGIN\ (?:[A-Z0-9]+\ )*PRIVATE\ KEY-----
    """,
    re.VERBOSE | re.IGNORECASE,
)


def sas_signature(text: str) -> bool:
    """Whether *text* holds a shared access signature: with it anybody may read what the URL names."""
    return _SAS.search(text) is not None


def find_sensitive(value: Any, path: str) -> list[str]:
    """The property paths of the text in *value* (plain data: maps, lists, scalars) that holds a shared access signature, a key of an account or a private key.

    *path* is the property path of *value* itself, which the answers begin with: `settings.fileUris[1]`. Keys of maps are searched too.
    """
    if isinstance(value, str):
        return [path] if sas_signature(value) or _KEY.search(value) else []
    if isinstance(value, Mapping):
        found = [path for key in value if find_sensitive(key, path)]
        return found + [each for key, item in value.items() for each in find_sensitive(item, f"{path}.{key}")]
    if isinstance(value, Sequence) and not isinstance(value, bytes):
        return [each for index, item in enumerate(value) for each in find_sensitive(item, f"{path}[{index}]")]
    return []
