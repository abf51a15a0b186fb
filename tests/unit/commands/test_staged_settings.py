"""The keys of a stack file that make it staged."""

from typing import Any

import pytest

from azure_scaleset.commands.failure import CommandError
from azure_scaleset.commands.staged.settings import Change, Settings, find, read_content
from azure_scaleset.staged_arguments import Idle, Slot

KEYS: dict[str, Any] = {"active": "blue", "idle": "shrink", "slots": {"green": {"version": "1", "admin": {"username": "me"}}}}


def found(config: dict[str, Any]) -> Settings:
    """What the file of stack prod of project shop says."""
    return find({"config": config}, "shop", "prod")


@pytest.mark.parametrize(
    ("config", "prefix"),
    [
        ({f"shop:{key}": value for key, value in KEYS.items()}, "shop:"),
        (KEYS, "shop:"),
        ({"shop:web": KEYS}, "shop:web."),
        ({"other:web": KEYS, "shop:name": "x"}, "other:web."),
    ],
)
def test_they_are_keys_of_the_stack_or_in_an_object(config: dict[str, Any], prefix: str) -> None:
    """In any namespace; what stands before them is kept for writing."""
    assert found(config) == Settings(prefix, Slot.BLUE, Idle.SHRINK, KEYS["slots"])


def test_a_slot_is_kept_and_has_nothing_of_its_own_by_default() -> None:
    """As the component has it."""
    assert found({"shop:active": "green"}) == Settings("shop:", Slot.GREEN, Idle.KEEP, {})


@pytest.mark.parametrize(
    ("config", "message"),
    [
        (
            {"shop:os": "Linux"},
            "The file of stack prod has no key `active`. Expected one, which names the slot that serves production (blue or green): as shop:active.",
        ),
        (
            {"shop:active": "blue", "shop:web": KEYS},
            "The file of stack prod has 2 keys `active`: shop:active, shop:web.active. "
            "Expected one, which names the slot that serves production (blue or green): as shop:active.",
        ),
        ({"shop:active": "gren"}, "shop:active is 'gren'. Expected one of: blue, green. Did you mean 'green'?"),
        ({"shop:active": "blue", "shop:idle": 0}, "shop:idle is 0. Expected one of: keep, shrink, zero, remove."),
    ],
)
def test_what_is_not_staged_is_told(config: dict[str, Any], message: str) -> None:
    """The key, what was given, what is expected."""
    with pytest.raises(CommandError) as refused:
        found(config)
    assert str(refused.value) == message


def test_only_what_is_different_is_written() -> None:
    """Of `active`, `idle`, and of a slot's content, in paths too; a number in the file is the same as its text."""
    settings = Settings("shop:", Slot.BLUE, Idle.SHRINK, {"green": {"capacity": 3, "admin": {"username": "me"}}})
    assert settings.changes(active=Slot.BLUE, idle=Idle.KEEP) == [Change("shop:idle", "keep", "shrink")]
    assert settings.slot_changes(Slot.GREEN, {"capacity": "3", "admin.username": "you", "version": "2"}) == [
        Change("shop:slots.green.admin.username", "you", "me"),
        Change("shop:slots.green.version", "2", None),
    ]
    assert [str(each) for each in settings.slot_changes(Slot.BLUE, {"version": "2"})] == ["shop:slots.blue.version: (not set) -> 2"]


def test_content_is_given_as_pairs() -> None:
    """A value may hold an equals sign."""
    assert read_content(["version=1.5", "image=a=b"]) == {"version": "1.5", "image": "a=b"}


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["version"], "--set 'version' is no setting of a slot. Expected KEY=VALUE, as version=1.5 or image=Ubuntu2404."),
        (["a=1", "a=2"], "--set a was given twice: '1' and '2'. Expected one value."),
    ],
)
def test_what_is_no_pair_is_refused(words: list[str], message: str) -> None:
    """With what is expected."""
    with pytest.raises(CommandError) as refused:
        read_content(words)
    assert str(refused.value) == message
