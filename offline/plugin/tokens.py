"""The resource types that the plugin knows, as azure-native 3.x describes them to itself."""

from __future__ import annotations

import importlib
import re
from dataclasses import dataclass
from typing import Any, Literal
from urllib.parse import quote

from offline.arm.http import Json
from offline.arm.shapes import Shape, shape
from offline.plugin.blob_shape import BLOB
from offline.plugin.first_use import ONE_IMPORT

_GROUP = "/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}"
_PARAMETER = re.compile(r"\{(\w+)\}")

Path = tuple[str, ...]


@dataclass(frozen=True)
class ResourceType:
    """One resource type of azure-native.

    `path` is the id with its parameters. `models` names the modules and classes of Azure's SDK that describe the body of a PUT and of the
    answer. The last parameter of the path gets a name of its own when the program gives none: `naming` says which kind.
    `force_new` adds to what the models themselves call create-only. `kept` are lists (paths on the wire) whose items are resources of their
    own too: left out of the inputs, what Azure has is kept.
    """

    token: str
    path: str
    api_version: str
    models: str
    model: str
    response: str
    naming: Literal["random", "uuid", "copy"] = "random"
    force_new: frozenset[str] = frozenset()
    kept: tuple[Path, ...] = ()

    @property
    def parameters(self) -> list[str]:
        """The inputs that make up the id."""
        return [name for name in _PARAMETER.findall(self.path) if name != "subscriptionId"]

    @property
    def name(self) -> str:
        """The input that names the resource."""
        return self.parameters[-1]

    @property
    def sdk_model(self) -> Any:
        """The SDK class of the PUT body; imported on first use, because a service's models take up to 0.3 s."""
        return self._sdk_class(self.model)

    @property
    def sdk_response(self) -> Any:
        """The SDK class of the answer."""
        return self._sdk_class(self.response)

    def _sdk_class(self, name: str) -> Any:
        with ONE_IMPORT:
            return getattr(importlib.import_module(self.models), name)

    @property
    def inputs(self) -> Shape:
        """The shape of the inputs, without the parameters of the path."""
        return BLOB if self.is_blob else shape(self.sdk_model)

    @property
    def outputs(self) -> Shape:
        """The shape of the outputs."""
        return BLOB if self.is_blob else shape(self.sdk_response)

    @property
    def is_blob(self) -> bool:
        """Whether this is azure-native's one type here that is not in ARM: it is written through the storage service."""
        return self.model == "Blob"

    def id_of(self, subscription: str, inputs: Json) -> str:
        """The id that the inputs make."""
        known = {"subscriptionId": subscription, **inputs}
        parts = {
            name: known[name].strip("/") if name == "scope" else quote(known[name], safe="$&+=:@") for name in _PARAMETER.findall(self.path)
        }
        return self.path.format(**parts)

    def parameters_of(self, resource_id: str) -> Json:
        """The inputs in an id; raises ValueError for an id of another type."""
        pattern = _PARAMETER.sub(lambda match: f"(?P<{match[1]}>{'.+' if match[1] == 'scope' else '[^/]+'})", self.path)
        match = re.fullmatch(pattern, resource_id, re.IGNORECASE)
        if match is None:
            raise ValueError(f"'{resource_id}' is no id of {self.token}: expected {self.path}")
        return {name: value for name, value in match.groupdict().items() if name != "subscriptionId"}


def _type(module: str, name: str, provider: str, api_version: str, models: str, response: str | None = None, **more: Any) -> ResourceType:
    model = more.pop("model", name)
    return ResourceType(
        f"azure-native:{module}:{name}", provider, api_version, f"azure.mgmt.{models}.models", model, response or model, **more
    )


def _network(name: str, tail: str, **more: Any) -> ResourceType:
    return _type("network", name, f"{_GROUP}/providers/Microsoft.Network/{tail}", "2024-05-01", "network", **more)


def _compute(name: str, tail: str, api_version: str = "2024-11-01") -> ResourceType:
    return _type("compute", name, f"{_GROUP}/providers/Microsoft.Compute/{tail}", api_version, "compute")


def _storage(name: str, tail: str, api_version: str = "2024-01-01", **more: Any) -> ResourceType:
    return _type(
        "storage", name, f"{_GROUP}/providers/Microsoft.Storage/storageAccounts/{{accountName}}{tail}", api_version, "storage", **more
    )


