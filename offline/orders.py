"""What a user orders of the offline Azure: a newer image, faults, an eviction, the approval of a scheduled event. Each function is a command and gives its exit code."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import offline.arm.types  # noqa: F401 - what the agenda does is registered there
from offline import workspace
from offline.arm import faults
from offline.arm.app import Azure
from offline.arm.compute import notices, publishing
from offline.arm.http import Request
from offline.arm.store import Store


def publish(home: Path, urn: str) -> int:
    """Publishes a version of a platform image."""
    store = Store(workspace.azure_file(home))
    try:
        with store.transaction():
            publishing.publish(store, urn)
    except ValueError as error:
        return _refuse(f"publish: {error}", 2)
    return 0


def fault(home: Path, deed: str, words: list[str]) -> int:
    """Lists, orders or takes back faults. A value is JSON where it can be read so, else text."""
    store = Store(workspace.azure_file(home))
    try:
        with store.transaction():
            match deed, words:
                case "add", [kind, *fields]:
                    print(faults.add(store, kind, **dict(_field(word) for word in fields)))
                case "clear", [fault_id]:
                    faults.clear(store, fault_id)
                case "clear", []:
                    faults.clear(store)
                case "list", []:
                    for each in faults.ordered(store):
                        print(json.dumps(each))
                case _:
                    return _refuse("fault: say `fault list`, `fault add KIND FIELD=VALUE…` or `fault clear [ID]`", 2)
    except ValueError as error:
        return _refuse(f"fault: {error}", 2)
    except KeyError as error:
        return _refuse(f"fault: there is no fault {error}", 2)
    return 0


def evict(home: Path, instance_id: str) -> int:
    """Evicts a spot instance, by its ARM id: what `az vmss simulate-eviction` does."""
    answer = Azure(Store(workspace.azure_file(home))).handle(
        Request("POST", f"{instance_id}/simulateEviction", {"api-version": "2024-11-01"})
    )
    return 0 if answer.status < 400 else _refuse(f"evict: {((answer.body or {})['error'])['message']}", 1)


def approve(home: Path, instance_id: str) -> int:
    """Approves the scheduled event of an instance, by its ARM id, as the application on it would: the deletion or eviction waits no longer."""
    store = Store(workspace.azure_file(home))
    set_id, _, name = instance_id.rpartition("/virtualMachines/")
    try:
        with store.transaction():
            notices.approve(store, set_id, name)
    except ValueError as error:
        return _refuse(f"approve: {error}", 1)
    return 0


def _field(word: str) -> tuple[str, object]:
    name, equals, text = word.partition("=")
    if not equals:
        raise ValueError(f"'{word}' is no FIELD=VALUE")
    try:
        return name, json.loads(text)
    except ValueError:
        return name, text


def _refuse(message: str, code: int) -> int:
    print(message, file=sys.stderr)
    return code
