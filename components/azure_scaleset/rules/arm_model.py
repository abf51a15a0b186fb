"""Azure Resource Manager's bodies in azure-native's input shape, which the rules read.

A body has the properties of each object, at every depth, in a container `properties`; azure-native lifts them out of it. The Azure CLI prints bodies that are lifted
already, in letter cases of its own (`provisionVmAgent`); both are read.
"""

import re
from collections.abc import Mapping
from typing import Any

from azure_scaleset.rules.resource_kind import ResourceKind
from azure_scaleset.rules.value import UNKNOWN, mapping, text

ACRONYMS = (
    *("automaticOSUpgradePolicy", "confidentialVMEncryptionType", "diskIOPSReadOnly", "diskIOPSReadWrite", "diskMBpsReadOnly"),
    *("diskMBpsReadWrite", "diskSizeGB", "doNotRunExtensionsOnOverprovisionedVMs", "enableAutomaticOSUpgrade", "enableIPForwarding"),
    *("enableVMAgentPlatformUpdates", "hyperVGeneration", "inVMAccessControlProfileReferenceId", "prioritizeUnhealthyVMs"),
    *(
        "privateIPAddressPrefixLength",
        "privateIPAddressVersion",
        "provisionVMAgent",
        "publicIPAddressConfiguration",
        "publicIPAddressVersion",
    ),
    *("publicIPPrefix", "resilientVMCreationPolicy", "resilientVMDeletionPolicy", "secureVMDiskEncryptionSetId", "ultraSSDEnabled"),
    *("vCPUs", "vCPUsAvailable", "vCPUsPerCore", "winRM"),
)
"""Properties of the Compute and Insights models with two capitals in a row: the Azure CLI writes them with one."""

_OF_NETWORKS = (
    *("enableFloatingIP", "frontendIPConfiguration", "frontendIPConfigurations", "privateIPAddress", "privateIPAllocationMethod"),
    "publicIPAddress",
)
"""Those of balancers and networks that the rules read; Python's names don't tell the capitals."""

FREE = frozenset({"settings", "protectedSettings", "tags"})
"""Maps whose keys are the user's: they are left as they are."""

_SPELLING = {name.casefold(): name for name in (*ACRONYMS, *_OF_NETWORKS)}
_NOT_INPUTS = frozenset(
    {"apiVersion", "comments", "condition", "copy", "dependsOn", "etag", "existing", "id", "name", "resources", "scope", "type"}
)
_GROUP = re.compile(r"/resourceGroups/([^/]+)/", re.IGNORECASE)


def inputs_of(body: Mapping[str, Any], kind: ResourceKind) -> Any:
    """The inputs of azure-native for a resource of *kind* with *body*: as Azure answers, as it is sent, as a template has it, or as the Azure CLI prints it.

    What isn't known (`UNKNOWN`) stays so; of a body without known properties nothing is known. The names in the resource's id come from `id` or `name`. Values that Azure alone writes are kept: no rule reads them.
    """
    found = _object({key: value for key, value in body.items() if key not in _NOT_INPUTS})
    if found is UNKNOWN:
        return UNKNOWN
    if kind is ResourceKind.EXTENSION:
        # Printed by the Azure CLI, the handler's type isn't in `properties`; `type` is Azure Resource Manager's then, or nothing.
        given = text(body.get("type"))
        if "type" not in found and given is not None and ResourceKind.of_arm_type(given) is None:
            found["type"] = given
    inputs: dict[str, Any] = _names(body, kind) | found
    return inputs


def _names(body: Mapping[str, Any], kind: ResourceKind) -> dict[str, Any]:
    """The inputs that hold the names in the resource's id."""
    id, name = text(body.get("id")), body.get("name")
    group = _GROUP.search(id) if id is not None else None
    found: dict[str, Any] = {} if group is None else {"resourceGroupName": group[1]}
    if group is not None and id is not None:
        parts = id.strip("/").split("/")[7::2]
    elif name is UNKNOWN:
        return found | dict.fromkeys(kind.names, UNKNOWN)
    else:
        parts = name.split("/") if isinstance(name, str) else []
    # A resource that stands within its owner may say its own name only.
    return found | dict(zip(kind.names[-len(parts) :], parts, strict=False) if parts else ())


def _object(given: Mapping[str, Any]) -> Any:
    lifted = given.get("properties")
    if lifted is UNKNOWN:
        return UNKNOWN
    found = {_spelled(key): _value(_spelled(key), value) for key, value in given.items() if key != "properties"}
    # What can be written wins over what Azure writes beside it: an extension's handler type over its resource type.
    inner = _object(lifted) if isinstance(lifted, Mapping) else {}
    if inner is UNKNOWN:
        return UNKNOWN
    found |= inner
    if "typePropertiesType" in found:
        found["type"] = found.pop("typePropertiesType")
    return found


def _value(name: str, value: Any) -> Any:
    if name in FREE:
        return value
    if name == "userAssignedIdentities" and isinstance(value, Mapping):
        return list(value)
    if name == "webhooks" and isinstance(value, list):
        # Their `properties` are the user's.
        return [{**mapping(item)} for item in value]
    if isinstance(value, Mapping):
        return _object(value)
    return [_value("", item) for item in value] if isinstance(value, list) else value


def _spelled(name: str) -> str:
    """*name* in azure-native's spelling: `winRm` -> `winRM`, and Insights' `DimensionName` -> `dimensionName`."""
    known = _SPELLING.get(name.casefold())
    return known if known is not None else name[:1].lower() + name[1:]
