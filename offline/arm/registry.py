"""What a resource type is to the ARM server, and the table of all of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from offline.arm.http import Json, Request
from offline.arm.ids import ResourceId
from offline.arm.store import Store


@dataclass(frozen=True)
class Context:
    """What a handler gets: the state, the resource it is about, the call."""

    store: Store
    id: ResourceId
    request: Request


def keep(context: Context, new: Json, old: Json | None) -> Json:
    """Default `on_put`: the body is stored as it was sent."""
    return new


NO_CONTENT = "_noContent"
"""What an action gives that Azure answers with 204."""

OPERATION = "_operation"
"""Where a handler leaves the id of the operation that its call has begun (`operations.begin`)."""


def nothing(context: Context, old: Json) -> None:
    """Default `on_delete`."""


def as_stored(context: Context, body: Json) -> Json:
    """Default `on_get`."""
    return body


def none_built_in(store: Store, resource_id: ResourceId) -> Json | None:
    """Default `built_in`: nothing exists without having been made."""
    return None


Action = Callable[[Context, Json], Json | None]
"""POST <id>/<action>: gets the stored resource, gives the answer's body (`{}`: 200 without content, `{NO_CONTENT: True}`: 204, None: 202 without
content).

An action that takes time gives `{OPERATION: <id>}`, as `on_put` does.
"""


@dataclass(frozen=True)
class ResourceType:
    """One ARM resource type.

    `model` is the class of Azure's Python SDK that describes the PUT body: unknown fields, wrong types, missing required fields and bad enum
    values are refused by it before `on_put` runs. `on_put(context, new, old)` checks what only the state knows, does what follows from the write
    (with `context.store`) and gives the body to store (ARM JSON with `properties`, without id, name and type: `app` adds them).
    It raises `ArmError` to refuse; what it wrote is then rolled back. A write that is accepted and takes time puts the id of its operation
    under the key `OPERATION`, which `writing` takes out and leads the client to. `on_delete` gives the id of an operation when the resource
    goes only when that ends (the handler removes it then), else None.
    """

    name: str
    model: type
    on_put: Callable[[Context, Json, Json | None], Json] = keep
    on_delete: Callable[[Context, Json], str | None] = nothing
    on_get: Callable[[Context, Json], Json] = as_stored
    actions: dict[str, Action] = field(default_factory=dict)
    actions_before: dict[str, Action] = field(default_factory=dict)
    """POST <id>/<action> that needs no resource of this id: the handler gets `{}` in its place."""
    views: dict[str, Action] = field(default_factory=dict)
    """GET <id>/<view>: what can be read below a resource and is no resource (`instanceView`)."""
    built_in: Callable[[Store, ResourceId], Json | None] = none_built_in
    """The body of a resource of this type that Azure itself makes (built-in roles, an account's blob service), None if the id is none of those."""
    created: int = 201
    """The status of a PUT that makes a resource of this type."""
    unchecked: tuple[str, str] | None = None
    """A property below an object of the body that `model` says too little of to be checked by it (`("hardwareProfile", "vmSize")` in `properties`)."""
    patch_model: type | None = None
    """The SDK's class of the PATCH body; None: the merged body is checked by `model`."""
    filtered: Callable[[list[Json], Request], list[Json]] | None = None
    """Applies `$filter` to a collection; None: filters are refused."""
    page_size: int | None = None
    """How many a page of a list of this type holds; None: all are on one page."""
    tracked: bool = True
    """Has `location` (required) and `tags`."""
    collection: str | None = None
    """Where the parent's body holds children of this type (`subnets`: `properties.subnets[]`; a dotted path for what is deeper), or None.
    Such a child is not stored on its own: to write one is to write its parent."""
    nested_first: bool = False
    """Can't be deleted while resources are below it; a resource group that is deleted takes them all."""
    writable: bool = True
    """Can be written and deleted by its own id; a probe can't, it is written with its load balancer."""


TYPES: dict[str, ResourceType] = {}
"""Lower-case type name -> type. Filled by `offline.arm.types`."""


def register(resource_type: ResourceType) -> ResourceType:
    """Adds a type to the table."""
    TYPES[resource_type.name.lower()] = resource_type
    return resource_type
