"""The scale set's model: azure-native's inputs from the arguments. Pure, but for the outputs that pass through."""

import base64
from collections.abc import Mapping, Sequence
from typing import Any

import pulumi
from pulumi_azure_native import compute

from azure_scaleset.arguments import Identity, ScaleSetArgs, SecurityType, UpgradeMode
from azure_scaleset.extensions import definitions
from azure_scaleset.extensions.context import OperatingSystem
from azure_scaleset.images import reference
from azure_scaleset.payload.digest import digest, short
from azure_scaleset.rules.rolling import smallest_unhealthy_percent
from azure_scaleset.secrecy import as_text
from azure_scaleset.shape import camel

DEFAULT_USERNAME = "azureuser"
DEFAULT_DISK = "StandardSSD_LRS"


def computer_name_prefix(name: str, args: ScaleSetArgs) -> str:
    """The given prefix, or one from *name* that the system accepts: Windows appends 6 characters and allows 15."""
    if "computer_name_prefix" in args:
        return args["computer_name_prefix"]
    letters = "".join(character for character in name.lower() if character.isalnum() and character.isascii())
    longest = 9 if args["os"] is OperatingSystem.WINDOWS else 20
    prefix = letters[:longest]
    return prefix if prefix and not prefix.isdigit() else f"vm{prefix}"[:longest]


def security_type(args: ScaleSetArgs) -> SecurityType:
    """The given type, or trusted launch where the image is known to be of generation 2."""
    given = args.get("security", {}).get("type")
    if given is not None:
        return given
    image = args["image"]
    generation_2 = isinstance(image, str) and reference.parse(image).generation_2
    return SecurityType.TRUSTED_LAUNCH if generation_2 else SecurityType.STANDARD


def physical_name(name: str, args: ScaleSetArgs) -> str:
    """*name* with a digest of what Azure doesn't let change after creation (I1-I6, I12).

    A changed digest means a new scale set beside the old one, which goes only after the new one is there; the same name would mean the other order. An adopted scale
    set keeps the name that it has.
    """
    if "adopt" in args:
        return args["adopt"]["scale_set_id"].rstrip("/").rpartition("/")[2]
    location = args.get("location")
    immutable = {
        "location": location if isinstance(location, str) else None,
        "os": args["os"].value,
        "imageKind": "platform" if isinstance(args["image"], str) and _is_platform(args["image"]) else "custom",
        "adminUsername": args["admin"].get("username", DEFAULT_USERNAME),
        "computerNamePrefix": computer_name_prefix(name, args),
        "securityType": security_type(args).value,
        "osDiskType": args.get("os_disk", {}).get("storage_account_type", DEFAULT_DISK),
    }
    return f"{name}-{short(digest(as_text(immutable)), 6)}"


def inputs(
    name: str,
    args: ScaleSetArgs,
    image: pulumi.Input[str],
    capacity: pulumi.Input[int],
    custom_data: pulumi.Input[str] | None,
    extensions: Sequence[pulumi.Output[dict[str, Any]]],
) -> dict[str, Any]:
    """The inputs of `azure-native:compute:VirtualMachineScaleSet`, in camelCase, without name, group, identity and tags. *image*: with its version resolved."""
    profile: dict[str, Any] = {
        "osProfile": _os_profile(name, args, custom_data),
        "storageProfile": _storage_profile(args, image),
        "networkProfile": _network_profile(args),
        "diagnosticsProfile": _diagnostics(args),
    }
    if extensions:
        profile["extensionProfile"] = {"extensions": list(extensions)}
    if "user_data" in args:
        profile["userData"] = encoded(args["user_data"])
    security = _security_profile(args)
    if security:
        profile["securityProfile"] = security
    result: dict[str, Any] = {
        "orchestrationMode": "Uniform",
        "sku": {"name": args["size"], "tier": "Standard", "capacity": capacity},
        # Machines that are made in surplus and deleted would run the extensions too.
        "overprovision": False,
        "singlePlacementGroup": False,
        "upgradePolicy": _upgrade_policy(args),
        "virtualMachineProfile": profile,
    }
    if args.get("zones"):
        result["zones"] = list(args["zones"])
    return result


