"""Resource ids. ARM compares them without regard to case and keeps the case they were written in."""

from __future__ import annotations

import re
from dataclasses import dataclass

from offline.arm.errors import bad_request

_SUBSCRIPTION = re.compile(r"^/subscriptions/([^/]+)(?:/(?:resourceGroups)/([^/]+))?(.*)$", re.IGNORECASE)
_PROVIDERS = "/providers/"


@dataclass(frozen=True)
class ResourceId:
    """The id of a resource, taken apart.

    `type` is the full type (`Microsoft.Network/virtualNetworks/subnets`), `names` the names along it. For a role assignment on another
    resource `scope` is the id of that resource, else the resource group or subscription.
    """

    text: str
    subscription: str
    resource_group: str | None
    scope: str
    type: str
    names: tuple[str, ...]

    @property
    def name(self) -> str:
        """The resource's own name: the last one."""
        return self.names[-1]

    @property
    def key(self) -> str:
        """The id as it is compared and stored."""
        return self.text.lower()

    @property
    def parent(self) -> str | None:
        """The id of the parent resource of a child resource, None for a top-level resource."""
        return self.text.rsplit("/", 2)[0] if len(self.names) > 1 else None


def names_a_resource(path: str) -> bool:
    """Whether a path is an id: below the provider come the namespace and pairs of type and name. Otherwise its end is a collection or an action."""
    start = path.lower().rfind(_PROVIDERS)
    if start >= 0:
        return len(path[start + len(_PROVIDERS) :].strip("/").split("/")) % 2 == 1
    match = _SUBSCRIPTION.match(path.rstrip("/"))
    return match is not None and not match[3]


def parse(text: str) -> ResourceId:
    """Takes an id apart; refuses what is none with Azure's `LinkedInvalidPropertyId`."""
    clean = "/" + text.strip("/")
    match = _SUBSCRIPTION.match(clean)
    if match is None:
        raise bad_request(
            "LinkedInvalidPropertyId",
            f"Property id '{text}' is invalid. Expect fully qualified resource Id that start with '/subscriptions/{{subscriptionId}}'.",
        )
    subscription, group, rest = match.groups()
    start = clean.lower().rfind(_PROVIDERS)
    scope, tail = clean[: max(start, 0)], clean[start + len(_PROVIDERS) :]
    if not rest:
        kind = "Microsoft.Resources/resourceGroups" if group else "Microsoft.Resources/subscriptions"
        return ResourceId(clean, subscription, group, f"/subscriptions/{subscription}", kind, (group or subscription,))
    parts = tail.split("/")
    if not scope or len(parts) < 3 or len(parts) % 2 == 0:
        raise bad_request("LinkedInvalidPropertyId", f"Property id '{text}' is invalid: expected …/providers/<namespace>/<type>/<name>.")
    return ResourceId(clean, subscription, group, scope, "/".join([parts[0], *parts[1::2]]), tuple(parts[2::2]))
