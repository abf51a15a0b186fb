"""The forms of the ids of images and galleries. Pure."""

import re

_GALLERY = r"/subscriptions/[^/]+/resourceGroups/[^/]+/providers/Microsoft\.Compute/galleries/[^/]+"
_DEFINITION = _GALLERY + "/images/[^/]+"

GALLERY_ID = re.compile(_GALLERY, re.IGNORECASE)
"""The id of a gallery."""
DEFINITION_ID = re.compile(_DEFINITION, re.IGNORECASE)
"""The id of an image definition."""
IMAGE_ID = re.compile(rf"(?P<name>{_DEFINITION})(?:/versions/(?P<version>\d+\.\d+\.\d+|latest))?", re.IGNORECASE | re.ASCII)
"""The id of an image definition, or of a version of it; `latest` is one that some tools take, and Azure doesn't (G5)."""
MANAGED_IMAGE_ID = re.compile(r"/subscriptions/[^/]+/resourceGroups/[^/]+/providers/Microsoft\.Compute/images/[^/]+", re.IGNORECASE)
"""The id of a managed image."""