def identity(given: Identity, more: Sequence[pulumi.Input[str]]) -> dict[str, Any] | None:
    """The `identity` of the scale set; None without one. *more*: ids of user-assigned identities beside the given."""
    assigned = [*given.get("user_assigned", []), *more]
    kinds = [kind for kind, wanted in (("SystemAssigned", given.get("system_assigned")), ("UserAssigned", assigned)) if wanted]
    if not kinds:
        return None
    result: dict[str, Any] = {"type": ", ".join(kinds)}
    return {**result, "user_assigned_identities": assigned} if assigned else result


def has_health_signal(args: ScaleSetArgs) -> bool:
    """Whether Azure is told of the application's health: by the balancer's probe or by the extension."""
    return "health_probe_id" in args["network"] or definitions.health_extension(args.get("extensions", []))


def merge(base: Any, change: Any) -> Any:
    """*change* over *base*: maps merge, a null takes a property away, a map over a list changes the items of these names (an unknown name adds one), everything
    else is replaced."""
    if not isinstance(change, Mapping):
        return change
    if _is_named(base):
        items = {item["name"]: item for item in base}
        return [{"name": name, **item} for name, item in merge(items, change).items()]
    if not isinstance(base, Mapping):
        base = {}
    merged = {key: merge(base.get(key), value) for key, value in change.items() if value is not None}
    return {**{key: value for key, value in base.items() if key not in change or key in merged}, **merged}


def _is_named(value: Any) -> bool:
    return (
        isinstance(value, list) and bool(value) and all(isinstance(item, Mapping) and isinstance(item.get("name"), str) for item in value)
    )


SENSITIVE = frozenset({"adminPassword", "protectedSettings", "additionalUnattendContent"})
"""Properties that are secret whoever wrote them."""


def with_secrets(inputs: Any) -> Any:
    """*inputs* with every sensitive property as a secret: the state would hold it in plain otherwise."""
    if isinstance(inputs, Mapping):
        return {key: pulumi.Output.secret(value) if key in SENSITIVE else with_secrets(value) for key, value in inputs.items()}
    if isinstance(inputs, list):
        return [with_secrets(item) for item in inputs]
    return inputs


def snake_top(inputs: dict[str, Any]) -> dict[str, Any]:
    """azure-native's Python class takes snake_case at the top; below, camelCase maps pass as they are."""
    names = {camel(name).lower(): name for name in compute.VirtualMachineScaleSet._internal_init.__annotations__}
    return {names.get(key.lower(), key): value for key, value in inputs.items()}


def encoded(text: pulumi.Input[str]) -> pulumi.Output[str]:
    """Base64 of a text."""
    return pulumi.Output.from_input(text).apply(lambda known: base64.b64encode(known.encode()).decode())


def _os_profile(name: str, args: ScaleSetArgs, custom_data: pulumi.Input[str] | None) -> dict[str, Any]:
    admin = args["admin"]
    username = admin.get("username", DEFAULT_USERNAME)
    profile: dict[str, Any] = {"computerNamePrefix": computer_name_prefix(name, args), "adminUsername": username}
    if "password" in admin:
        profile["adminPassword"] = pulumi.Output.secret(admin["password"])
    if custom_data is not None:
        profile["customData"] = custom_data
    if args["os"] is OperatingSystem.WINDOWS:
        automatic = args.get("upgrade", {}).get("automatic_os_upgrade", False)
        profile["windowsConfiguration"] = {"provisionVMAgent": True, "enableAutomaticUpdates": not automatic}
    else:
        keys = admin.get("ssh_public_keys", [])
        configuration: dict[str, Any] = {"disablePasswordAuthentication": "password" not in admin, "provisionVMAgent": True}
        if keys:
            configuration["ssh"] = {"publicKeys": [{"path": f"/home/{username}/.ssh/authorized_keys", "keyData": key} for key in keys]}
        profile["linuxConfiguration"] = configuration
    return profile


def _storage_profile(args: ScaleSetArgs, image: pulumi.Input[str]) -> dict[str, Any]:
    disk = args.get("os_disk", {})
    os_disk: dict[str, Any] = {
        "createOption": "FromImage",
        "caching": "ReadWrite",
        "managedDisk": {"storageAccountType": disk.get("storage_account_type", DEFAULT_DISK)},
    }
    if "size_gb" in disk:
        os_disk["diskSizeGB"] = disk["size_gb"]
    known: Any = _reference(image) if isinstance(image, str) else _output(image).apply(_reference)
    return {"imageReference": known, "osDisk": os_disk}


def _is_platform(image: str) -> bool:
    return reference.parse(image).kind is reference.ImageKind.PLATFORM


