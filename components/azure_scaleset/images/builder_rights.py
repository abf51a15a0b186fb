"""The identity with which Image Builder works, and its rights: least ones, each only where it is needed."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pulumi
from pulumi_azure_native import authorization, managedidentity

from azure_scaleset.images.build_arguments import BuiltImageArgs
from azure_scaleset.images.reference import ImageKind, parse
from azure_scaleset.payload_store import Delivery
from azure_scaleset.subscription import subscription_id

GALLERY_PUBLISHER = "85a2d0d9-2eba-4c9c-b355-11c2cc0788ab"
"""Azure's built-in role `Compute Gallery Artifacts Publisher`: on the gallery that the version goes to."""
GALLERY_READER = "cf7c76d2-98a3-4358-a134-615aa78bf44d"
"""Azure's built-in role `Compute Gallery Image Reader`: on the image definition that the base is of."""
READER = "acdd72a7-3385-48ef-bd42-f606fba81ae7"
"""Azure's built-in role `Reader`: on the managed image that is the base."""
VIRTUAL_MACHINE_CONTRIBUTOR = "9980e02c-c2be-4d73-94e8-173b1dc7cf3c"
"""Azure's built-in role `Virtual Machine Contributor`: on the virtual network of the build. What it allows there is to read it and to join its subnets, the two actions
that Image Builder is documented to need; its other actions are on resources that a network doesn't hold. A role of one's own with these two would need the right to
define roles, which somebody who may assign them (`Role Based Access Control Administrator`) often hasn't, and a name in the whole tenant; `Network Contributor` could
change the network."""


@dataclass(frozen=True)
class Builder:
    """The identity of builds."""

    identity_id: pulumi.Output[str]
    principal_id: pulumi.Output[str]


def identity(
    name: str,
    args: BuiltImageArgs,
    delivery: Delivery,
    definition_id: pulumi.Output[str],
    common: Mapping[str, Any],
    made: list[pulumi.Resource],
    parent: pulumi.Resource,
) -> tuple[pulumi.Input[str], list[pulumi.Resource]]:
    """The id of the identity that builds, and its rights, which must be there first: none where it was brought. *made*: what the gallery is there after."""
    brought = args.get("identity_id") or args.get("payload_store", {}).get("identity_id")
    if brought is not None:
        return brought, []
    # The identity that reads the files is the one that builds.
    if delivery.used and delivery.made_principal_id is not None:
        builder = Builder(pulumi.Output.from_input(delivery.identity_id), delivery.made_principal_id)
    else:
        builder = make(name, common, parent)
    gallery = definition_id.apply(lambda known: known.rpartition("/images/")[0])
    rights: list[pulumi.Resource] = [*delivery.rights, assign(name, "gallery", GALLERY_PUBLISHER, gallery, builder, parent, made)]
    if not isinstance(args["base"], str) or parse(args["base"]).kind is not ImageKind.PLATFORM:
        read = pulumi.Output.all(args["base"], gallery).apply(lambda known: of_base(known[0], known[1]))
        # The scope of a platform image is the gallery, which must be there.
        rights.append(assign(name, "base", read[0], read[1], builder, parent, made))
    if "network" in args:
        network = pulumi.Output.from_input(args["network"]["subnet_id"]).apply(lambda known: known.partition("/subnets/")[0])
        rights.append(assign(name, "network", VIRTUAL_MACHINE_CONTRIBUTOR, network, builder, parent, []))
    return builder.identity_id, rights


def make(name: str, common: Mapping[str, Any], parent: pulumi.Resource) -> Builder:
    """An identity for the builds of one image."""
    identity = managedidentity.UserAssignedIdentity(
        f"{name}-builder", resource_name_=f"{name}-builder", **common, opts=pulumi.ResourceOptions(parent=parent)
    )
    return Builder(identity.id, identity.principal_id)


def of_base(base: str, gallery: str) -> tuple[str, str]:
    """The role that reads a base, and its scope. Of a platform image, which everybody may read, it is one that the identity needs anyhow, on its *gallery*: what a base
    is that is known only in `up` can't decide whether there is an assignment. Pure."""
    image = parse(base)
    if image.kind is ImageKind.PLATFORM:
        return GALLERY_READER, gallery
    return (READER if image.kind is ImageKind.MANAGED else GALLERY_READER), image.name


def assign(
    name: str,
    what: str,
    role: pulumi.Input[str],
    scope: pulumi.Input[str],
    builder: Builder,
    parent: pulumi.Resource,
    depends_on: list[pulumi.Resource],
) -> authorization.RoleAssignment:
    """Gives the identity a role at *scope*. *what*: for the resource's name."""
    return authorization.RoleAssignment(
        f"{name}-builder-{what}",
        scope=scope,
        # The name must be a GUID, and the same one for the same assignment: a second one would be refused.
        role_assignment_name=pulumi.Output.all(scope, builder.principal_id, role).apply(
            lambda known: str(uuid.uuid5(uuid.NAMESPACE_URL, "".join(known)))
        ),
        principal_id=builder.principal_id,
        # Without the type Azure looks the principal up, and a new one isn't found yet.
        principal_type=authorization.PrincipalType.SERVICE_PRINCIPAL,
        role_definition_id=pulumi.Output.concat(
            "/subscriptions/", subscription_id(parent), "/providers/Microsoft.Authorization/roleDefinitions/", role
        ),
        opts=pulumi.ResourceOptions(parent=parent, depends_on=depends_on),
    )
