"""Which update `scaleset rollback` goes back to."""

from typing import Any

import pytest

from azure_scaleset.commands.failure import CommandError
from azure_scaleset.commands.history import Setting, Update, changed_settings, previous, read

UP = "pulumi up --stack dev"


def update(number: int, commit: str | None, **changes: Any) -> Update:
    """A successful update of a clean tree without settings, with what is given instead."""
    own = {"kind": "update", "result": "succeeded", "message": "", "dirty": False, "settings": {}}
    return Update(**{**own, "number": number, "time": f"day {number}", "commit": commit, **changes})


def refused(*updates: Update) -> str:
    """Why there is nothing to go back to."""
    with pytest.raises(CommandError) as refusal:
        previous(updates, "dev", UP)
    return str(refusal.value)


def test_history_is_read() -> None:
    """What `pulumi stack history --json` gives; a commit and its cleanness are in the environment."""
    shown = {
        "version": 3,
        "kind": "update",
        "startTime": "2026-01-01T00:00:00.000Z",
        "message": "second",
        "environment": {"git.head": "abc", "git.dirty": "true", "exec.kind": "cli"},
        "config": {"p:plain": {"value": "1", "secret": False}, "p:list": {"value": "[1]", "objectValue": [1], "secret": False}},
        "result": "failed",
    }
    assert read([shown, {"kind": "refresh", "config": {}}]) == [
        Update(
            number=3,
            kind="update",
            result="failed",
            time="2026-01-01T00:00:00.000Z",
            message="second",
            commit="abc",
            dirty=True,
            settings={"p:plain": Setting("1"), "p:list": Setting("[1]", object=[1])},
        ),
        Update(number=0, kind="refresh", result="", time="", message="", commit=None, dirty=False, settings={}),
    ]


def test_last_successful_update_with_other_inputs_is_chosen() -> None:
    """Refreshes, failures and repetitions of the last one are passed over."""
    last = update(9, "new", result="failed")
    wanted = update(4, "old")
    found = previous(
        [
            update(10, "new", kind="refresh"),
            last,
            update(8, "new"),
            update(7, "other", result="failed"),
            update(6, "older", kind="destroy"),
            wanted,
            update(3, "oldest"),
        ],
        "dev",
        UP,
    )
    assert found == (last, wanted)


def test_other_settings_at_the_same_commit_are_other_inputs() -> None:
    """A change of the stack file alone is gone back from, too."""
    last, wanted = update(2, "one", settings={"p:k": Setting("b")}), update(1, "one", settings={"p:k": Setting("a")})
    assert previous([last, wanted], "dev", UP) == (last, wanted)


def test_uncommitted_changes_of_the_last_update_are_other_inputs() -> None:
    """The same commit without them is gone back to."""
    last, wanted = update(2, "one", dirty=True), update(1, "one")
    assert previous([last, wanted], "dev", UP) == (last, wanted)


def test_what_can_not_be_restored_is_refused() -> None:
    """An older one is not taken instead: the person must know."""
    assert refused(update(3, "new"), update(2, "old", dirty=True), update(1, "older")) == (
        "The update 2 of day 2, commit old ran with changes that were in no commit, so its program can't be restored. "
        "By hand: restore the files as they were then, pulumi up --stack dev"
    )
    assert refused(update(3, "new"), update(2, None, message="by hand")) == (
        "The update 2 of day 2 (by hand) ran outside of a git repository, so its program can't be restored. "
        "By hand: restore the files as they were then, pulumi up --stack dev"
    )


def test_history_without_an_earlier_update_is_refused() -> None:
    """Nothing at all, nothing before the last, and an update that has not ended."""
    assert refused() == "Stack dev has no update in its history: there is nothing to go back to."
    assert refused(update(2, "one"), update(1, "one")) == (
        "The history of stack dev has no successful update with other inputs before the update 2 of day 2, commit one. "
        "By hand: git revert, pulumi up --stack dev"
    )
    assert refused(update(2, "one", result="in-progress"), update(1, "two")) == (
        "The update 2 of day 2, commit one of stack dev has not ended. Next: wait for it; after a kill: scaleset recover --stack dev"
    )


def test_changed_settings_are_listed_without_secrets() -> None:
    """Keys that came, went or changed; of a secret only that it is one."""
    old = {"p:same": Setting("1"), "p:gone": Setting("x"), "p:word": Setting("a"), "p:password": Setting("s1", secret=True)}
    new = {"p:same": Setting("1"), "p:word": Setting("b"), "p:password": Setting("s2", secret=True)}
    assert changed_settings(old, new) == ["p:gone: x -> (not set)", "p:password: (secret) -> (secret)", "p:word: a -> b"]