def _reference(image: str) -> dict[str, str]:
    return reference.parse(image).reference


def _output(text: pulumi.Input[str]) -> pulumi.Output[str]:
    result: pulumi.Output[str] = pulumi.Output.from_input(text)
    return result


def _network_profile(args: ScaleSetArgs) -> dict[str, Any]:
    network = args["network"]
    configuration: dict[str, Any] = {"name": "primary", "primary": True, "subnet": {"id": network["subnet_id"]}}
    for key, ids in (
        ("loadBalancerBackendAddressPools", network.get("backend_pool_ids")),
        ("applicationGatewayBackendAddressPools", network.get("application_gateway_pool_ids")),
    ):
        if ids:
            configuration[key] = [{"id": pool} for pool in ids]
    if network.get("public_ip_per_instance"):
        configuration["publicIPAddressConfiguration"] = {"name": "public", "sku": {"name": "Standard"}}
    interface: dict[str, Any] = {"name": "nic", "primary": True, "ipConfigurations": [configuration]}
    if network.get("accelerated_networking"):
        interface["enableAcceleratedNetworking"] = True
    if "network_security_group_id" in network:
        interface["networkSecurityGroup"] = {"id": network["network_security_group_id"]}
    profile: dict[str, Any] = {"networkInterfaceConfigurations": [interface]}
    if "health_probe_id" in network:
        profile["healthProbe"] = {"id": network["health_probe_id"]}
    return profile


def _diagnostics(args: ScaleSetArgs) -> dict[str, Any]:
    diagnostics = args.get("boot_diagnostics", {})
    boot: dict[str, Any] = {"enabled": diagnostics.get("enabled", True)}
    if "storage_uri" in diagnostics:
        boot["storageUri"] = diagnostics["storage_uri"]
    return {"bootDiagnostics": boot}


def _security_profile(args: ScaleSetArgs) -> dict[str, Any]:
    """`Standard` is never sent: it needs a feature of the subscription, and leaving it out means the same (C3)."""
    profile: dict[str, Any] = {}
    if security_type(args) is SecurityType.TRUSTED_LAUNCH:
        profile["securityType"] = "TrustedLaunch"
        profile["uefiSettings"] = {"secureBootEnabled": True, "vTpmEnabled": True}
    if args.get("security", {}).get("encryption_at_host"):
        profile["encryptionAtHost"] = True
    return profile


def initial_capacity(args: ScaleSetArgs) -> int:
    """The number of instances at creation."""
    return args.get("capacity", args["autoscale"]["minimum"] if "autoscale" in args else 2)


def _unhealthy_percent(args: ScaleSetArgs) -> int:
    """Azure's default, or what lets a set of a fixed size be mended by a rolling upgrade while one instance is unhealthy (U10). What fits the smallest size of
    autoscale would allow a large one too much; there the rollout brings what is down first."""
    return 20 if "autoscale" in args else max(20, smallest_unhealthy_percent(initial_capacity(args) or 1, 1))


def upgrade_mode(args: ScaleSetArgs) -> UpgradeMode:
    """The given mode, or Rolling where Azure is told of the application's health."""
    return args.get("upgrade", {}).get("mode", UpgradeMode.ROLLING if has_health_signal(args) else UpgradeMode.MANUAL)


def _upgrade_policy(args: ScaleSetArgs) -> dict[str, Any]:
    upgrade = args.get("upgrade", {})
    mode = upgrade_mode(args)
    policy: dict[str, Any] = {"mode": mode.value}
    if mode is not UpgradeMode.MANUAL:
        policy["rollingUpgradePolicy"] = {
            "maxBatchInstancePercent": upgrade.get("max_batch_instance_percent", 20),
            "maxUnhealthyInstancePercent": upgrade.get("max_unhealthy_instance_percent", _unhealthy_percent(args)),
            "maxUnhealthyUpgradedInstancePercent": upgrade.get("max_unhealthy_upgraded_instance_percent", 20),
            "pauseTimeBetweenBatches": upgrade.get("pause_time_between_batches", "PT0S"),
        }
    if upgrade.get("automatic_os_upgrade"):
        policy["automaticOSUpgradePolicy"] = {
            "enableAutomaticOSUpgrade": True,
            "disableAutomaticRollback": False,
            "useRollingUpgradePolicy": mode is not UpgradeMode.MANUAL,
        }
    return policy
