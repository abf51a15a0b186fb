"""Whether the image that a scale set names is one that it can use: looked up at preview, because Azure tells it only half-way through an update."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pulumi

from azure_scaleset import review_rounds
from azure_scaleset.errors import ArgumentError
from azure_scaleset.images.azure import GALLERY_API_VERSION, asked, get_or_none
from azure_scaleset.images.definition import security_type
from azure_scaleset.images.reference import Image, ImageKind, parse
from azure_scaleset.images.versions import Version, end_of_life, reasons, unusable
from azure_scaleset.rules.gallery import plain

if TYPE_CHECKING:
    from azure_scaleset.rollout.arm import Arm

_TRUSTED = "TrustedLaunch"


@dataclass(frozen=True)
class User:
    """What a scale set asks of its image."""

    location: str
    os: str
    """`Linux` or `Windows`."""
    trusted_launch: bool


@dataclass(frozen=True)
class Found:
    """An image in Azure."""

    definition: Mapping[str, Any] | None
    """ARM's body of the definition, or of a managed image; None where there is none."""
    version: Mapping[str, Any] | None = None
    """ARM's body of the version that is named, else of the one that Azure takes in the region; None where there is none."""
    higher: Sequence[Version] = ()
    """Where none is named: those that Azure passes over before, with the reasons."""


async def fitting(subject: str, image: str, user: User, ignored: Collection[str], parent: pulumi.Resource) -> str:
    """*image*; a preview is refused when the scale set can't use it, and warns of what Azure takes and is hardly meant."""
    parsed = parse(image)
    if parsed.kind not in (ImageKind.GALLERY, ImageKind.MANAGED) or not pulumi.runtime.is_dry_run():
        return image
    found, now = await asked(parent, lambda arm: (look(arm, parsed, user.location), arm.now))
    refused = [text for rule, text in misfits(parsed, found, user) if rule not in ignored]
    if refused:
        review_rounds.refuse(subject, str(ArgumentError(subject, [f"image is {image!r}, and {text}" for text in refused])), parent)
    ended = end_of_life(found.version, now) if found.version is not None else None
    if ended:
        number = parsed.version or (found.version or {}).get("name")
        pulumi.log.warn(f"Y8: image: {parsed.name.rpartition('/')[2]}/{number} {ended}. Take a newer version.", parent)
    return image


def look(arm: "Arm", image: Image, region: str) -> Found:
    """An image of one's own, managed or in a gallery, as Azure has it."""
    from azure_scaleset.images.listing import latest, with_replication

    if image.kind is ImageKind.MANAGED:
        # Imported here: azure-core takes its time.
        from azure_scaleset.rollout.arm import API_VERSION

        return Found(get_or_none(arm, image.name, API_VERSION))
    definition = get_or_none(arm, image.name, GALLERY_API_VERSION)
    if definition is None:
        return Found(None)
    if image.version is None:
        return Found(definition, *latest(arm, image.name, region))
    return Found(definition, with_replication(arm, f"{image.name}/versions/{image.version}"))


def misfits(image: Image, found: Found, user: User) -> list[tuple[str, str]]:
    """Why the scale set can't use the image: rule, words. Pure."""
    if found.definition is None:
        return [("G3", "Azure doesn't have it (G3). Look at the id; what `scaleset capture` or a build has made was printed by it.")]
    of_kind = _of_managed if image.kind is ImageKind.MANAGED else _of_definition
    return [*elsewhere(image, found, user.location), *of_kind(found.definition, user)]


def elsewhere(image: Image, found: Found, region: str) -> list[tuple[str, str]]:
    """That *region* doesn't have an image (or not the version), whose definition is there: rule, words. Pure."""
    if image.kind is ImageKind.MANAGED:
        place = (found.definition or {}).get("location")
        told = f"it is a managed image of {place} (G6). Expected one of {region}; a gallery carries images to other regions."
        return [("G6", told)] if plain(str(place)) != plain(region) else []
    return _of_version(image, found.version, region) if image.version is not None else _of_latest(found, region)


def _of_managed(body: Mapping[str, Any], user: User) -> list[tuple[str, str]]:
    disk = ((body.get("properties") or {}).get("storageProfile") or {}).get("osDisk") or {}
    result = _system(str(disk.get("osType") or user.os), user)
    if user.trusted_launch:
        result.append(("C2", "it is a managed image, which knows no trusted launch (G7). Take a gallery image, or security.type Standard."))
    return result


def _of_version(image: Image, version: Mapping[str, Any] | None, region: str) -> list[tuple[str, str]]:
    if version is None:
        return [
            ("G3", f"its definition has no version {image.version} (G3). Take one that is there, or leave /versions/{image.version} out.")
        ]
    refusal = unusable(version, region)
    return [("G6", f"its version {image.version} {refusal} (G6). Take another version, or publish this one there.")] if refusal else []


def _of_latest(found: Found, region: str) -> list[tuple[str, str]]:
    if found.version is not None:
        return []
    why = reasons(found.higher) if found.higher else "there is none"
    return [("G6", f"of its versions Azure takes none in {region}: {why} (G6, Y7). Publish one there, or name one that is there.")]


def _of_definition(definition: Mapping[str, Any], user: User) -> list[tuple[str, str]]:
    properties = definition.get("properties") or {}
    result = _system(str(properties.get("osType") or user.os), user)
    if properties.get("osState") == "Specialized":
        result.append(
            ("G9", "it is specialized: a machine with its own name and users, which takes no osProfile (G9). Take a generalized image.")
        )
    security = security_type(definition)
    if user.trusted_launch and security not in (_TRUSTED, "TrustedLaunchSupported", "TrustedLaunchAndConfidentialVmSupported"):
        result.append(
            ("C2", f"its security type is {security}, not for trusted launch (C2). Set security.type to Standard, or take another image.")
        )
    if not user.trusted_launch and security == _TRUSTED:
        result.append(
            (
                "C2",
                "its security type is TrustedLaunch: only machines of trusted launch can be made of it (T25). Set security.type to TrustedLaunch.",
            )
        )
    return result


def _system(of_image: str, user: User) -> list[tuple[str, str]]:
    if of_image.casefold() == user.os.casefold():
        return []
    return [("G8", f"it is an image of {of_image}, but os is {user.os} (G8). Change one of the two.")]
