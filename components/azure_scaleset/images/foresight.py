"""What `up` will do about a version: what a preview says of it, and refuses."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from azure_scaleset.images.artifact import Artifact
from azure_scaleset.images.azure import GALLERY_API_VERSION, get_or_none
from azure_scaleset.images.definition import refusals
from azure_scaleset.images.live_source import live_source
from azure_scaleset.images.publishing import differences, fixed_problem, with_publishing
from azure_scaleset.images.versions import is_lost
from azure_scaleset.review_text import error_text
from azure_scaleset.rules import UNKNOWN, Severity, check_gallery_image_version

if TYPE_CHECKING:
    from azure_scaleset.rollout.arm import Arm


def of_publication(arm: "Arm", subject: str, wanted: Mapping[str, Any], ignored: Sequence[str]) -> str:
    """What `up` does about a version of a source. Raises ValueError with all that hinders it."""
    artifact = Artifact(wanted["id"], wanted["body"])
    there = of_present(arm, subject, artifact, ignored)
    if there is not None:
        return there
    body = artifact.body
    place = _place(body["properties"]["storageProfile"])
    if place is None:
        return f"{artifact.name} will be made of the VHD"
    source = live_source(arm, place)
    if source is None:
        raise ValueError(
            f"{subject}: {place} does not exist (any more), and neither does a version that was made of it. Give the id of a source that is there."
        )
    found = refusals(source, str(body["location"]), get_or_none(arm, artifact.id.rpartition("/versions/")[0], GALLERY_API_VERSION))
    if found:
        raise ValueError(f"{subject}: {artifact.name} can't be made:\n" + "\n".join(f"  - {each}" for each in found))
    return f"{artifact.name} will be made of {source.words}"


def of_present(arm: "Arm", subject: str, artifact: Artifact, ignored: Sequence[str]) -> str | None:
    """What `up` does about a version that is there; None where it must be made (anew). Raises ValueError with what the rules find in what will be written."""
    present = get_or_none(arm, artifact.id, GALLERY_API_VERSION)
    if present is None or is_lost(present):
        _check_rules(subject, artifact, ignored)
        return None
    fixed = fixed_problem(present, artifact.body)
    if fixed and "Y6" not in ignored:
        raise ValueError(f"{subject}: {artifact.name} is there already. {fixed}")
    if with_publishing(present, artifact.body) is None:
        return f"{artifact.name} is there already: it is used again"
    _check_rules(subject, artifact, ignored)
    changes = differences(present, artifact.body)
    # Without any only its mark is written.
    return f"{artifact.name} is there already: it is used again" + (f", published otherwise: {', '.join(changes)}" if changes else "")


def _check_rules(subject: str, artifact: Artifact, ignored: Sequence[str]) -> None:
    """The rules of a version, on azure-native's flat shape. What a build makes one of isn't known."""
    parts = artifact.id.split("/")
    body = artifact.body
    inputs = {
        "storageProfile": UNKNOWN,
        **body["properties"],
        "location": body["location"],
        "galleryName": parts[8],
        "galleryImageName": parts[10],
        "galleryImageVersionName": parts[12],
    }
    errors = [each for each in check_gallery_image_version(inputs) if each.severity is Severity.ERROR and each.rule not in ignored]
    if errors:
        raise ValueError(error_text(subject, errors, []))


def _place(profile: Mapping[str, Any]) -> str | None:
    found = profile.get("source") or {}
    disk = (profile.get("osDiskImage") or {}).get("source") or {}
    return found.get("virtualMachineId") or found.get("id") or disk.get("id")
