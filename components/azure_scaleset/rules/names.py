"""Rules of names: scale set, computers, administrator."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from azure_scaleset.rules.facts import OS_PROFILE, windows
from azure_scaleset.rules.rule import Found, Subject
from azure_scaleset.rules.value import UNKNOWN, absent, get, text

_rules = Subject("Names and users")

_PREFIX = f"{OS_PROFILE}.computerNamePrefix"
_USERNAME = f"{OS_PROFILE}.adminUsername"
_WINDOWS_PREFIX = re.compile(r"(?!\d+\Z)[A-Za-z0-9-]{1,9}")
_NOT_IN_LINUX_PREFIX = re.compile(r"""[\\/"\[\]:|<>+=;,?*@&~!#$%^()_{}'`\s]""")
_SCALE_SET_NAME = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9_])?")

FORBIDDEN_USERNAMES = frozenset(
    [
        "administrator",
        "admin",
        "user",
        "user1",
        "test",
        "user2",
        "test1",
        "user3",
        "admin1",
        "1",
        "123",
        "a",
        "actuser",
        "adm",
        "admin2",
        "aspnet",
        "backup",
        "console",
        "david",
        "guest",
        "john",
        "owner",
        "root",
        "server",
        "sql",
        "support",
        "support_388945a0",
        "sys",
        "test2",
        "test3",
        "user4",
        "user5",
    ]
)
"""What Azure takes for no administrator's name, in small letters (N7)."""


@_rules.error(
    "N1",
    "The computer name prefix of a Windows set is 1 to 9 letters, digits and '-', and not only digits.",
    source="Azure/azure-xplat-cli#2761; hashicorp/terraform-provider-azurerm#871; TF",
)
def windows_prefix(inputs: Any) -> Iterator[Found]:
    """Azure appends 6 characters, and Windows has room for 15; the API's own description promises 15 for the prefix."""
    prefix = text(get(inputs, _PREFIX))
    if prefix is not None and windows(inputs) is True and not _WINDOWS_PREFIX.fullmatch(prefix):
        yield Found(
            _PREFIX,
            f"computerNamePrefix is {prefix!r}, of {len(prefix)} characters. Expected 1 to 9 letters, digits and '-', not only digits, for Windows.",
            f"Shorten it, as in {_shortened(prefix)!r}.",
        )


def _shortened(prefix: str) -> str:
    letters = "".join(each for each in prefix if each.isascii() and each.isalnum())[:9]
    return letters if letters and not letters.isdigit() else f"vm{letters}"[:9]


@_rules.error(
    "N2",
    "The computer name prefix of a Linux set is 1 to 58 characters, without special ones, and doesn't end with '.'.",
    source="TF linux_computer_name.go",
)
def linux_prefix(inputs: Any) -> Iterator[Found]:
    """Azure appends 6 characters, and Linux has room for 64."""
    prefix = text(get(inputs, _PREFIX))
    if prefix is None or windows(inputs) is not False:
        return
    if not 1 <= len(prefix) <= 58 or prefix.endswith(".") or _NOT_IN_LINUX_PREFIX.search(prefix):
        yield Found(
            _PREFIX,
            f"computerNamePrefix is {prefix!r}, of {len(prefix)} characters. Expected 1 to 58 letters, digits, '.' and '-', not ending with '.', for Linux.",
            "Shorten it and leave out special characters.",
        )


@_rules.error(
    "N4",
    "The scale set's name is up to 80 letters, digits, '.', '_' and '-', begins with a letter or digit, ends with one or '_', and isn't only digits.",
    source="resource-name-rules; TF virtual_machine_name.go",
)
def scale_set_name(inputs: Any) -> Iterator[Found]:
    """The characters of the scale set's name, and the most that any source gives as its length."""
    name = text(get(inputs, "vmScaleSetName"))
    if name is not None and (len(name) > 80 or name.isdigit() or not _SCALE_SET_NAME.fullmatch(name)):
        yield Found(
            "vmScaleSetName",
            f"vmScaleSetName is {name[:100]!r}, of {len(name)} characters. Expected up to 64 letters, digits, '.', '_' and '-', beginning with a letter or digit, ending with one or '_', not only digits.",
            "Take another name.",
        )


@_rules.warning("N4", "The scale set's name is up to 64 characters.", source="resource-name-rules (64) against TF (80)")
def scale_set_name_length(inputs: Any) -> Iterator[Found]:
    """Sources disagree about 65 to 80 characters."""
    name = text(get(inputs, "vmScaleSetName"))
    if name is not None and 64 < len(name) <= 80:
        yield Found(
            "vmScaleSetName",
            f"vmScaleSetName is {name!r}, of {len(name)} characters. Expected up to 64: Azure's documentation allows no more.",
            "Shorten it.",
        )


@_rules.warning("N5", "A Windows set states its computer name prefix.", source="TF windows_virtual_machine_scale_set")
def windows_prefix_given(inputs: Any) -> Iterator[Found]:
    """Without a prefix the scale set's name takes its place, and that is often too long for Windows."""
    if windows(inputs) is True and isinstance(get(inputs, OS_PROFILE), Mapping) and absent(inputs, _PREFIX):
        yield Found(
            _PREFIX,
            "computerNamePrefix is absent. Expected one for Windows: the scale set's name takes its place, and may be longer than the 9 characters allowed.",
            "Set computerNamePrefix to 1 to 9 letters, digits and '-'.",
        )


@_rules.error(
    "N6",
    "The administrator's name is 1 to 64 characters on Linux, 1 to 20 on Windows, where it doesn't end with '.'.",
    source="SDK34",
)
def username_length(inputs: Any) -> Iterator[Found]:
    """Where the system isn't known, the wider limit holds."""
    name = text(get(inputs, _USERNAME))
    if name is None:
        return
    on_windows = windows(inputs) is True
    longest = 20 if on_windows else 64
    if not 1 <= len(name) <= longest or (on_windows and name.endswith(".")):
        yield Found(
            _USERNAME,
            f"adminUsername is {name!r}, of {len(name)} characters. Expected 1 to {longest}{', not ending with a dot' if on_windows else ''}.",
            "Take another name.",
        )


@_rules.error("N7", "The administrator's name is none of those that Azure reserves.", source="SDK34; Azure/azure-cli#582")
def username_reserved(inputs: Any) -> Iterator[Found]:
    """Azure compares the names without regard to letter case."""
    name = text(get(inputs, _USERNAME))
    if name is not None and name.casefold() in FORBIDDEN_USERNAMES:
        yield Found(
            _USERNAME,
            f"adminUsername is {name!r}. Expected a name that Azure doesn't reserve; root, admin, user, test and the like are.",
            "Take another name, as azureuser.",
        )


def username(inputs: Any) -> Any:
    """The administrator's name: a text, None or UNKNOWN."""
    name = get(inputs, _USERNAME)
    return name if name is UNKNOWN else text(name)
