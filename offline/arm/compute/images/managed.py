"""Managed images (`Microsoft.Compute/images`)."""

from __future__ import annotations

import re

from offline.arm import ids
from offline.arm.compute.images.image import GENERALIZED, Image, content_of
from offline.arm.errors import ArmError, bad_request
from offline.arm.store import Store

NAME = "Microsoft.Compute/images"
"""The type."""

ID = re.compile(r"/providers/Microsoft\.Compute/images/[^/]+$", re.IGNORECASE)
"""The end of the id of one."""


def find(store: Store, image_id: str, user: str, location: str | None) -> Image:
    """G6, G7: it exists, and is in the subscription and the region of its user."""
    body = store.get(image_id)
    content = content_of(store, image_id)
    if body is None or content is None:
        raise ArmError(404, "NotFound", f"The resource with id '{image_id}' was not found.", "imageReference")
    if ids.parse(image_id).subscription.lower() != ids.parse(user).subscription.lower() or location not in (None, body["location"]):
        raise bad_request(
            "InvalidParameter",
            f"The image '{image_id}' is in another subscription or region than '{user}': a managed image can be used in its own subscription "
            "and region only.",
            "imageReference.id",
        )
    return Image(content, state=GENERALIZED)
