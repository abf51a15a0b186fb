"""Rules of the operating system's configuration."""

import re
from collections.abc import Iterator
from typing import Any

from azure_scaleset.rules.facts import (
    AUTOMATIC_OS_UPGRADE,
    EXTENSIONS,
    LINUX,
    OS_DISK,
    OS_PROFILE,
    WINDOWS,
    flexible,
    is_false,
    is_true,
    present,
)
from azure_scaleset.rules.rule import Found, Subject, shown
from azure_scaleset.rules.value import get, items, maps, one_of, same, text

_rules = Subject("Operating system")

_PATCH_MODE = f"{WINDOWS}.patchSettings.patchMode"
_IANA_ZONE = re.compile(r"[A-Za-z_]+/[A-Za-z0-9_+/-]+")
_CERTIFICATE = re.compile(r"https://[^/]+/secrets/[^/]+/[^/]+/?", re.IGNORECASE)


@_rules.error(
    "N17",
    "linuxConfiguration and windowsConfiguration exclude each other.",
    source="Azure/azure-sdk-for-java#2009; Azure/azvmimagebuilder#51",
)
def one_configuration(inputs: Any) -> Iterator[Found]:
    """Even an empty one counts."""
    if present(inputs, LINUX) and present(inputs, WINDOWS):
        yield Found(
            OS_PROFILE,
            "linuxConfiguration and windowsConfiguration are given. Expected one of the two.",
            "Remove the one that isn't the image's system.",
        )


@_rules.error("N17", "osType of the disk is the system of the configuration.", source="Azure/azure-rest-api-specs#32642")
def disk_system(inputs: Any) -> Iterator[Found]:
    """osType is best left out: the image knows it."""
    system = text(get(inputs, f"{OS_DISK}.osType"))
    for name, path, other in (("Linux", LINUX, WINDOWS), ("Windows", WINDOWS, LINUX)):
        if present(inputs, path) and not present(inputs, other) and one_of(system, ("Linux", "Windows")) and not same(system, name):
            yield Found(
                f"{OS_DISK}.osType",
                f"osType is {system!r}, but the osProfile is for {name}. Expected the same system.",
                "Remove osType: the image tells it.",
            )


@_rules.error("N18", "Extensions need the agent, and that extension operations are allowed.", source="TF; SDK34")
def agent_for_extensions(inputs: Any) -> Iterator[Found]:
    """Without the agent nothing can run an extension."""
    has_extensions = next(items(inputs, EXTENSIONS), None) is not None
    for path in (LINUX, WINDOWS):
        if not is_false(inputs, f"{path}.provisionVMAgent"):
            continue
        if has_extensions:
            yield Found(
                f"{path}.provisionVMAgent",
                "provisionVMAgent is false, and the model has extensions. Expected true.",
                "Set it to true, or remove the extensions.",
            )
        elif is_true(inputs, f"{OS_PROFILE}.allowExtensionOperations"):
            yield Found(
                f"{OS_PROFILE}.allowExtensionOperations",
                "allowExtensionOperations is true, and provisionVMAgent is false. Expected false without the agent.",
                "Set it to false, or provisionVMAgent to true.",
            )
    if has_extensions and is_false(inputs, f"{OS_PROFILE}.allowExtensionOperations"):
        yield Found(
            f"{OS_PROFILE}.allowExtensionOperations",
            "allowExtensionOperations is false, and the model has extensions. Expected true.",
            "Set it to true, or remove the extensions.",
        )


@_rules.error("N19", "The patch mode agrees with automatic updates, agent and hot patching.", source="SDK34; TF")
def patch_mode(inputs: Any) -> Iterator[Found]:
    """Only what is said explicitly is compared: Azure fits the defaults to the mode."""
    mode = get(inputs, _PATCH_MODE)
    updates = f"{WINDOWS}.enableAutomaticUpdates"
    if same(mode, "Manual") and is_true(inputs, updates):
        yield Found(
            updates,
            "enableAutomaticUpdates is true, and patchMode is Manual. Expected false.",
            "Set it to false, or take another patchMode.",
        )
    if one_of(mode, ("AutomaticByOS", "AutomaticByPlatform")) and is_false(inputs, updates):
        yield Found(
            updates, f"enableAutomaticUpdates is false, and patchMode is {mode}. Expected true.", "Set it to true, or patchMode to Manual."
        )
    hot_patching = f"{WINDOWS}.patchSettings.enableHotpatching"
    if is_true(inputs, hot_patching) and (mode is None or one_of(mode, ("Manual", "AutomaticByOS"))):
        yield Found(
            hot_patching,
            f"enableHotpatching is true, and patchMode is {shown(mode)}. Expected AutomaticByPlatform.",
            "Set patchMode to AutomaticByPlatform.",
        )
    for path in (WINDOWS, LINUX):
        if same(get(inputs, f"{path}.patchSettings.patchMode"), "AutomaticByPlatform") and is_false(inputs, f"{path}.provisionVMAgent"):
            yield Found(
                f"{path}.provisionVMAgent",
                "provisionVMAgent is false, and patchMode is AutomaticByPlatform. Expected true.",
                "Set it to true.",
            )


@_rules.warning(
    "N19",
    "Patching by the platform is for Flexible sets without automatic OS image upgrade.",
    source="SDK34; acd:virtual-machine-scale-sets/virtual-machine-scale-sets-orchestration-modes.md",
)
def platform_patching(inputs: Any) -> Iterator[Found]:
    """No text of a refusal was found."""
    for path in (WINDOWS, LINUX):
        place = f"{path}.patchSettings.patchMode"
        if not same(get(inputs, place), "AutomaticByPlatform"):
            continue
        if flexible(inputs) is False:
            yield Found(
                place,
                "patchMode is AutomaticByPlatform in a Uniform set. Expected it in Flexible sets only.",
                "Use automatic OS image upgrade instead.",
            )
        elif is_true(inputs, AUTOMATIC_OS_UPGRADE):
            yield Found(
                place,
                "patchMode is AutomaticByPlatform, and automatic OS image upgrade is on. Expected one of the two.",
                "Turn one of the two off.",
            )


@_rules.error("N20", "The time zone has a name of Windows.", source="SDK34; TF")
def windows_time_zone(inputs: Any) -> Iterator[Found]:
    """Names of the IANA database are recognized by their '/', which no name of Windows has."""
    zone = text(get(inputs, f"{WINDOWS}.timeZone"))
    if zone is not None and is_iana_zone(zone):
        yield Found(
            f"{WINDOWS}.timeZone",
            f"timeZone is {zone!r}. Expected a name of Windows, as 'W. Europe Standard Time' or 'UTC'.",
            "Take the name that `tzutil /l` lists.",
        )


def is_iana_zone(zone: str) -> bool:
    """Whether *zone* is a name of the IANA database (`Europe/Zurich`)."""
    return _IANA_ZONE.fullmatch(zone) is not None


@_rules.warning("N22", "A Key Vault certificate is named with its version.", source="SDK34")
def certificate_version(inputs: Any) -> Iterator[Found]:
    """The scale set stays on the version that it names."""
    for path, group in maps(inputs, f"{OS_PROFILE}.secrets"):
        for place, certificate in maps(group, "vaultCertificates"):
            url = text(certificate.get("certificateUrl"))
            if url is not None and not _CERTIFICATE.fullmatch(url):
                yield Found(
                    f"{path}.{place}.certificateUrl",
                    f"certificateUrl is {url!r}. Expected https://VAULT/secrets/NAME/VERSION.",
                    "Take the secret's URL with version, or the Key Vault extension, which renews.",
                )
