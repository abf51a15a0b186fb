"""The program: one stack file in, one network and one scale set, or a staged one, out. Which variant a stack is, its file alone decides."""

import pulumi
from pulumi_azure_native import resources

from azure_scaleset import BuiltImage, CapturedImage, GalleryImage, Network, ScaleSet, StagedScaleSet
from stacks import region, settings

stack = settings.load(pulumi.Config())
tags = {"stack": pulumi.get_stack(), **stack.tags}

if stack.adopted_group is not None:
    # The adopted scale set is where it is, on the network that it has, with its own tags.
    group_name = stack.adopted_group
    place = {"resource_group_name": group_name, "location": stack.location, "tags": stack.tags}
    attachment = {**stack.attachment, **stack.network}
    address = None
else:
    group = resources.ResourceGroup(
        "group",
        resource_group_name=f"{pulumi.get_project()}-{pulumi.get_stack()}",
        location=stack.location,
        tags=tags,
        # Another region would replace the group, and Pulumi would delete all that is in it before. It may hold resources of any region.
        opts=pulumi.ResourceOptions(ignore_changes=["location"]),
    )
    group_name = region.kept(group, stack.location)
    place = {"resource_group_name": group_name, "location": stack.location, "tags": tags}
    network = Network("network", {**place, **stack.network})
    pools = [*stack.attachment.get("backend_pool_ids", []), *([network.backend_pool_id] if "load_balancer" in stack.network else [])]
    attachment = {
        **stack.attachment,
        "subnet_id": network.subnet_id,
        **({"backend_pool_ids": pools} if pools else {}),
        **({"health_probe_id": network.probe_id} if stack.probe_is_health_signal else {}),
    }
    address = network.address
scale_set = {**place, "network": attachment, **stack.scale_set}

if stack.image is not None:
    makers = {"builtImage": BuiltImage, "capturedImage": CapturedImage, "galleryImage": GalleryImage}
    image = makers[stack.image.key](f"{stack.name}-image", {**place, **stack.image.arguments})
    scale_set["image"] = image.image_id
    pulumi.export("imageId", image.image_id)

pulumi.export("resourceGroupName", group_name)
if stack.staged is None:
    web = ScaleSet(stack.name, scale_set)
    pulumi.export("scaleSetId", web.scale_set_id)
    pulumi.export("scaleSetName", web.scale_set_name)
    if address is not None:
        pulumi.export("address", address)
else:
    staged = StagedScaleSet(stack.name, {"scale_set": scale_set, **stack.staged})
    pulumi.export("active", staged.active)
    pulumi.export("idle", staged.idle)
    pulumi.export("address", staged.address)
    pulumi.export("testAddresses", staged.test_addresses)
    pulumi.export("scaleSetIds", staged.scale_set_ids)
    pulumi.export("scaleSetNames", staged.scale_set_names)
    pulumi.export("productionPoolIds", staged.production_pool_ids)
    pulumi.export("activePoolId", staged.active_pool_id)
