"""`latest` made visible: a floating image becomes one explicit version, in the preview already, so that a newer one is a difference that the preview shows."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NotRequired, TypedDict

import pulumi

from azure_scaleset import review_rounds
from azure_scaleset.errors import ArgumentError
from azure_scaleset.images import reference
from azure_scaleset.images.azure import asked
from azure_scaleset.images.versions import NoVersionError, Version, constraint_problem, newest, reasons
from azure_scaleset.subscription import ask_subscription

if TYPE_CHECKING:
    from azure_scaleset.rollout.arm import Arm


class ImageVersion(TypedDict):
    """Which version of `image` the scale set gets, where `image` names none."""

    resolve_latest: bool
    """Required. True: each preview asks Azure for the newest version that the region can use, and the model gets its number: a newer one is a change that the
    preview shows, and that the rollout brings to the instances. Excludes `upgrade.automaticOsUpgrade` (T26). False: `latest` is Azure's own: new and reimaged
    instances get the newest version, the others keep theirs."""

    constraint: NotRequired[str]
    """Optional. Which versions may be taken: `1.*`, `1.4.*`. Default: `*`."""

    hold: NotRequired[bool]
    """Optional. True: the scale set keeps the version that it has, whatever newer ones there are. A scale set that is made anew, or that had another image, gets
    the newest. Default: false."""


def find_problems(image: pulumi.Input[str], version: ImageVersion, located: bool) -> list[str]:
    """What is wrong with the arguments. *located*: whether a location is given."""
    problems = []
    constraint = constraint_problem(version.get("constraint", "*"))
    if constraint:
        problems.append(f"imageVersion.constraint is {constraint}")
    if not version["resolve_latest"]:
        problems += [
            f"imageVersion.{key} is given, but imageVersion.resolveLatest is false. Set it to true, or remove {key}."
            for key in ("constraint", "hold")
            if key in version
        ]
        return problems
    if not located:
        problems.append("imageVersion.resolveLatest is true, and location is missing: which versions there are depends on it. Add it.")
    if isinstance(image, str) and not reference.parse(image).floats:
        problems.append(
            f"imageVersion.resolveLatest is true, but image is {image!r}, which has no newer versions. Leave the version out of it."
        )
    return problems


def resolved(
    subject: str,
    image: pulumi.Input[str],
    version: ImageVersion,
    location: pulumi.Input[str],
    scale_set: Mapping[str, pulumi.Input[str]],
    parent: pulumi.Resource,
) -> pulumi.Output[str]:
    """The image string with an explicit version; where there is none a preview is refused, and goes on with the image as it is. *subject*: for messages. *scale_set*:
    `resourceGroupName` and `vmScaleSetName` of the set, whose version `hold` keeps."""

    async def choose(given: list[Any]) -> str:
        text, region, names = given
        found = reference.parse(text)
        held = await _held(found, names, parent) if found.floats and version.get("hold") else None
        if held is not None:
            return found.at(held)
        try:
            return await explicit(subject, "image", text, region, version.get("constraint", "*"), parent)
        except ArgumentError as error:
            if not pulumi.runtime.is_dry_run():
                raise
            review_rounds.refuse(subject, str(error), parent)
            return str(text)

    # The names may be unknown in the first preview, and only `hold` needs them.
    return pulumi.Output.all(image, location, scale_set if version.get("hold") else {}).apply(choose)


async def explicit(subject: str, argument: str, text: str, region: str, constraint: str, parent: pulumi.Resource) -> str:
    """The image string with the newest version that *region* can use; as it is where it names one. Raises `ArgumentError`, naming *argument*."""
    image = reference.parse(text)
    if not image.floats:
        return text
    subscription = await ask_subscription(parent)
    try:
        chosen, passed = await asked(parent, lambda arm: _newest(arm, image, subscription, region, constraint))
    except NoVersionError as error:
        problem = f"{argument} is {image.name!r}, and of its versions in {region} {error}. Take another image, or another constraint."
        raise ArgumentError(subject, [problem]) from None
    if passed and pulumi.runtime.is_dry_run():
        pulumi.log.warn(f"{argument}: {chosen.name} is taken, not what is newer: {reasons(passed)}.", parent)
    return image.at(chosen.name)


def _newest(arm: "Arm", image: reference.Image, subscription: str, region: str, constraint: str) -> tuple[Version, list[Version]]:
    from azure_scaleset.images.listing import versions
    from azure_scaleset.rollout.arm import ArmError

    try:
        return newest(versions(arm, image, subscription, region, constraint), constraint)
    except ArmError as error:
        if error.status != 404:
            raise
        raise NoVersionError(f"Azure has none (G3: {error.message})") from None


async def _held(image: reference.Image, names: Mapping[str, str], parent: pulumi.Resource) -> str | None:
    """The version of *image* that the scale set has; None where it isn't there, or has another image."""
    try:
        live = await pulumi.runtime.invoke_async(
            "azure-native:compute:getVirtualMachineScaleSet", dict(names), pulumi.InvokeOptions(parent=parent)
        )
    except Exception as error:
        # The engine gives errors of a provider as text only.
        if "ResourceNotFound" in str(error) or "ResourceGroupNotFound" in str(error):
            return None
        raise
    present = ((live.get("virtualMachineProfile") or {}).get("storageProfile") or {}).get("imageReference") or {}
    return version_of(image, present)


def version_of(image: reference.Image, present: Mapping[str, Any]) -> str | None:
    """The version in an `imageReference` as Azure shows it, where it is one of *image*."""
    if present.get("publisher"):
        name = ":".join(str(present.get(part)) for part in ("publisher", "offer", "sku"))
        if name.casefold() != image.name.casefold():
            return None
        stated = str(present.get("version", "latest"))
        exact = present.get("exactVersion") if stated.casefold() == "latest" else stated
        return str(exact) if exact else None
    named = next((present[key] for key in ("id", "sharedGalleryImageId", "communityGalleryImageId") if present.get(key)), None)
    if named is None:
        return None
    had = reference.parse(str(named))
    return (had.version or present.get("exactVersion")) if had.name.casefold() == image.name.casefold() else None
