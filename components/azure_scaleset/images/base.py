"""The image that a build begins with, as Azure has it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pulumi

from azure_scaleset.errors import ArgumentError
from azure_scaleset.extensions.context import OperatingSystem
from azure_scaleset.images import fitting
from azure_scaleset.images.azure import asked, get_or_none
from azure_scaleset.images.definition import other_machines, security_type, specialized
from azure_scaleset.images.machine import Machine, plan_of
from azure_scaleset.images.reference import ImageKind, parse
from azure_scaleset.images.resolve import explicit
from azure_scaleset.review_rounds import NOT_KNOWN
from azure_scaleset.subscription import ask_subscription

if TYPE_CHECKING:
    from azure_scaleset.rollout.arm import Arm

_ALONE = ("TrustedLaunch", "ConfidentialVM")
_TRUSTED = ("TrustedLaunchSupported", "TrustedLaunchAndConfidentialVmSupported")


@dataclass(frozen=True)
class Base:
    """A base with its version."""

    image: str
    """The image string, with an explicit version."""
    tells: Machine


async def find(
    subject: str, text: str, region: str, constraint: str, system: OperatingSystem, parent: pulumi.Resource, *, made_here: bool
) -> Base:
    """The base: its newest version where *text* names none. Raises `ArgumentError`. *made_here*: it may be made in the same update, so a preview doesn't miss it; without its
    definition the preview knows nothing of it (`NOT_KNOWN`)."""
    unknown: Base = NOT_KNOWN
    forgiving = made_here and pulumi.runtime.is_dry_run()
    try:
        image = await explicit(subject, "base", text, region, constraint, parent)
    except ArgumentError:
        if forgiving:
            return unknown
        raise
    subscription = await ask_subscription(parent)
    body, problems = await asked(parent, lambda arm: described(arm, image, subscription, region))
    if forgiving:
        if body is None:
            return unknown
        problems = []
    tells = read(body or {})
    if body is not None:
        problems += refusals(tells, system)
    if problems:
        raise ArgumentError(subject, [f"base is {image!r}, {problem}" for problem in problems])
    return Base(image, tells)


def refusals(tells: Machine, system: OperatingSystem) -> list[str]:
    """Why Image Builder can't build on such an image. Pure."""
    found = []
    if tells.os.casefold() != system.value.casefold():
        found.append(f"an image of {tells.os}, but os is {system.value}. Change one of the two.")
    if tells.security in _ALONE:
        found.append(
            f"an image only for machines of {tells.security}, on which Image Builder doesn't build (B13). Expected a platform image, or one whose definition "
            "has the security type TrustedLaunchSupported or none."
        )
    return found


def unfit(base: Base, definition: Mapping[str, Any]) -> list[str]:
    """Why Image Builder makes no version of a definition (ARM's body) of such a base. Pure."""
    words, name, security = f"the base {base.image}", definition.get("name"), security_type(definition)
    found = [*other_machines(words, base.tells, definition), *specialized("what is built", definition)]
    if security in _ALONE:
        found.append(
            f"the definition {name} is for machines of {security} alone, and Image Builder makes no such images (B13). Take a definition with another security type."
        )
    elif (security in _TRUSTED) != (base.tells.security in _TRUSTED):
        has = base.tells.security or "Standard"
        found.append(
            f"{words} has the security type {has}, and the definition {name} {security}: both support trusted launch, or neither does (B13). "
            f"Take a definition with security {has}."
        )
    return found


def described(arm: "Arm", image: str, subscription: str, region: str) -> tuple[Mapping[str, Any] | None, list[str]]:
    """What tells the system and the generation (the version of a platform image, the definition of a gallery's, a managed image itself; None where there is none), and why
    no template in *region* can have it (B2)."""
    # Imported here: azure-core takes its time.
    from azure_scaleset.rollout.arm import API_VERSION

    parsed = parse(image)
    if parsed.kind is ImageKind.PLATFORM:
        parts = parsed.reference
        path = (
            f"/subscriptions/{subscription}/providers/Microsoft.Compute/locations/{region}/publishers/{parts['publisher']}/artifacttypes/vmimage"
            f"/offers/{parts['offer']}/skus/{parts['sku']}/versions/{parts['version']}"
        )
        body = get_or_none(arm, path, API_VERSION)
        return body, [] if body else [f"which Azure doesn't have in {region} (G3). Take another image."]
    found = fitting.look(arm, parsed, region)
    if found.definition is None:
        return None, ["which Azure doesn't have (G3). Take another image."]
    missing = [f"and {words}" for _, words in fitting.elsewhere(parsed, found, region)]
    if (found.definition.get("properties") or {}).get("osState") == "Specialized":
        missing.append("and it is specialized: Image Builder builds on generalized images alone (B2). Take one of these.")
    return found.definition, missing


def read(body: Mapping[str, Any]) -> Machine:
    """The machines that an image makes, from Azure's answer, as an image definition for what is built on it says them. Pure."""
    properties = body.get("properties") or {}
    disk = (properties.get("storageProfile") or {}).get("osDisk") or {}
    system = properties.get("osType") or (properties.get("osDiskImage") or {}).get("operatingSystem") or disk.get("osType") or "Linux"
    security = security_type(body)
    return Machine(
        str(system),
        str(properties.get("hyperVGeneration") or "V1").upper(),
        # Image Builder keeps what an image supports, and makes none that supports more (B13).
        {"TrustedLaunchAndConfidentialVmSupported": "TrustedLaunchSupported"}.get(security, security),
        properties.get("architecture"),
        plan_of(properties.get("plan") or properties.get("purchasePlan")),
    )
