"""What is on an OS disk, and an image as what a machine is made from: the same facts travel from a disk to an image and on to the disks made from it."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, replace

from offline.arm.http import Json
from offline.arm.store import Store

GENERALIZED = "Generalized"
SPECIALIZED = "Specialized"

TRUSTED_LAUNCH = "TrustedLaunch"
"""Only machines of this security type can be made from it."""
SUPPORTED = ("TrustedLaunchSupported", "TrustedLaunchAndConfidentialVmSupported")
"""What a definition's `SecurityType` says when machines with and without Trusted Launch can be made from it."""


@dataclass(frozen=True)
class Content:
    """What is on an OS disk.

    `prepared`: the system was deprovisioned or syspreped, so a machine made from it can be given a name and an administrator. `handlers`: the state that
    extension handlers left (`<publisher>.<type>`, lower case -> the highest sequence number they have carried out), which a copy of the disk carries along.
    `trusted`: the disk has the guest state of a Trusted Launch machine.
    """

    os: str
    generation: str
    prepared: bool = True
    handlers: dict[str, int] = field(default_factory=dict)
    trusted: bool = False
    architecture: str = "x64"
    plan: Json | None = None

    @property
    def shown(self) -> Json:
        """What the properties of a disk or a snapshot tell of it."""
        told: Json = {"osType": self.os, "hyperVGeneration": self.generation, "supportedCapabilities": {"architecture": self.architecture}}
        if self.plan:
            told["purchasePlan"] = self.plan
        if self.trusted:
            told["securityProfile"] = {"securityType": TRUSTED_LAUNCH}
        return told

    def save(self, store: Store, owner: str) -> None:
        """Keeps it as what is on a disk, a snapshot, an image."""
        store.put_document("content", owner, "os", asdict(self))


def content_of(store: Store, owner: str) -> Content | None:
    """What is on a disk, snapshot, managed image or gallery version, None when nothing is known of it."""
    kept = store.document("content", owner, "os")
    return None if kept is None else Content(**kept)


@dataclass(frozen=True)
class Image:
    """An image that exists.

    `versions` are in the order of `latest`: the last one is it. `state`: `Generalized` or `Specialized`. `security`: the `SecurityType` of the gallery's
    definition, `TrustedLaunchSupported` for platform images of generation 2, else None. `exact`: the version that the reference means, None for a managed
    image, which has none.
    """

    content: Content
    versions: tuple[str, ...] = ()
    state: str = GENERALIZED
    security: str | None = None
    exact: str | None = None

    @property
    def os(self) -> str:
        """`Linux` or `Windows`."""
        return self.content.os

    @property
    def generation(self) -> str:
        """Hyper-V generation: `V1` or `V2`."""
        return self.content.generation

    @property
    def boots(self) -> bool:
        """Whether a machine made from it comes up as its state promises: a generalized image must have been prepared (G9)."""
        return self.state == SPECIALIZED or self.content.prepared

    def meaning(self, version: str) -> Image:
        """The image with the version that a reference to it means."""
        return replace(self, exact=version)
