"""The arguments of `ScaleSet` for a scale set that exists. Pure: Resource Manager's answer in, what belongs into a stack file out."""

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from azure_scaleset import model, problems
from azure_scaleset.adoption import difference, live, unread
from azure_scaleset.adoption.extensions import HEALTH, extensions_of
from azure_scaleset.arguments import ScaleSetArgs
from azure_scaleset.extensions.context import OperatingSystem
from azure_scaleset.images import reference
from azure_scaleset.payload.sensitive import find_sensitive
from azure_scaleset.rules.value import get, items
from azure_scaleset.shape import camel, fields, read_fields

_PROFILE = "virtualMachineProfile"


class NotAdoptable(Exception):
    """A scale set that `ScaleSet` can't describe. The message names what stops it."""


@dataclass(frozen=True)
class Adoption:
    """How a stack takes a scale set over."""

    scale_set_id: str
    location: str
    tags: dict[str, str]
    arguments: dict[str, Any]
    """Arguments of `ScaleSet` in the shape of a stack file, beside name, group, location and tags. Those of `overrides` are what no other argument says."""
    inputs: dict[str, Any]
    """azure-native's inputs as an import reads them."""

    @property
    def name(self) -> str:
        """The scale set's name in Azure."""
        return self.scale_set_id.rpartition("/")[2]

    @property
    def overridden(self) -> list[str]:
        """What went to the overrides, by its place in azure-native's inputs."""
        return list(difference.paths(self.arguments.get("overrides", {}))) if self.arguments.get("overrides") else []

    @property
    def unread(self) -> list[str]:
        """What Azure doesn't show."""
        return list(self.arguments["adopt"].get("unread", []))


def adopt(body: Mapping[str, Any]) -> Adoption:
    """How to take over the scale set with Resource Manager's *body* (asked for with `$expand=userData`). Raises `NotAdoptable`."""
    scale_set_id = str(body["id"])
    inputs = live.inputs_of(body)
    wanted = unread.left_out({key: value for key, value in inputs.items() if key not in ("resourceGroupName", "vmScaleSetName")})
    given = _arguments(inputs, scale_set_id)
    name = scale_set_id.rpartition("/")[2]
    args = _read(given, inputs)
    if any(problem.startswith("upgrade.") for problem in problems.find("adopted", args)):
        # Said in a way that only holds together with what the overrides bring.
        del given["upgrade"]
        args = _read(given, inputs)
    refused = problems.find("adopted", args)
    if refused:
        raise NotAdoptable(" ".join(refused))
    changes = difference.overrides(made(name, args, inputs), wanted)
    user_data = get(inputs, f"{_PROFILE}.userData")
    if user_data is not None and "userData" not in given:
        changes = model.merge(changes, {_PROFILE: {"userData": user_data}})
    if changes:
        given["overrides"] = changes
    signed = find_sensitive(given, "")
    if signed:
        raise NotAdoptable(
            f"{', '.join(place.removeprefix('.') for place in signed)} holds a signature or a key. Everybody who may read the scale set reads it there, and it would stand in "
            "the stack file. Next: move it to protected settings with the tool that made the scale set, and the same command again."
        )
    return Adoption(scale_set_id, inputs["location"], dict(inputs.get("tags", {})), given, wanted)


def made(name: str, args: ScaleSetArgs, inputs: Mapping[str, Any]) -> dict[str, Any]:
    """What `ScaleSet` makes of *args* without overrides, with the location, the tags, the capacity and the extensions that *inputs* have, and without what
    Azure never shows."""
    result = model.inputs(name, args, str(args["image"]), get(inputs, "sku.capacity"), None, [])
    own: dict[str, Any] = {"location": inputs["location"], "tags": inputs.get("tags", {})}
    identity = args.get("identity")
    if identity is not None:
        own["identity"] = {camel(key): value for key, value in (model.identity(identity, []) or {}).items()}
    given, expressed = extensions_of(inputs, args["os"].value)
    if given and expressed:
        result[_PROFILE]["extensionProfile"] = {"extensions": unread.left_out(get(inputs, f"{_PROFILE}.extensionProfile.extensions"))}
    found: dict[str, Any] = unread.left_out({**own, **result})
    return found


def _read(given: Mapping[str, Any], inputs: Mapping[str, Any]) -> ScaleSetArgs:
    found: list[str] = []
    group = {"resourceGroupName": inputs["resourceGroupName"], "location": inputs["location"]}
    args: Any = read_fields({**group, **given}, fields(ScaleSetArgs), "", found)
    if found:
        raise NotAdoptable(" ".join(found))
    return args  # type: ignore[no-any-return]  # read_fields gives what its table says


def _arguments(inputs: Mapping[str, Any], scale_set_id: str) -> dict[str, Any]:
    profile = inputs.get(_PROFILE)
    if not profile:
        raise NotAdoptable(
            "The scale set has no model (virtualMachineProfile): its machines were made one by one, and there is nothing to update them by."
        )
    image = _image(get(profile, "storageProfile.imageReference"))
    system = _system(profile, image)
    adopted: dict[str, Any] = {"scaleSetId": scale_set_id, "asFound": True}
    hidden = _unread(profile, system)
    if hidden:
        adopted["unread"] = hidden
    extensions, expressed = extensions_of(inputs, system)
    prefix = get(profile, "osProfile.computerNamePrefix")
    given: dict[str, Any] = {
        "adopt": adopted,
        "os": system,
        "image": image,
        "size": get(inputs, "sku.name"),
        "zones": inputs.get("zones"),
        "admin": _admin(profile),
        "computerNamePrefix": prefix if prefix and problems.is_computer_name_prefix(prefix, OperatingSystem(system)) else None,
        "userData": _text(get(profile, "userData")),
        "extensions": extensions if expressed else None,
        "upgrade": _upgrade(inputs),
        "network": _network(profile),
        "identity": _identity(inputs.get("identity")),
        "security": _security(profile),
        "osDisk": _os_disk(profile),
        "bootDiagnostics": _present({key: get(profile, f"diagnosticsProfile.bootDiagnostics.{key}") for key in ("enabled", "storageUri")}),
    }
    return {key: value for key, value in given.items() if value not in (None, {}, [])} | {"admin": given["admin"]}


