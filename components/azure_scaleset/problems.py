"""What is wrong with the arguments of a scale set: only what the arguments alone tell, before anything is made."""

import re

import pulumi

from azure_scaleset import model
from azure_scaleset.adoption import unread
from azure_scaleset.arguments import ScaleSetArgs, UpgradeMode
from azure_scaleset.extensions import definitions
from azure_scaleset.extensions.context import OperatingSystem
from azure_scaleset.images import reference, resolve
from azure_scaleset.rollout.policy import count_of
from azure_scaleset.rules.names import FORBIDDEN_USERNAMES
from azure_scaleset.scale_set_id import FORM, SCALE_SET_ID
from azure_scaleset.shape import camel

_SCALE_SET_NAME = re.compile(r"^[A-Za-z0-9][A-Za-z0-9._-]{0,56}$")
_ALLOWED_PREFIX = {
    OperatingSystem.WINDOWS: re.compile(r"^(?!\d+$)[A-Za-z0-9-]{1,9}$"),
    OperatingSystem.LINUX: re.compile(r"^[A-Za-z0-9][A-Za-z0-9.-]{0,56}[A-Za-z0-9-]$|^[A-Za-z0-9]$"),
}


def find(name: str, args: ScaleSetArgs) -> list[str]:
    """All problems, each naming the argument, what was given, what is expected."""
    return [
        *_name(name, args),
        *_image(args),
        *_image_version(args),
        *_admin(args),
        *_adopt(args),
        *_data(args),
        *_handlers(args),
        *_health(args),
        *_upgrade(args),
        *_rollout(args),
        *_overrides(args.get("overrides", {}), "overrides"),
        *_autoscale(args),
        *_zones(args),
    ]


def is_computer_name_prefix(text: str, system: OperatingSystem) -> bool:
    """Whether the system's instances can have names that begin so."""
    return bool(_ALLOWED_PREFIX[system].match(text))


def _name(name: str, args: ScaleSetArgs) -> list[str]:
    problems = []
    if not _SCALE_SET_NAME.match(name):
        problems.append(
            f"name is {name!r}. Expected up to 57 letters, digits, '.', '_' and '-' (N4): it becomes the scale set's name, with 7 more."
        )
    prefix = args.get("computer_name_prefix")
    if prefix is not None and not is_computer_name_prefix(prefix, args["os"]):
        limit = (
            "1 to 9 letters, digits and '-', not only digits (N1)"
            if args["os"] is OperatingSystem.WINDOWS
            else "1 to 58 letters, digits, '.' and '-', not ending in '.' (N2)"
        )
        problems.append(f"computerNamePrefix is {prefix!r}. Expected {limit}.")
    return problems


def _image(args: ScaleSetArgs) -> list[str]:
    if not isinstance(args["image"], str):
        return []
    try:
        image = reference.parse(args["image"])
    except ValueError as error:
        return [f"image: {error}"]
    if (
        image.windows is not None
        and image.kind is reference.ImageKind.PLATFORM
        and image.windows != (args["os"] is OperatingSystem.WINDOWS)
    ):
        return [
            f"image is {args['image']!r}, an image of {'Windows' if image.windows else 'Linux'}, but os is {args['os'].value}. Change one of the two."
        ]
    return []


def _image_version(args: ScaleSetArgs) -> list[str]:
    version = args.get("image_version")
    if version is None or _image(args):
        return []
    problems = resolve.find_problems(args["image"], version, "location" in args)
    if version["resolve_latest"] and args.get("upgrade", {}).get("automatic_os_upgrade"):
        problems.append(
            "imageVersion.resolveLatest and upgrade.automaticOsUpgrade are both true: with the first Pulumi brings newer images, with the second Azure does (T26). "
            "Remove one of the two."
        )
    return problems


def _admin(args: ScaleSetArgs) -> list[str]:
    admin, windows = args["admin"], args["os"] is OperatingSystem.WINDOWS
    problems = []
    # Of a specialized image no administrator is sent; an adopted set has the one that nothing is known of but the name.
    needs_login = not _as_found(args) and (args.get("overrides", {}).get("virtualMachineProfile") or {}).get("osProfile", {}) is not None
    username = admin.get("username", model.DEFAULT_USERNAME)
    if username.lower() in FORBIDDEN_USERNAMES or not 1 <= len(username) <= (20 if windows else 64):
        problems.append(
            f"admin.username is {username!r}, which Azure refuses (N6, N7). Take another one, of up to {20 if windows else 64} characters."
        )
    if needs_login and windows and "password" not in admin:
        problems.append(
            "admin.password is missing. Windows needs one (N15): set it with `pulumi config set --secret --path azure-scaleset:admin.password`."
        )
    if windows and "ssh_public_keys" in admin:
        problems.append("admin.sshPublicKeys is given for Windows, which takes a password. Remove it.")
    if needs_login and not windows and "password" not in admin and not admin.get("ssh_public_keys"):
        problems.append(
            "admin.sshPublicKeys is missing. Linux needs a key (N14): "
            "`pulumi config set --path 'azure-scaleset:admin.sshPublicKeys[0]' \"$(cat ~/.ssh/id_ed25519.pub)\"`."
        )
    for index, key in enumerate(admin.get("ssh_public_keys", [])):
        if isinstance(key, str) and key.split(" ")[0] not in ("ssh-rsa", "ssh-ed25519"):
            problems.append(
                f"admin.sshPublicKeys[{index}] is of type {key.split(' ')[0]!r}. Expected ssh-ed25519, or ssh-rsa of at least 2048 bits (N12)."
            )
    return problems


