"""The blobs of a container, through a signature that Resource Manager gives: what the deployment may do, nothing more is needed for."""

import os
import ssl
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING
from xml.etree import ElementTree

if TYPE_CHECKING:
    from azure_scaleset.rollout.arm import Arm

STORAGE_API_VERSION = "2024-01-01"
"""Of Microsoft.Storage: the one that azure-native 3.29 uses."""
OWNER = "azure_scaleset_stack"
"""Metadata of a payload in a container that was brought: whose it is, as `PROJECT/STACK`. What else is in such a container is others'."""
_DATA_VERSION = "2021-08-06"
_TIMEOUT = 30
_MINUTES = 10


@dataclass(frozen=True)
class Blob:
    """A blob in a list."""

    name: str
    modified: datetime
    owner: str | None = None
    """The stack that uploaded it, where it says so (`OWNER`)."""


class Container:
    """A blob container, signed in to for some minutes."""

    def __init__(self, arm: "Arm", account_id: str, name: str, permissions: str) -> None:
        """*permissions*: letters of a SAS, as `rl`. Raises `ArmError`."""
        account = account_id.rpartition("/")[2]
        endpoint = str(arm.get(account_id, STORAGE_API_VERSION)["properties"]["primaryEndpoints"]["blob"])
        self.address = f"{endpoint.rstrip('/')}/{name}"
        """Of the container, at the account's own endpoint: another cloud, or an account in a DNS zone, has another than `blob.core.windows.net`."""
        self._token = arm.ask(
            f"{account_id}/ListServiceSas",
            {
                "canonicalizedResource": f"/blob/{account}/{name}",
                "signedResource": "c",
                "signedPermission": permissions,
                "signedProtocol": "https",
                "signedExpiry": (arm.now + timedelta(minutes=_MINUTES)).strftime("%Y-%m-%dT%H:%M:%SZ"),
            },
            STORAGE_API_VERSION,
        )["serviceSasToken"]

    def read(self, name: str) -> bytes:
        """The content of a blob. Raises OSError."""
        return self._call("GET", f"/{urllib.parse.quote(name)}", {})

    def delete(self, name: str) -> None:
        """Removes a blob; one that is gone already is fine. Raises OSError."""
        try:
            self._call("DELETE", f"/{urllib.parse.quote(name)}", {})
        except urllib.error.HTTPError as error:
            if error.code != 404:
                raise

    def list(self) -> Iterator[Blob]:
        """The blobs, page after page. Raises OSError."""
        marker = ""
        while True:
            page = ElementTree.fromstring(
                self._call(
                    "GET", "", {"restype": "container", "comp": "list", "include": "metadata", **({"marker": marker} if marker else {})}
                )
            )
            for each in page.iter("Blob"):
                modified = parsedate_to_datetime(str(each.findtext("Properties/Last-Modified")))
                yield Blob(str(each.findtext("Name")), modified, each.findtext(f"Metadata/{OWNER}"))
            marker = page.findtext("NextMarker") or ""
            if not marker:
                return

    def _call(self, method: str, path: str, query: dict[str, str]) -> bytes:
        words = "&".join([*(f"{key}={urllib.parse.quote(value, safe='')}" for key, value in query.items()), self._token])
        request = urllib.request.Request(f"{self.address}{path}?{words}", method=method, headers={"x-ms-version": _DATA_VERSION})
        # The variable by which azure-core, too, is told of a certificate authority.
        context = ssl.create_default_context(cafile=os.environ.get("REQUESTS_CA_BUNDLE"))
        with urllib.request.urlopen(request, timeout=_TIMEOUT, context=context) as answer:
            content: bytes = answer.read()
            return content
