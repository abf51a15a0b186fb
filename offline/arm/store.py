"""The state of the offline Azure: one SQLite file, so that processes share it and a kill -9 leaves it whole.

Every call of ARM runs in one transaction (`Store.transaction`): it happens, or it did not.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from offline.arm.http import Json

_SCHEMA = """
CREATE TABLE IF NOT EXISTS resources (key TEXT PRIMARY KEY, id TEXT NOT NULL, type TEXT NOT NULL, body TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS documents (kind TEXT, owner TEXT, key TEXT, body TEXT NOT NULL, PRIMARY KEY (kind, owner, key));
CREATE TABLE IF NOT EXISTS blobs (url TEXT PRIMARY KEY, content BLOB NOT NULL, headers TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS events (number INTEGER PRIMARY KEY AUTOINCREMENT, time TEXT NOT NULL, kind TEXT NOT NULL, subject TEXT NOT NULL, data TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS clock (one INTEGER PRIMARY KEY CHECK (one = 1), seconds REAL NOT NULL);
INSERT OR IGNORE INTO clock VALUES (1, 0);
CREATE TABLE IF NOT EXISTS agenda (number INTEGER PRIMARY KEY AUTOINCREMENT, due REAL NOT NULL, owner TEXT NOT NULL, kind TEXT NOT NULL, data TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS agenda_due ON agenda (due, number);
"""
_EPOCH = datetime(2026, 1, 1, tzinfo=UTC)
_AFTER_ALL_TEXT = "\U0010ffff"


class Store:
    """Resources by id, documents by kind and owner, blobs by URL, the event log, the virtual clock and its agenda."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self.path = path
        self._db = sqlite3.connect(path, timeout=60, isolation_level=None, check_same_thread=False)
        self._db.execute("PRAGMA synchronous = OFF")  # a killed process loses nothing by it, only a machine that stops
        # Two processes that make the file at the same moment both run the schema: take the write lock before.
        with self.transaction():
            for statement in _SCHEMA.split(";\n"):
                if statement.strip():
                    self._db.execute(statement)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing, alone."""
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._db.execute("ROLLBACK")
            raise
        self._db.execute("COMMIT")

    @contextmanager
    def attempt(self) -> Iterator[None]:
        """A part of a transaction that is taken back when it raises, and the rest of it is not."""
        self._db.execute("SAVEPOINT attempt")
        try:
            yield
        except BaseException:
            self._db.execute("ROLLBACK TO attempt")
            self._db.execute("RELEASE attempt")
            raise
        self._db.execute("RELEASE attempt")

    def close(self) -> None:
        """Closes the file."""
        self._db.close()

    # Resources.

    def get(self, resource_id: str) -> Json | None:
        """The stored body of a resource, or None."""
        row = self._db.execute("SELECT body FROM resources WHERE key = ?", (resource_id.lower(),)).fetchone()
        return None if row is None else json.loads(row[0])

    def put(self, resource_id: str, resource_type: str, body: Json) -> None:
        """Writes a resource."""
        self._db.execute(
            "INSERT INTO resources VALUES (?, ?, ?, ?) ON CONFLICT (key) DO UPDATE SET body = excluded.body",
            (resource_id.lower(), resource_id, resource_type, json.dumps(body)),
        )

    def delete(self, resource_id: str) -> None:
        """Removes one resource (not what is below it)."""
        self._db.execute("DELETE FROM resources WHERE key = ?", (resource_id.lower(),))

    def resources(self, below: str = "", resource_type: str | None = None) -> list[Json]:
        """Resources whose id starts with `below`, in order of id, of one type (any case) or of all."""
        start = below.lower()
        rows = self._db.execute(
            "SELECT type, body FROM resources WHERE key >= ? AND key < ? ORDER BY key", (start, start + _AFTER_ALL_TEXT)
        ).fetchall()
        wanted = resource_type.lower() if resource_type else None
        return [json.loads(body) for kind, body in rows if wanted is None or kind.lower() == wanted]

    # Documents: what belongs to a resource and is no ARM resource (instances, operations, faults).

    def document(self, kind: str, owner: str, key: str) -> Json | None:
        """One document, or None."""
        row = self._db.execute("SELECT body FROM documents WHERE (kind, owner, key) = (?, ?, ?)", (kind, owner.lower(), key)).fetchone()
        return None if row is None else json.loads(row[0])

    def documents(self, kind: str, owner: str) -> list[Json]:
        """All documents of one kind of an owner, in the order they were first written."""
        rows = self._db.execute("SELECT body FROM documents WHERE (kind, owner) = (?, ?) ORDER BY rowid", (kind, owner.lower()))
        return [json.loads(body) for (body,) in rows]

    def put_document(self, kind: str, owner: str, key: str, body: Json) -> None:
        """Writes one document."""
        self._db.execute(
            "INSERT INTO documents VALUES (?, ?, ?, ?) ON CONFLICT (kind, owner, key) DO UPDATE SET body = excluded.body",
            (kind, owner.lower(), key, json.dumps(body)),
        )

    def delete_document(self, kind: str, owner: str, key: str) -> None:
        """Removes one document."""
        self._db.execute("DELETE FROM documents WHERE (kind, owner, key) = (?, ?, ?)", (kind, owner.lower(), key))

    def delete_documents(self, owner: str) -> None:
        """Removes all documents of an owner, and what is on the agenda for it."""
        self._db.execute("DELETE FROM documents WHERE owner = ?", (owner.lower(),))
        self._db.execute("DELETE FROM agenda WHERE owner = ?", (owner.lower(),))

    def count_up(self, owner: str, key: str) -> int:
        """The next number of a counter of an owner; the first is 0."""
        number: int = (self.document("counter", owner, key) or {"next": 0})["next"]
        self.put_document("counter", owner, key, {"next": number + 1})
        return number

    # Blobs.

    def blob(self, url: str) -> tuple[bytes, Json] | None:
        """Content and headers of a blob, or None."""
        row = self._db.execute("SELECT content, headers FROM blobs WHERE url = ?", (url,)).fetchone()
        return None if row is None else (row[0], json.loads(row[1]))

    def put_blob(self, url: str, content: bytes, headers: Json) -> None:
        """Writes a blob."""
        self._db.execute(
            "INSERT INTO blobs VALUES (?, ?, ?) ON CONFLICT (url) DO UPDATE SET content = excluded.content, headers = excluded.headers",
            (url, content, json.dumps(headers)),
        )

    def delete_blob(self, url: str) -> None:
        """Removes one blob."""
        self._db.execute("DELETE FROM blobs WHERE url = ?", (url,))

    def delete_blobs(self, below: str) -> None:
        """Removes the blobs whose URL starts so."""
        self._db.execute("DELETE FROM blobs WHERE substr(url, 1, ?) = ?", (len(below), below))

    def blobs(self, below: str = "") -> list[str]:
        """The URLs of the blobs that start so."""
        rows = self._db.execute("SELECT url FROM blobs WHERE substr(url, 1, ?) = ? ORDER BY url", (len(below), below))
        return [url for (url,) in rows]

    # The virtual clock and the event log.

    def now(self) -> datetime:
        """The time in the offline Azure (UTC). It stands still unless `advance` moves it."""
        return _EPOCH + timedelta(seconds=self.seconds)

    def advance(self, seconds: float) -> None:
        """Moves the virtual clock on."""
        self._db.execute("UPDATE clock SET seconds = seconds + ?", (seconds,))

    @property
    def seconds(self) -> float:
        """Seconds since the virtual clock began."""
        (seconds,) = self._db.execute("SELECT seconds FROM clock").fetchone()
        return float(seconds)

    def set_seconds(self, seconds: float) -> None:
        """Sets the virtual clock: `agenda.settle` does so, to do each thing at its own time."""
        self._db.execute("UPDATE clock SET seconds = ?", (seconds,))

    def plan(self, owner: str, kind: str, after: float, **data: Any) -> None:
        """Puts something on the agenda of an owner: `agenda` does what `kind` says when `after` seconds from now have gone by."""
        self._db.execute(
            "INSERT INTO agenda (due, owner, kind, data) VALUES (?, ?, ?, ?)", (self.seconds + after, owner.lower(), kind, json.dumps(data))
        )

    def take_due(self, until: float) -> tuple[float, str, str, Json] | None:
        """Takes what is due first off the agenda: (due, owner, kind, data); None when nothing is due by `until`."""
        first = "SELECT number, due, owner, kind, data FROM agenda WHERE due <= ? ORDER BY due, number LIMIT 1"
        row = self._db.execute(first, (until,)).fetchone()
        if row is None:
            return None
        number, due, owner, kind, data = row
        self._db.execute("DELETE FROM agenda WHERE number = ?", (number,))
        return due, owner, kind, json.loads(data)

    def log(self, kind: str, subject: str, **data: Any) -> None:
        """Writes an event: what happened (`kind`), to what (`subject`, a resource id), when (virtual time)."""
        self._db.execute(
            "INSERT INTO events (time, kind, subject, data) VALUES (?, ?, ?, ?)",
            (self.now().isoformat(), kind, subject, json.dumps(data)),
        )

    def events(self, kind: str | None = None, subject: str | None = None) -> list[Json]:
        """The event log in order: `{"number", "time", "kind", "subject", "data"}`."""
        rows = self._db.execute("SELECT number, time, kind, subject, data FROM events ORDER BY number").fetchall()
        return [
            {"number": number, "time": time, "kind": what, "subject": of, "data": json.loads(data)}
            for number, time, what, of, data in rows
            if (kind is None or what == kind) and (subject is None or of.lower() == subject.lower())
        ]
