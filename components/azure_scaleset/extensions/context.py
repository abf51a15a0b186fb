"""What the extensions of one scale set share while they are turned into definitions."""

import enum
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import pulumi

from azure_scaleset.extensions.arguments import Sas


class OperatingSystem(enum.StrEnum):
    """The operating system of the instances."""

    LINUX = "Linux"
    """Linux: cloud-init, Custom Script."""
    WINDOWS = "Windows"
    """Windows Server: PowerShell DSC, Custom Script."""


class PayloadDelivery(Protocol):
    """Brings content to the instances through private blob storage."""

    @property
    def client_id(self) -> pulumi.Output[str]:
        """Client id of the identity with which the instances read."""

    def upload(self, name: str, content: bytes, suffix: str) -> pulumi.Output[str]:
        """Uploads *content* for the extension *name*; gives its address."""

    def sas_token(self, name: str, sas: Sas) -> pulumi.Output[str]:
        """A secret SAS token, with its `?`, that reads what was uploaded as *name*."""


@dataclass(frozen=True)
class Context:
    """The scale set around an extension."""

    subject: str
    """The component's type and name, for messages."""
    system: OperatingSystem
    base: Path
    """Where relative paths start."""
    waits_for_cloud_init: bool
    """The scripts wait until cloud-init has finished."""
    delivery: PayloadDelivery
