"""Which Azure: the public one, a national one, or one that a metadata host describes; found as azure-native finds it."""

import email.utils
import http.client
import json
import os
import ssl
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

_CLOUDS = {
    "public": "https://management.azure.com",
    "usgovernment": "https://management.usgovcloudapi.net",
    "china": "https://management.chinacloudapi.cn",
}

_CLASSIC = {
    "https://management.core.windows.net": "public",
    "https://management.core.usgovcloudapi.net": "usgovernment",
    "https://management.core.chinacloudapi.cn": "china",
}
"""Audiences of tokens that are not the Resource Manager's own address."""

_METADATA_VERSION = "2022-09-01"


@dataclass(frozen=True)
class Cloud:
    """A Resource Manager, and what its tokens are asked for."""

    endpoint: str
    """As `https://management.azure.com`."""
    audience: str
    """As `https://management.azure.com/`."""

    @property
    def scope(self) -> str:
        """The scope of a token."""
        return f"{self.audience.rstrip('/')}/.default"


def find(environment: Mapping[str, str] | None = None) -> Cloud:
    """The cloud that `ARM_METADATA_HOSTNAME` describes, else the one that `ARM_ENVIRONMENT` names (public, usgovernment, china; default public).

    Raises ValueError for another name, OSError when the metadata host doesn't answer.
    """
    variables = os.environ if environment is None else environment
    host = variables.get("ARM_METADATA_HOSTNAME")
    if host:
        return _described_by(host)
    name = variables.get("ARM_ENVIRONMENT", "public").lower()
    if name not in _CLOUDS:
        raise ValueError(f"The environment (azure-native:environment, ARM_ENVIRONMENT) is {name!r}. Expected one of {', '.join(_CLOUDS)}.")
    return Cloud(_CLOUDS[name], _CLOUDS[name] + "/")


def of_audience(audience: str) -> Cloud | None:
    """The known cloud whose Resource Manager takes tokens of this audience; None where it is none of them."""
    address = audience.rstrip("/").lower()
    name = next((name for name, endpoint in _CLOUDS.items() if endpoint == address), _CLASSIC.get(address))
    return None if name is None else Cloud(_CLOUDS[name], _CLOUDS[name] + "/")


def time_of(cloud: Cloud) -> datetime:
    """The cloud's own time (UTC, whole seconds). Raises OSError when it doesn't answer."""
    try:
        with _open(f"{cloud.endpoint}/metadata/endpoints?api-version={_METADATA_VERSION}") as answer:
            date = answer.headers["Date"]
    except urllib.error.HTTPError as refusal:  # it tells the time all the same
        date = refusal.headers["Date"]
    return email.utils.parsedate_to_datetime(date).astimezone(UTC)


def _described_by(host: str) -> Cloud:
    with _open(f"https://{host}/metadata/endpoints?api-version={_METADATA_VERSION}") as answer:
        body = json.load(answer)
    described = body[0] if isinstance(body, list) else body
    audiences = (described.get("authentication") or {}).get("audiences") or [described["resourceManager"]]
    return Cloud(str(described["resourceManager"]).rstrip("/"), str(audiences[0]))


def _open(url: str) -> http.client.HTTPResponse:
    # The variable by which azure-core, too, is told of a certificate authority.
    context = ssl.create_default_context(cafile=os.environ.get("REQUESTS_CA_BUNDLE"))
    answer: http.client.HTTPResponse = urllib.request.urlopen(url, timeout=30, context=context)
    return answer
