"""What others have added to a scale set, and an update takes away (T16)."""

from typing import Any

import pytest

from azure_scaleset.rules import Problem, Severity, check_living
from azure_scaleset.rules.value import UNKNOWN
from tests.unit.rules.cases.case import edited
from tests.unit.rules.cases.models import EXTENSIONS, LINUX

READER = "/subscriptions/0/resourceGroups/g/providers/Microsoft.ManagedIdentity/userAssignedIdentities/reader"
OWN = edited(
    LINUX,
    {
        EXTENSIONS: [{"name": "App"}],
        "tags": {"team": "web"},
        "identity": {"type": "UserAssigned", "userAssignedIdentities": [READER]},
    },
)


def told(live: Any, old: Any = OWN, new: Any = OWN) -> list[tuple[str, str]]:
    """Path and message of each warning."""
    return [(each.path, each.message) for each in check_living(old=old, new=new, live=live)]


def test_a_warning_is_told_whole() -> None:
    """Rule, severity, path, what goes, the way to keep it, source."""
    live = edited(OWN, {"tags.cost": "12"})

    assert check_living(old=OWN, new=OWN, live=live) == [
        Problem(
            "T16",
            Severity.WARNING,
            "tags",
            "The tag 'cost' was added by somebody else; this update removes it.",
            "Add it to the program to keep it.",
            "azure-native's full PUT; operating experience",
        )
    ]


def test_what_the_program_has_or_had_is_nobody_elses() -> None:
    """As Azure answers: identities as a map, names in a letter case of its own, its own marks."""
    live = edited(OWN, {f"{EXTENSIONS}[0].name": "app", "tags": {"Team": "web"}, "identity.userAssignedIdentities": {READER.upper(): {}}})

    assert told(live) == []
    assert told(live, new=edited(OWN, {EXTENSIONS: [], "tags": {}, "identity": None})) == []
    assert told(edited(live, {"tags.cost": "12"}), new=edited(OWN, {"tags": UNKNOWN})) == []


@pytest.mark.parametrize(
    ("added", "message"),
    [
        (
            {f"{EXTENSIONS}[1]": {"name": "AzureMonitor"}},
            "The extension 'AzureMonitor' was added by somebody else; this update removes it.",
        ),
        (
            {"identity.userAssignedIdentities": {READER: {}, f"{READER}-2": {}}},
            f"The identity '{READER}-2' was added by somebody else; this update removes it.",
        ),
        (
            {"identity.type": "SystemAssigned, UserAssigned"},
            "The identity 'SystemAssigned' was added by somebody else; this update removes it.",
        ),
    ],
)
def test_what_others_added_is_named(added: Any, message: str) -> None:
    """An extension, a user-assigned identity, the system's identity."""
    assert [each for _, each in told(edited(OWN, added))] == [message]
