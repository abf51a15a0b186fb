"""Which image is wanted: its id, and the tags that tell what it was made of and when. One that was made before is found again; one that is gone is made again."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from azure_scaleset.errors import ArgumentError
from azure_scaleset.images.versions import chosen_number, full_content, version_there

if TYPE_CHECKING:
    from azure_scaleset.rollout.arm import Arm

CONTENT_TAG = "azure-scaleset-content"
"""Tag of a version or a managed image: what it was made of."""
MADE_TAG = "azure-scaleset-made"
"""Tag of a version or a managed image: when it was made, a mark that is new each time. Where the image is gone the mark is another one than in the state, so that `up`
makes it again."""

_MARK = "%Y%m%dT%H%M%SZ"


@dataclass(frozen=True)
class Chosen:
    """An image that is there, or is to be made."""

    id: str
    content: str
    """What it is made of."""
    made: str
    """Its mark; empty where it is there without one."""
    there: bool
    """Whether it is there, or is to be made."""

    def tags(self, own: Mapping[str, Any]) -> dict[str, Any]:
        """*own* tags with those by which it is found."""
        return {**own, CONTENT_TAG: self.content, **({MADE_TAG: self.made} if self.made else {})}


def fresh_mark(now: datetime) -> str:
    """The mark of an image that is made *now*, by Azure's clock. Later ones are greater. Pure."""
    return now.strftime(_MARK)


def made_at(mark: str) -> datetime | None:
    """When an image of this mark was made; None where it is there without one. Pure."""
    try:
        return datetime.strptime(mark, _MARK).replace(tzinfo=UTC)
    except ValueError:
        return None


def version(arm: "Arm", subject: str, definition_id: str, wanted: str, content: str) -> Chosen:
    """The version of a definition that is, or will be, of *content*. *wanted*: as of `destination.version`. Raises `ArgumentError`."""
    from azure_scaleset.images.listing import of_definition

    present = of_definition(arm, definition_id)
    whole = full_content(present, CONTENT_TAG, content)
    try:
        number = chosen_number(present, wanted, CONTENT_TAG, whole)
    except ValueError as error:
        raise ArgumentError(subject, [f"destination.{error}"]) from None
    found = version_there(present, number)
    mark = fresh_mark(arm.now) if found is None else found.tags.get(MADE_TAG, "")
    return Chosen(f"{definition_id}/versions/{number}", whole, mark, found is not None)
