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
"""
_EPOCH = datetime(2026, 1, 1, tzinfo=UTC)


class Store:
    """Resources by id, documents by kind and owner, blobs by URL, the event log, and the virtual clock."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self.path = path
        self._db = sqlite3.connect(path, timeout=60, isolation_level=None, check_same_thread=False)
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
        rows = self._db.execute("SELECT key, type, body FROM resources ORDER BY key").fetchall()
        wanted = resource_type.lower() if resource_type else None
        return [
            json.loads(body) for key, kind, body in rows if key.startswith(below.lower()) and (wanted is None or kind.lower() == wanted)
        ]

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
        """Removes all documents of an owner."""
        self._db.execute("DELETE FROM documents WHERE owner = ?", (owner.lower(),))

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
        (seconds,) = self._db.execute("SELECT seconds FROM clock").fetchone()
        return _EPOCH + timedelta(seconds=seconds)

    def advance(self, seconds: float) -> None:
        """Moves the virtual clock on."""
        self._db.execute("UPDATE clock SET seconds = seconds + ?", (seconds,))

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
