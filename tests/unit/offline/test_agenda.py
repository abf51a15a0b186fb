"""The agenda: what happens later, in order, exactly once."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from offline.arm import agenda
from offline.arm.http import Json
from offline.arm.store import Store


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    """An empty store; what is planned as `note` is logged, and plans what its data says in turn."""

    def note(store: Store, owner: str, data: Json) -> None:
        store.log("note", owner, **data)
        if "then" in data:
            store.plan(owner, "note", data["then"])

    monkeypatch.setitem(agenda.DEEDS, "note", note)
    made = Store(tmp_path / "azure.sqlite")
    yield made
    made.close()


def notes(store: Store) -> list[tuple[str, Json]]:
    """(time, data) of what has happened."""
    return [(each["time"][14:19], each["data"]) for each in store.events("note")]


def test_what_is_due_happens_in_order_of_time(store: Store) -> None:
    """Each at its own time, what it plans in turn too; what is later stays, and the clock ends where it was."""
    store.plan("/a", "note", 20, name="second", then=5)
    store.plan("/a", "note", 10, name="first")
    store.plan("/a", "note", 90, name="later")
    store.advance(60)
    agenda.settle(store)
    assert notes(store) == [("00:10", {"name": "first"}), ("00:20", {"name": "second", "then": 5}), ("00:25", {})]
    assert store.seconds == 60
    agenda.settle(store)
    assert len(notes(store)) == 3


def test_what_is_planned_goes_with_its_owner(store: Store) -> None:
    """Nothing happens for a resource that is gone."""
    store.plan("/A", "note", 1)
    store.plan("/b", "note", 1)
    store.delete_documents("/a")
    store.advance(5)
    agenda.settle(store)
    assert [each["subject"] for each in store.events("note")] == ["/b"]


def test_an_error_leaves_the_agenda_as_it_was(store: Store) -> None:
    """The transaction takes back what was taken off."""
    store.plan("/a", "unknown", 0)
    for _ in range(2):
        with pytest.raises(KeyError, match="unknown"), store.transaction():
            agenda.settle(store)
