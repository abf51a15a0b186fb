"""The identity with which Image Builder works, and its rights: least ones, each only where it is needed, and there before the template is submitted (T23)."""

import asyncio
import threading
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import pulumi
from pulumi_azure_native import authorization, managedidentity

from azure_scaleset.images.artifact import wait as wait_a_little
from azure_scaleset.images.azure import asked
from azure_scaleset.subscription import subscription_id

if TYPE_CHECKING:
    from azure_scaleset.rollout.arm import Arm

GALLERY_PUBLISHER = "85a2d0d9-2eba-4c9c-b355-11c2cc0788ab"
"""Azure's built-in role `Compute Gallery Artifacts Publisher`: on the gallery that the version goes to."""
GALLERY_READER = "cf7c76d2-98a3-4358-a134-615aa78bf44d"
"""Azure's built-in role `Compute Gallery Image Reader`: on the image definition that the base is of."""
READER = "acdd72a7-3385-48ef-bd42-f606fba81ae7"
"""Azure's built-in role `Reader`: on the managed image that is the base."""
NETWORK_CONTRIBUTOR = "4d97b98b-1d4f-4787-a291-c67834d212e7"
"""Azure's built-in role `Network Contributor`: on the network of the build."""

ARRIVAL = timedelta(minutes=5)
"""How long Azure takes until a new assignment is known everywhere."""
_API_VERSION = "2022-04-01"


@dataclass(frozen=True)
class Builder:
    """The identity of builds."""

    identity_id: pulumi.Output[str]
    principal_id: pulumi.Output[str]


def make(name: str, common: Mapping[str, Any], parent: pulumi.Resource) -> Builder:
    """An identity for the builds of one image."""
    identity = managedidentity.UserAssignedIdentity(
        f"{name}-builder", resource_name_=f"{name}-builder", **common, opts=pulumi.ResourceOptions(parent=parent)
    )
    return Builder(identity.id, identity.principal_id)


def assign(
    name: str, what: str, role: str, scope: pulumi.Input[str], builder: Builder, parent: pulumi.Resource, depends_on: list[pulumi.Resource]
) -> authorization.RoleAssignment:
    """Gives the identity a role at *scope*. *what*: for the resource's name."""
    return authorization.RoleAssignment(
        f"{name}-builder-{what}",
        scope=scope,
        # The name must be a GUID, and the same one for the same assignment: a second one would be refused.
        role_assignment_name=pulumi.Output.all(scope, builder.principal_id).apply(
            lambda ids: str(uuid.uuid5(uuid.NAMESPACE_URL, f"{ids[0]}{ids[1]}{role}"))
        ),
        principal_id=builder.principal_id,
        # Without the type Azure looks the principal up, and a new one isn't found yet.
        principal_type=authorization.PrincipalType.SERVICE_PRINCIPAL,
        role_definition_id=pulumi.Output.concat(
            "/subscriptions/", subscription_id(parent), "/providers/Microsoft.Authorization/roleDefinitions/", role
        ),
        opts=pulumi.ResourceOptions(parent=parent, depends_on=depends_on),
    )


def arrived(rights: Sequence[pulumi.Resource], parent: pulumi.Resource) -> pulumi.ResourceHookBinding:
    """A hook for the template: it waits until the assignments are known everywhere. Image Builder looks at its rights when it is given the template, a template that
    it refused must be deleted, and nothing tells when an assignment has arrived but its age."""

    async def wait(_: pulumi.ResourceHookArgs) -> None:
        ids = [str(await each.id.future(with_unknowns=False)) for each in rights if isinstance(each, pulumi.CustomResource)]
        stop = threading.Event()
        try:
            await asked(parent, lambda arm: _wait(arm, ids, stop))
        except asyncio.CancelledError:
            stop.set()
            raise

    hook = pulumi.ResourceHook(f"rights {uuid.uuid4().hex[:8]}", wait, pulumi.ResourceHookOptions(on_dry_run=False))
    return pulumi.ResourceHookBinding(before_create=[hook])


def _wait(arm: "Arm", ids: Sequence[str], stop: threading.Event) -> None:
    for each in ids:
        while made_at(arm.get(each, _API_VERSION)) > arm.now - ARRIVAL:
            wait_a_little(arm, stop)


def made_at(assignment: Mapping[str, Any]) -> datetime:
    """When an assignment was made. Pure."""
    return datetime.fromisoformat(str(assignment["properties"]["createdOn"]))
