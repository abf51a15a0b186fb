"""Who the plugin is towards Azure: a service principal of the one tenant, and its tokens."""

from __future__ import annotations

import base64
import json
import uuid
from datetime import datetime, timedelta

from offline.arm.tenant import TENANT

CLIENT = str(uuid.uuid5(uuid.NAMESPACE_DNS, "client.offline.azure"))
"""Application id of the service principal."""
OBJECT = str(uuid.uuid5(uuid.NAMESPACE_DNS, "object.offline.azure"))
"""Its object id, which role assignments name."""

_LIFE = timedelta(hours=1)


def token(audience: str, now: datetime) -> str:
    """An unsigned bearer token (JWT) for an audience, valid for an hour of the virtual clock."""
    claims = {
        "aud": audience,
        "iss": f"https://sts.windows.net/{TENANT}/",
        "appid": CLIENT,
        "oid": OBJECT,
        "tid": TENANT,
        "idtyp": "app",
        "iat": int(now.timestamp()),
        "exp": int((now + _LIFE).timestamp()),
    }
    return ".".join([_encode({"alg": "none", "typ": "JWT"}), _encode(claims), ""])


def _encode(part: dict[str, object]) -> str:
    return base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode()
