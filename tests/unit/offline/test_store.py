"""The state: transactions, resources, documents, blobs, the clock, the event log."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from offline.arm.store import Store


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """An empty store."""
    made = Store(tmp_path / "deep" / "azure.sqlite")
    yield made
    made.close()


def test_resources_are_found_without_case(store: Store) -> None:
    """The key is the id without case; what is below an id, and of one type, is listed in order."""
    store.put("/A/b", "Some/Type", {"id": "/A/b"})
    store.put("/A/a", "Other/Type", {"id": "/A/a"})
    assert store.get("/a/B") == {"id": "/A/b"}
    assert [each["id"] for each in store.resources("/a/")] == ["/A/a", "/A/b"]
    assert [each["id"] for each in store.resources(resource_type="some/type")] == ["/A/b"]


def test_failed_transaction_leaves_nothing(store: Store) -> None:
    """What was written before the error is rolled back."""

    def fails() -> None:
        with store.transaction():
            store.put("/a", "T", {})
            store.advance(5)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fails()
    assert (store.get("/a"), store.now()) == (None, datetime(2026, 1, 1, tzinfo=UTC))


def test_documents_keep_the_order_they_were_made_in(store: Store) -> None:
    """Writing a document again does not move it; an owner's documents can be removed at once."""
    for key in ("b", "a", "b"):
        store.put_document("kind", "/Owner", key, {"key": key})
    assert store.documents("kind", "/owner") == [{"key": "b"}, {"key": "a"}]
    store.delete_documents("/OWNER")
    assert store.documents("kind", "/owner") == []


def test_blobs_below_a_url_are_removed(store: Store) -> None:
    """Only what starts with the text goes."""
    for url in ("https://a/c/one", "https://a/c/two", "https://a/cc/one"):
        store.put_blob(url, b"x", {})
    store.delete_blob("https://a/c/two")
    assert store.blobs() == ["https://a/c/one", "https://a/cc/one"]
    store.delete_blobs("https://a/c/")
    assert store.blobs() == ["https://a/cc/one"]


def test_events_have_the_virtual_time(store: Store) -> None:
    """An event says when, what and to what; the clock moves only when it is moved."""
    store.advance(60)
    store.log("PUT", "/A", size=1)
    expected = {"number": 1, "time": "2026-01-01T00:01:00+00:00", "kind": "PUT", "subject": "/A", "data": {"size": 1}}
    assert (store.events("PUT", "/a"), store.events("GET")) == ([expected], [])