def scale_set_group(scale_set_id: str) -> str | None:
    """The resource group in the resource id of a scale set; None for another text."""
    match = SCALE_SET_ID.fullmatch(scale_set_id)
    return match["group"] if match is not None else None


def _as_found(args: ScaleSetArgs) -> bool:
    return "adopt" in args and args["adopt"].get("as_found", False)


def _adopt(args: ScaleSetArgs) -> list[str]:
    if "adopt" not in args:
        return []
    scale_set_id, group = args["adopt"]["scale_set_id"], args["resource_group_name"]
    its_group = scale_set_group(scale_set_id)
    if its_group is None:
        return [f"adopt.scaleSetId is {scale_set_id!r}. Expected {FORM}, as `az vmss list --query [].id` shows it."]
    problems = unread.problems(args)
    if isinstance(group, str) and group.lower() != its_group.lower():
        problems.append(f"resourceGroupName is {group!r}, and the scale set of adopt.scaleSetId is in {its_group!r}. Give that one.")
    if args.get("replace_when_immutable"):
        problems.append("replaceWhenImmutable is true, but an adopted scale set keeps its name, and two of one name can't be. Remove it.")
    if _as_found(args) and "autoscale" in args:
        problems.append("autoscale is given, but with adopt.asFound nothing is changed. Add it after asFound was taken away.")
    if not _as_found(args):
        problems += [
            f"{entry} is not given, and Azure doesn't show it: an update could lose it (adopt.unread). Give it: {command} (or take it off adopt.unread, if the "
            "scale set has none)."
            for entry, command in unread.missing(args).items()
        ]
    return problems


def _data(args: ScaleSetArgs) -> list[str]:
    problems = []
    if "cloud_init" in args and "custom_data" in args:
        problems.append(
            "cloudInit and customData are given: cloud-init's document is the custom data. Put the text into a part of cloudInit."
        )
    if "cloud_init" in args and args["os"] is OperatingSystem.WINDOWS:
        problems.append("cloudInit is given for Windows, which has no cloud-init. Use extensions (dsc, customScript).")
    return problems


def _handlers(args: ScaleSetArgs) -> list[str]:
    """One extension a handler (X1)."""
    given = [key for extension in args.get("extensions", []) for key in ("custom_script", "dsc", "application_health") if key in extension]
    return [
        f"extensions: {camel(key)} is given twice. Azure takes one of a kind (X1): join them."
        for key in sorted({key for key in given if given.count(key) > 1})
    ]


def _health(args: ScaleSetArgs) -> list[str]:
    if definitions.health_extension(args.get("extensions", [])) and "health_probe_id" in args["network"]:
        return [
            "network.healthProbeId and the application health extension are given: Azure takes one health signal (H4). Remove one of the two."
        ]
    return []


def _upgrade(args: ScaleSetArgs) -> list[str]:
    upgrade = args.get("upgrade", {})
    problems = []
    mode = upgrade.get("mode")
    healthy = model.has_health_signal(args)
    if upgrade.get("automatic_os_upgrade") and not healthy:
        problems.append(
            "upgrade.automaticOsUpgrade is true, but there is no health signal (U12). Add the applicationHealth extension, or network.healthProbeId."
        )
    if (
        upgrade.get("automatic_os_upgrade")
        and isinstance(args["image"], str)
        and re.search(r"/Microsoft\.Compute/images/", args["image"], re.IGNORECASE)
    ):
        problems.append(
            f"upgrade.automaticOsUpgrade is true, but image is {args['image']!r}, a managed image (U14). Take a platform or gallery image."
        )
    if mode is not None and mode.value == "Rolling" and not healthy:
        problems.append(
            "upgrade.mode is Rolling, but there is no health signal (U2). Add the applicationHealth extension, or network.healthProbeId."
        )
    for name, low in (
        ("max_batch_instance_percent", 5),
        ("max_unhealthy_instance_percent", 5),
        ("max_unhealthy_upgraded_instance_percent", 0),
    ):
        value = upgrade.get(name)
        if isinstance(value, int) and not low <= value <= 100:
            problems.append(f"upgrade.{camel(name)} is {value}. Expected {low} to 100 (U4).")
    if upgrade.get("automatic_os_upgrade") and isinstance(args["image"], str) and re.search(r"(:|/versions/)\d+\.\d+\.\d+$", args["image"]):
        problems.append(
            f"upgrade.automaticOsUpgrade is true, but image is {args['image']!r}, a fixed version. Expected version latest (U11)."
        )
    return problems


