"""A virtual machine as it is stored: its ARM body, and the state that is no part of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from offline.arm.compute.images import Content, content_of
from offline.arm.compute.tree import dig
from offline.arm.http import Json
from offline.arm.store import Store

MACHINE = "Microsoft.Compute/virtualMachines"
COMPLETE = "IMAGE_STATE_COMPLETE"
GENERALIZED = "IMAGE_STATE_GENERALIZE_RESEAL_TO_OOBE"
UNDEPLOYABLE = "IMAGE_STATE_UNDEPLOYABLE"


@dataclass(frozen=True)
class Machine:
    """One machine. `state` is changed in place and written by `save`.

    `state`: `powerState`, `agent` (whether the guest agent answers), `imageState` (Windows), `boot` (how often it has booted), `work` (what is being done
    to it, or None), `turn` (how often work has begun), `extensions` (name -> what it remembers of its runs).
    """

    store: Store
    body: Json
    state: Json

    @property
    def id(self) -> str:
        """The ARM id."""
        return str(self.body["id"])

    @property
    def name(self) -> str:
        """The resource name."""
        return str(self.body["name"])

    @property
    def properties(self) -> Json:
        """`properties` of the body."""
        properties: Json = self.body["properties"]
        return properties

    @property
    def generalized(self) -> bool:
        """Whether `generalize` has marked it: it can be captured, and never started again."""
        return self.store.document("generalized", self.id, "state") is not None

    @property
    def disk_id(self) -> str:
        """The id of its OS disk."""
        return str(dig(self.properties, "storageProfile.osDisk.managedDisk.id"))

    @property
    def content(self) -> Content:
        """What is on its OS disk."""
        content = content_of(self.store, self.disk_id)
        assert content is not None, "an OS disk has content"
        return content

    @property
    def running(self) -> bool:
        """Whether it runs."""
        return bool(self.state["powerState"] == "running")

    def save(self, provisioning: str | None = None) -> None:
        """Writes the state; with `provisioning` the body's provisioning state, too."""
        self.store.put_document("machine", self.id, "state", self.state)
        if provisioning is not None:
            self.body["properties"]["provisioningState"] = provisioning
            self.store.put(self.id, MACHINE, self.body)


def load(store: Store, machine_id: str) -> Machine | None:
    """The machine as it is stored, None when it is gone (or an instance of a scale set)."""
    body, state = store.get(machine_id), store.document("machine", machine_id, "state")
    return None if body is None or state is None else Machine(store, body, state)


def new_state() -> dict[str, Any]:
    """The state of a machine that is being made."""
    return {"powerState": "starting", "agent": True, "imageState": COMPLETE, "boot": 1, "work": None, "turn": 0, "extensions": {}}