def _image(image: Any) -> str:
    if not isinstance(image, Mapping) or not image:
        raise NotAdoptable(
            "The scale set's model names no image (storageProfile.imageReference): its disks come from a VHD or are unmanaged (Z2, Z3)."
        )
    text = next((str(image[key]) for key in ("id", "sharedGalleryImageId", "communityGalleryImageId") if image.get(key)), None)
    if text is None:
        text = ":".join(str(image.get(key, "")) for key in ("publisher", "offer", "sku", "version"))
    try:
        reference.parse(text)
    except ValueError as error:
        raise NotAdoptable(f"The scale set's image can't be named: {error}") from None
    return text


def _text(encoded: Any) -> str | None:
    """The text that is sent as *encoded*; None where there is none."""
    try:
        text = base64.b64decode(encoded or "", validate=True).decode()
    except ValueError:
        return None
    return text if text and base64.b64encode(text.encode()).decode() == encoded else None


def _system(profile: Mapping[str, Any], image: str) -> str:
    stated = get(profile, "storageProfile.osDisk.osType")
    if stated in ("Linux", "Windows"):
        return str(stated)
    windows = get(profile, "osProfile.windowsConfiguration") is not None or reference.parse(image).windows
    return "Windows" if windows else "Linux"


def _admin(profile: Mapping[str, Any]) -> dict[str, Any]:
    keys = [get(key, "keyData") for _, key in items(profile, "osProfile.linuxConfiguration.ssh.publicKeys")]
    return _present({"username": get(profile, "osProfile.adminUsername"), "sshPublicKeys": keys or None})


def _unread(profile: Mapping[str, Any], system: str) -> list[str]:
    """What this scale set may have, and Azure doesn't show."""
    found = []
    if "osProfile" in profile:
        by_key_only = get(profile, "osProfile.linuxConfiguration.disablePasswordAuthentication") is True
        found += [] if system == "Linux" and by_key_only else [unread.PASSWORD]
        found += [unread.CUSTOM_DATA]
    for _, extension in items(profile, "extensionProfile.extensions"):
        if get(extension, "type") not in HEALTH and get(extension, "protectedSettingsFromKeyVault") is None:
            found.append(unread.protected_settings(str(get(extension, "name"))))
    return found


def _upgrade(inputs: Mapping[str, Any]) -> dict[str, Any]:
    policy = inputs.get("upgradePolicy", {})
    found = {"mode": get(policy, "mode")}
    if found["mode"] in ("Rolling", "Automatic"):
        keys = ("maxBatchInstancePercent", "maxUnhealthyInstancePercent", "maxUnhealthyUpgradedInstancePercent", "pauseTimeBetweenBatches")
        found |= {key: get(policy, f"rollingUpgradePolicy.{key}") for key in keys}
    if get(policy, "automaticOSUpgradePolicy.enableAutomaticOSUpgrade") is True:
        found["automaticOsUpgrade"] = True
    return _present(found)


def _network(profile: Mapping[str, Any]) -> dict[str, Any]:
    interface = _primary(profile, "networkProfile.networkInterfaceConfigurations")
    configuration = _primary(interface, "ipConfigurations")
    subnet = get(configuration, "subnet.id")
    if subnet is None:
        raise NotAdoptable("The scale set's primary network interface names no subnet.")

    def ids(key: str) -> list[str] | None:
        return [str(get(pool, "id")) for _, pool in items(configuration, key)] or None

    return _present(
        {
            "subnetId": subnet,
            "backendPoolIds": ids("loadBalancerBackendAddressPools"),
            "applicationGatewayPoolIds": ids("applicationGatewayBackendAddressPools"),
            "networkSecurityGroupId": get(interface, "networkSecurityGroup.id"),
            "healthProbeId": get(profile, "networkProfile.healthProbe.id"),
            "publicIpPerInstance": True if get(configuration, "publicIPAddressConfiguration") is not None else None,
            "acceleratedNetworking": True if get(interface, "enableAcceleratedNetworking") is True else None,
        }
    )


def _primary(value: Any, path: str) -> Any:
    """The first item that is the primary one, or the first."""
    found = [item for _, item in items(value, path)]
    return next((item for item in found if get(item, "primary") is True), found[0] if found else None)


def _identity(identity: Any) -> dict[str, Any]:
    assigned = get(identity, "userAssignedIdentities")
    system = "SystemAssigned" in str(get(identity, "type") or "")
    return _present({"systemAssigned": system or None, "userAssigned": assigned or None})


def _security(profile: Mapping[str, Any]) -> dict[str, Any]:
    trusted = get(profile, "securityProfile.securityType") == "TrustedLaunch"
    encrypted = get(profile, "securityProfile.encryptionAtHost") is True
    return _present({"type": "TrustedLaunch" if trusted else "Standard", "encryptionAtHost": encrypted or None})


def _os_disk(profile: Mapping[str, Any]) -> dict[str, Any]:
    disk = get(profile, "storageProfile.osDisk")
    return _present({"storageAccountType": get(disk, "managedDisk.storageAccountType"), "sizeGb": get(disk, "diskSizeGB")})


def _present(values: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in values.items() if value is not None}
