"""A token of azure-native's own login: who gives it, and what it says."""

import base64
import json
from typing import Any

TOKEN = "azure-native:authorization:getClientToken"
"""azure-native's function that gives a token of its login."""


def claims(token: str) -> dict[str, Any]:
    """What a JWT says, unchecked; nothing where it is none."""
    try:
        payload = token.split(".")[1]
        said = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    except (IndexError, ValueError):
        return {}
    return said if isinstance(said, dict) else {}
