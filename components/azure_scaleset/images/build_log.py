"""The log of a build: Image Builder keeps it in a storage account of the template's staging group."""

import os
import re
import ssl
import urllib.error
import urllib.request
from collections.abc import Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from azure_scaleset.rollout.arm import Arm

LINES = 20
"""Of the log's end are shown."""
_STORAGE_API_VERSION = "2024-01-01"
_ADDRESS = re.compile(
    r"https://(?P<account>[a-z0-9]+)\.blob\.[^/\s]+/(?P<container>[^/\s]+)/(?P<blob>\S+?customization\.log)", re.IGNORECASE
)
_TIMEOUT = 30


def address(message: str) -> "re.Match[str] | None":
    """Where the message of a failed run says that its log is: groups `account`, `container`, `blob`. Pure."""
    return _ADDRESS.search(message)


def last_lines(arm: "Arm", template: Mapping[str, Any]) -> list[str]:
    """The last lines of the log of a template's last run; one that says why they can't be read, where they can't; none where Azure names no log."""
    properties = template.get("properties") or {}
    found = address(str((properties.get("lastRunStatus") or {}).get("message") or ""))
    group = properties.get("exactStagingResourceGroup") or properties.get("stagingResourceGroup")
    if found is None or not group:
        return []
    from azure_scaleset.rollout.arm import ArmError

    try:
        return ending(_read(arm, str(group), found))
    except (ArmError, OSError, ValueError) as error:
        return [f"(the log can't be read: {error}. It is at {found[0]})"]


def ending(text: str) -> list[str]:
    """The last lines that say something. Pure."""
    return [line.rstrip() for line in text.splitlines() if line.strip()][-LINES:]


def _read(arm: "Arm", group: str, found: "re.Match[str]") -> str:
    account_id = f"{group}/providers/Microsoft.Storage/storageAccounts/{found['account']}"
    endpoint = str(arm.get(account_id, _STORAGE_API_VERSION)["properties"]["primaryEndpoints"]["blob"])
    token = arm.ask(
        f"{account_id}/ListServiceSas",
        {
            "canonicalizedResource": f"/blob/{found['account']}/{found['container']}/{found['blob']}",
            "signedResource": "b",
            "signedPermission": "r",
            "signedProtocol": "https",
            "signedExpiry": (arm.now + timedelta(minutes=10)).strftime("%Y-%m-%dT%H:%M:%SZ"),
        },
        _STORAGE_API_VERSION,
    )["serviceSasToken"]
    # The variable by which azure-core, too, is told of a certificate authority.
    context = ssl.create_default_context(cafile=os.environ.get("REQUESTS_CA_BUNDLE"))
    url = f"{endpoint.rstrip('/')}/{found['container']}/{found['blob']}?{token}"
    with urllib.request.urlopen(url, timeout=_TIMEOUT, context=context) as answer:
        return str(answer.read().decode(errors="replace"))
