"""The kinds of Azure resources that the checks know, by Azure Resource Manager's type and by azure-native's token."""

import enum
import re
from typing import Any, Self

from azure_scaleset.rules.value import text

_TOKEN = re.compile(r"azure-native(?:_\w+)?:(?:\w+)(?:/v\w+)?:(\w+)")


class ResourceKind(enum.Enum):
    """A kind of resource: Azure Resource Manager's type, and azure-native's inputs that hold the names in its id, the owner's first."""

    SCALE_SET = ("Microsoft.Compute/virtualMachineScaleSets", ("vmScaleSetName",))
    EXTENSION = ("Microsoft.Compute/virtualMachineScaleSets/extensions", ("vmScaleSetName", "vmssExtensionName"))
    AUTOSCALE = ("Microsoft.Insights/autoscaleSettings", ("autoscaleSettingName",))
    LOAD_BALANCER = ("Microsoft.Network/loadBalancers", ("loadBalancerName",))
    VIRTUAL_NETWORK = ("Microsoft.Network/virtualNetworks", ("virtualNetworkName",))
    SUBNET = ("Microsoft.Network/virtualNetworks/subnets", ("virtualNetworkName", "subnetName"))
    GALLERY_IMAGE = ("Microsoft.Compute/galleries/images", ("galleryName", "galleryImageName"))
    GALLERY_IMAGE_VERSION = ("Microsoft.Compute/galleries/images/versions", ("galleryName", "galleryImageName", "galleryImageVersionName"))

    def __init__(self, arm_type: str, names: tuple[str, ...]) -> None:
        self.arm_type = arm_type
        """Azure Resource Manager's type."""
        self.names = names
        """Inputs with the names in the resource's id."""

    @classmethod
    def of_arm_type(cls, arm_type: Any) -> Self | None:
        """The kind of an ARM *arm_type*, letter case aside; None for any other."""
        given = text(arm_type)
        return None if given is None else next((kind for kind in cls if kind.arm_type.casefold() == given.casefold()), None)

    @classmethod
    def of_token(cls, token: Any) -> Self | None:
        """The kind of an azure-native *token* of any API version (`azure-native:compute/v20240701:VirtualMachineScaleSet`); None for any other."""
        match = _TOKEN.fullmatch(token) if isinstance(token, str) else None
        return None if match is None else next((kind for kind, name in _TOKENS.items() if name == match[1]), None)


_TOKENS = {
    ResourceKind.SCALE_SET: "VirtualMachineScaleSet",
    ResourceKind.EXTENSION: "VirtualMachineScaleSetExtension",
    ResourceKind.AUTOSCALE: "AutoscaleSetting",
    ResourceKind.LOAD_BALANCER: "LoadBalancer",
    ResourceKind.VIRTUAL_NETWORK: "VirtualNetwork",
    ResourceKind.SUBNET: "Subnet",
    ResourceKind.GALLERY_IMAGE: "GalleryImage",
    ResourceKind.GALLERY_IMAGE_VERSION: "GalleryImageVersion",
}