_CONTAINER = "/blobServices/default/containers/{containerName}"
_ALL = [
    _type("resources", "ResourceGroup", _GROUP, "2024-03-01", "resource.resources", force_new=frozenset({"location"})),
    _network(
        "VirtualNetwork",
        "virtualNetworks/{virtualNetworkName}",
        force_new=frozenset({"location"}),
        kept=(("properties", "subnets"), ("properties", "virtualNetworkPeerings")),
    ),
    _network("Subnet", "virtualNetworks/{virtualNetworkName}/subnets/{subnetName}"),
    _network("NetworkSecurityGroup", "networkSecurityGroups/{networkSecurityGroupName}", kept=(("properties", "securityRules"),)),
    _network(
        "PublicIPAddress",
        "publicIPAddresses/{publicIpAddressName}",
        force_new=frozenset({"location", "publicIPAddressVersion", "publicIPPrefix", "sku"}),
    ),
    _network("NatGateway", "natGateways/{natGatewayName}"),
    _network(
        "LoadBalancer",
        "loadBalancers/{loadBalancerName}",
        kept=(("properties", "backendAddressPools"), ("properties", "inboundNatRules")),
    ),
    _network("NetworkInterface", "networkInterfaces/{networkInterfaceName}"),
    _compute("VirtualMachineScaleSet", "virtualMachineScaleSets/{vmScaleSetName}"),
    _compute("VirtualMachineScaleSetExtension", "virtualMachineScaleSets/{vmScaleSetName}/extensions/{vmssExtensionName}"),
    _compute("VirtualMachine", "virtualMachines/{vmName}"),
    _compute("VirtualMachineExtension", "virtualMachines/{vmName}/extensions/{vmExtensionName}"),
    _compute("Disk", "disks/{diskName}", "2024-03-02"),
    _compute("Snapshot", "snapshots/{snapshotName}", "2024-03-02"),
    _compute("Image", "images/{imageName}"),
    _compute("Gallery", "galleries/{galleryName}", "2024-03-03"),
    _compute("GalleryImage", "galleries/{galleryName}/images/{galleryImageName}", "2024-03-03"),
    _compute("GalleryImageVersion", "galleries/{galleryName}/images/{galleryImageName}/versions/{galleryImageVersionName}", "2024-03-03"),
    _type(
        "virtualmachineimages",
        "VirtualMachineImageTemplate",
        f"{_GROUP}/providers/Microsoft.VirtualMachineImages/imageTemplates/{{imageTemplateName}}",
        "2024-02-01",
        "imagebuilder",
        model="ImageTemplate",
    ),
    _storage(
        "StorageAccount",
        "",
        model="StorageAccountCreateParameters",
        response="StorageAccount",
        force_new=frozenset({"isHnsEnabled", "location"}),
    ),
    _storage("BlobContainer", _CONTAINER),
    _storage("Blob", _CONTAINER + "/blobs/{blobName}", api_version="", naming="copy"),
    _type(
        "managedidentity",
        "UserAssignedIdentity",
        f"{_GROUP}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/{{resourceName}}",
        "2023-01-31",
        "msi",
        model="Identity",
        force_new=frozenset({"location"}),
    ),
    _type(
        "authorization",
        "RoleDefinition",
        "/{scope}/providers/Microsoft.Authorization/roleDefinitions/{roleDefinitionId}",
        "2022-05-01-preview",
        "authorization",
        naming="uuid",
    ),
    _type(
        "authorization",
        "RoleAssignment",
        "/{scope}/providers/Microsoft.Authorization/roleAssignments/{roleAssignmentName}",
        "2022-04-01",
        "authorization",
        model="RoleAssignmentCreateParameters",
        response="RoleAssignment",
        naming="uuid",
        force_new=frozenset({"principalId", "scope"}),
    ),
    _type(
        "monitor",
        "AutoscaleSetting",
        f"{_GROUP}/providers/Microsoft.Insights/autoscalesettings/{{autoscaleSettingName}}",
        "2021-05-01-preview",
        "monitor",
        model="AutoscaleSettingResource",
        force_new=frozenset({"location"}),
    ),
]
TYPES: dict[str, ResourceType] = {each.token: each for each in _ALL}
"""Token -> resource type."""


def resource_type(token: str) -> ResourceType:
    """The type of a token; raises LookupError that names a token the plugin does not know."""
    if token not in TYPES:
        raise LookupError(
            f"Resource type {token} not found: the offline Azure does not know it. `docs/offline-azure.md` lists what it knows."
        )
    return TYPES[token]


def token_of(urn: str) -> str:
    """The type in a URN."""
    return urn.split("::")[2].rsplit("$", 1)[-1]
