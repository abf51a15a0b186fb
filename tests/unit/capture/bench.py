"""A VM on the offline Azure, captured through azure-core's own client."""

from __future__ import annotations

from typing import Any

from azure_scaleset.capture.drive import Capture, Captured
from azure_scaleset.capture.looking import look
from azure_scaleset.capture.vm import Vm
from azure_scaleset.capture.wanted import Wanted
from azure_scaleset.rollout.progress import Progress
from tests.unit.offline.arm import GROUP, Arm
from tests.unit.offline.images.workshop import GENERATION_2, MACHINE, SCRIPT, Workshop
from tests.unit.rollout.transport import Wire, connect

VM = f"{GROUP}/providers/{MACHINE}"
VERSION = f"{GROUP}/providers/Microsoft.Compute/galleries/group_images/images/build/versions/1.0.0"


class Bench:
    """One VM and its captures."""

    def __init__(self, arm: Arm) -> None:
        self.workshop = Workshop(arm)
        self.arm = arm
        self.store = arm.store
        self.wire = Wire(arm.store)
        self.said: list[str] = []
        """What the last capture reported."""

    def make(self, image: Any = GENERATION_2, extension: bool = False) -> None:
        """Makes the VM `build`, which runs."""
        self.workshop.machine(image)
        if extension:
            self.workshop.done("PUT", f"{MACHINE}/extensions/script", {"location": "westeurope", "properties": SCRIPT})

    def capture(self, minutes: int = 30, **asked: Any) -> Captured:
        """Captures it."""
        self.said = []
        return Capture(connect(self.wire), VM, Wanted(**asked), self._note, minutes).run()

    def _note(self, progress: Progress) -> None:
        self.said.append(f"{progress.done}/{progress.total} {progress.message}")

    def vm(self) -> Vm | None:
        """The VM as the library sees it."""
        return look(connect(self.wire), VM)

    def left(self) -> list[str]:
        """Types and names of what is in the resource group, but for the network."""
        found = self.store.resources(GROUP + "/")
        return [f"{each['type'].partition('/')[2]} {each['name']}" for each in found if "/virtualNetworks" not in each["type"]]

    def runs_a_set(self, image: str, **profile: Any) -> bool:
        """Whether a scale set of the image comes up."""
        return self.workshop.outcome(self.workshop.put_set({"id": image}, **profile)) is None
