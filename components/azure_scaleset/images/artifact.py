"""Sees to it that an image is in Azure: a gallery version or a managed image. What is there with the same content stays as it is."""

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from azure_scaleset.images.azure import GALLERY_API_VERSION, get_or_none
from azure_scaleset.images.chosen import CONTENT_TAG
from azure_scaleset.images.publishing import with_publishing
from azure_scaleset.images.versions import is_lost

if TYPE_CHECKING:
    from azure_scaleset.rollout.arm import Arm

_BUSY = ("Creating", "Updating", "Migrating", "Deleting")


class ImageError(RuntimeError):
    """The image isn't there, and can't be made."""


@dataclass(frozen=True)
class Artifact:
    """An image that is to be there."""

    id: str
    body: Mapping[str, Any]
    """As ARM takes it."""

    @property
    def api_version(self) -> str:
        """Of its type."""
        # Imported here: azure-core takes its time.
        from azure_scaleset.rollout.arm import API_VERSION

        return GALLERY_API_VERSION if "/galleries/" in self.id else API_VERSION

    @property
    def name(self) -> str:
        """For messages: the version with its definition, or the managed image."""
        parts = self.id.split("/")
        return f"{parts[-3]}/{parts[-1]}" if "/galleries/" in self.id else parts[-1]


def ensure(arm: "Arm", artifact: Artifact, report: Callable[[str], None], stop: threading.Event) -> str:
    """Makes the image unless it is there, brings its publishing (regions, replicas, end of life) to what is wanted; gives what was done. Raises `ImageError`."""
    present = usable(arm, artifact, report, stop)
    if present is None:
        report(f"making {artifact.name}")
        _write(arm, artifact, artifact.body, report, stop)
        return f"made {artifact.name}"
    wanted, found = (str((each.get("tags") or {}).get(CONTENT_TAG)) for each in (artifact.body, present))
    if wanted != found:
        raise ImageError(
            f"{artifact.name} is there and was made of something else ({CONTENT_TAG} is {found}, expected {wanted}). Run the update again."
        )
    changed = with_publishing(present, artifact.body)
    if changed is None:
        return f"{artifact.name} is there already: used again"
    _write(arm, artifact, changed, report, stop)
    return f"updated where {artifact.name} is published"


def usable(arm: "Arm", artifact: Artifact, report: Callable[[str], None], stop: threading.Event) -> dict[str, Any] | None:
    """The image when nothing is being done to it any more; None where there is none. One that Azure has failed to make is deleted: Azure doesn't go on with it."""
    present = settled(arm, artifact.id, artifact.api_version, report, stop)
    if present is not None and is_lost(present):
        finish(arm, arm.delete(artifact.id, artifact.api_version), artifact.id, report, stop)
        return None
    return present


def settled(arm: "Arm", resource_id: str, api_version: str, report: Callable[[str], None], stop: threading.Event) -> dict[str, Any] | None:
    """A resource when nothing is being done to it any more; None where there is none."""
    while True:
        body = get_or_none(arm, resource_id, api_version)
        if body is None:
            return None
        state = str((body.get("properties") or {}).get("provisioningState", "Succeeded"))
        if state not in _BUSY:
            return body
        report(f"{resource_id.rpartition('/')[2]} is {state}")
        wait(arm, stop)


def finish(arm: "Arm", operation: str | None, resource_id: str, report: Callable[[str], None], stop: threading.Event) -> None:
    """Waits till what was started is over. Raises `ImageError` when it failed."""
    while operation is not None:
        answer = arm.operation(operation)
        if answer.error:
            raise ImageError(f"{resource_id.rpartition('/')[2]}: {answer.error}")
        if answer.over:
            return
        wait(arm, stop)


def wait(arm: "Arm", stop: threading.Event) -> None:
    """A pause between two looks. Raises `ImageError` when the deployment was cancelled."""
    if stop.is_set():
        raise ImageError("the deployment was cancelled. Azure goes on by itself; the next `pulumi up` takes up from there.")
    arm.pause()


def _write(arm: "Arm", artifact: Artifact, body: Mapping[str, Any], report: Callable[[str], None], stop: threading.Event) -> None:
    finish(arm, arm.put(artifact.id, body, artifact.api_version), artifact.id, report, stop)
    done = settled(arm, artifact.id, artifact.api_version, report, stop)
    state = ((done or {}).get("properties") or {}).get("provisioningState", "absent")
    if state != "Succeeded":
        raise ImageError(f"{artifact.name} is {state}. Run the update again: it is then made anew.")
