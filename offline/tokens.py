"""Access tokens: the managed-identity endpoint gives them (App Service's form, api-version 2019-08-01), the server checks them.

They are unsigned JWTs: who can reach this Azure is on this machine and may do everything. What matters is that a client without a token,
with one for something else, or with an old one is refused as Azure does.
"""

from __future__ import annotations

import base64
import json
import time
from collections.abc import Mapping

from offline.arm import faults
from offline.arm.errors import ArmError
from offline.arm.http import Json
from offline.arm.store import Store
from offline.arm.tenant import AUDIENCE, DEPLOYER, TENANT
from offline.arm.types import identity

LIFETIME = 3600
"""Seconds that a token lives, by the machine's clock: clients refresh by it too."""

_ISSUED = "offline_issued"
"""A claim of this Azure's own: when the token was given, on the virtual clock."""

ARM_AUDIENCES = (AUDIENCE, "https://management.azure.com/", "https://management.core.windows.net/")
STORAGE_AUDIENCES = ("https://storage.azure.com/",)


def issue(store: Store, query: Mapping[str, str]) -> Json:
    """The answer of the identity endpoint: for the deployer, or for the user-assigned identity that the query names."""
    if query.get("api-version") != "2019-08-01" or "resource" not in query:
        raise ArmError(400, "BadRequest", "The managed-identity endpoint takes `resource` and `api-version=2019-08-01`.")
    principal, client = _principal(store, query)
    now = int(time.time())
    claims = {"aud": query["resource"], "iss": f"https://sts.windows.net/{TENANT}/", "iat": now, "nbf": now, "exp": now + LIFETIME}
    claims |= {_ISSUED: store.seconds}
    claims |= {"tid": TENANT, "oid": principal, "sub": principal, "appid": client, "idtyp": "app", "ver": "1.0"}
    text = f"{_part({'alg': 'none', 'typ': 'JWT'})}.{_part(claims)}."
    return {
        "access_token": text,
        "expires_on": str(claims["exp"]),
        "resource": query["resource"],
        "token_type": "Bearer",
        "client_id": client,
    }


def _principal(store: Store, query: Mapping[str, str]) -> tuple[str, str]:
    """Principal id and client id."""
    asked = next(((name, query[name].lower()) for name in ("client_id", "principal_id", "object_id", "mi_res_id") if query.get(name)), None)
    if asked is None:
        return DEPLOYER, DEPLOYER
    for each in store.resources(resource_type=identity.NAME):
        ids = {"client_id": each["properties"]["clientId"], "mi_res_id": each["id"].lower()}
        if asked[1] == ids.get(asked[0], each["properties"]["principalId"]):
            return each["properties"]["principalId"], each["properties"]["clientId"]
    raise ArmError(400, "BadRequest", f"No user-assigned managed identity found for {asked[0]} '{asked[1]}'.")


def principal_of(store: Store, headers: Mapping[str, str], audiences: tuple[str, ...]) -> str:
    """The principal id of a request's bearer token (header names in lower case); refuses a missing, foreign or expired one with 401.

    It has expired by the machine's clock, or on order (`tokensEnd`) by the virtual one: then long before the client thinks so.
    """
    scheme, _, text = headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not text:
        raise ArmError(401, "AuthenticationFailed", "Authentication failed. The 'Authorization' header is missing or is no bearer token.")
    try:
        payload = text.split(".")[1]
        claims = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
        audience, expires, principal = str(claims["aud"]), float(claims["exp"]), str(claims["oid"])
    except (LookupError, ValueError, TypeError):
        raise ArmError(401, "InvalidAuthenticationToken", "The access token is invalid.") from None
    if audience.rstrip("/") not in [each.rstrip("/") for each in audiences]:
        raise ArmError(
            401,
            "InvalidAuthenticationTokenAudience",
            f"The access token has been obtained for wrong audience or resource '{audience}': expected {audiences[0]}.",
        )
    lives = faults.token_seconds(store)
    if expires < time.time() or (lives is not None and store.seconds - float(claims.get(_ISSUED, 0)) > lives):
        raise ArmError(401, "ExpiredAuthenticationToken", "The access token expiry UTC time is earlier than current UTC time.")
    return principal


def _part(content: Json) -> str:
    return base64.urlsafe_b64encode(json.dumps(content).encode()).decode().rstrip("=")
