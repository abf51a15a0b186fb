"""The log of a build: Image Builder keeps it in a storage account of the template's staging group."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from azure_scaleset.images.blobs import Container

if TYPE_CHECKING:
    from azure_scaleset.rollout.arm import Arm

LINES = 20
"""Of the log's end are shown."""
_ADDRESS = re.compile(
    r"(?:https://(?P<host>[a-z0-9]+)\.blob\.[^/\s]+|/storageAccounts/(?P<account>[a-z0-9]+)/blobServices/default/containers)"
    r"/(?P<container>[^/\s]+)/(?P<blob>\S+?customization\.log)",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Place:
    """A log's place."""

    account: str
    container: str
    blob: str


def place(message: str) -> Place | None:
    """Where the message of a failed run says that its log is: by address, or by the account's resource id. Pure."""
    found = _ADDRESS.search(message)
    return None if found is None else Place(found["host"] or found["account"], found["container"], found["blob"])


def last_lines(arm: "Arm", template: Mapping[str, Any]) -> list[str]:
    """The last lines of the log of a template's last run; one that says why they can't be read, where they can't; none where Azure names no log."""
    properties = template.get("properties") or {}
    found = place(str((properties.get("lastRunStatus") or {}).get("message") or ""))
    group = properties.get("exactStagingResourceGroup") or properties.get("stagingResourceGroup")
    if found is None or not group:
        return []
    from azure_scaleset.rollout.arm import ArmError

    try:
        return ending(_read(arm, str(group), found))
    except (ArmError, OSError, ValueError) as error:
        return [f"(the log can't be read: {error}. It is {found.blob} in {found.container} of the storage account {found.account})"]


def ending(text: str) -> list[str]:
    """The last lines that say something. Pure."""
    return [line.rstrip() for line in text.splitlines() if line.strip()][-LINES:]


def _read(arm: "Arm", group: str, found: Place) -> str:
    account_id = f"{group}/providers/Microsoft.Storage/storageAccounts/{found.account}"
    return Container(arm, account_id, found.container, "r").read(found.blob).decode(errors="replace")