def _rollout(args: ScaleSetArgs) -> list[str]:
    rollout = args.get("rollout", {})
    problems = []
    if "max_unavailable" in rollout:
        try:
            count_of(rollout["max_unavailable"], 100)
        except ValueError:
            problems.append(
                f'rollout.maxUnavailable is {rollout["max_unavailable"]!r}. Expected a number of instances ("2") or a percentage ("20%"), at least 1.'
            )
    for key, least in (("canary_pause", 0), ("timeout", 1), ("health_timeout", 1)):
        value = rollout.get(key, least)
        if isinstance(value, int) and value < least:
            problems.append(f"rollout.{camel(key)} is {value}. Expected at least {least}.")
    if "drain" in rollout:
        drain = rollout["drain"]
        if not drain["command"].strip():
            problems.append("rollout.drain.command is empty. Expected a command that makes the health probe of the application fail.")
        if drain.get("seconds", 0) < 0:
            problems.append(f"rollout.drain.seconds is {drain['seconds']}. Expected at least 0.")
        mode = model.upgrade_mode(args)
        if mode is not UpgradeMode.MANUAL:
            problems.append(
                f"rollout.drain is given, and upgrade.mode is {mode.value}: there Azure changes instances itself, undrained. Set upgrade.mode: Manual, or "
                "remove rollout.drain."
            )
    if "canary_pause" in rollout and not rollout.get("canary"):
        problems.append("rollout.canaryPause is given without rollout.canary: true. Add it, or remove the pause.")
    return problems


_FREE = frozenset({"settings", "protectedSettings", "tags"})


def _overrides(value: object, path: str) -> list[str]:
    """Keys in another spelling than azure-native's would stand beside its own, and what is secret would not be known as such."""
    if isinstance(value, list):
        return [problem for index, item in enumerate(value) for problem in _overrides(item, f"{path}[{index}]")]
    if not isinstance(value, dict):
        return []
    wrong = [f"{path}.{key} is no spelling of azure-native. Expected camelCase: {camel(str(key))}." for key in value if "_" in str(key)]
    return wrong + [problem for key, item in value.items() if key not in _FREE for problem in _overrides(item, f"{path}.{key}")]


def _autoscale(args: ScaleSetArgs) -> list[str]:
    if "autoscale" not in args:
        return []
    autoscale, problems = args["autoscale"], []
    if not 0 <= autoscale["minimum"] <= autoscale["maximum"] <= 1000:
        problems.append(
            f"autoscale.minimum is {autoscale['minimum']} and maximum {autoscale['maximum']}. Expected 0 <= minimum <= maximum <= 1000 (A2)."
        )
    capacity = args.get("capacity")
    if capacity is not None and not autoscale["minimum"] <= capacity <= autoscale["maximum"]:
        problems.append(
            f"capacity is {capacity}, outside of autoscale's {autoscale['minimum']} to {autoscale['maximum']}: autoscale would change it at once (A4)."
        )
    for index, rule in enumerate(autoscale.get("rules", [])):
        if ("above" in rule) == ("below" in rule):
            problems.append(f"autoscale.rules[{index}] takes exactly one of above and below.")
    return problems


def _zones(args: ScaleSetArgs) -> list[str]:
    zones = enumerate(args.get("zones", []))
    problems = [f'zones[{index}] is {zone!r}. Expected "1", "2" or "3" (S7).' for index, zone in zones if zone not in ("1", "2", "3")]
    if args.get("capacity", 0) < 0:
        problems.append(f"capacity is {args.get('capacity')}. Expected 0 or more (S12).")
    return problems


def secret_parts(value: object, path: str) -> list[str]:
    """Outputs in the parts of cloudInit, which must be plain: the document is readable on each instance and decides the digest of the
    model."""
    if isinstance(value, pulumi.Output):
        return [
            f"{path} is an output or a secret. The document is readable on each instance: pass it through protected settings of an extension."
        ]
    if isinstance(value, dict):
        return [problem for key, item in value.items() for problem in secret_parts(item, f"{path}.{key}")]
    if isinstance(value, list):
        return [problem for index, item in enumerate(value) for problem in secret_parts(item, f"{path}[{index}]")]
    return []
