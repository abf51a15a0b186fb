"""The forms of the ids of images, and of what they are made of. Pure."""

import re

_COMPUTE = r"/subscriptions/[^/]+/resourceGroups/[^/]+/providers/Microsoft\.Compute"
_DEFINITION = _COMPUTE + "/galleries/[^/]+/images/[^/]+"

GALLERY_ID = re.compile(_COMPUTE + "/galleries/[^/]+", re.IGNORECASE)
"""The id of a gallery."""
DEFINITION_ID = re.compile(_DEFINITION, re.IGNORECASE)
"""The id of an image definition."""
IMAGE_ID = re.compile(rf"(?P<name>{_DEFINITION})(?:/versions/(?P<version>\d+\.\d+\.\d+|latest))?", re.IGNORECASE | re.ASCII)
"""The id of an image definition, or of a version of it; `latest` is one that some tools take, and Azure doesn't (G5)."""
MANAGED_IMAGE_ID = re.compile(_COMPUTE + "/images/[^/]+", re.IGNORECASE)
"""The id of a managed image."""
SNAPSHOT_ID = re.compile(_COMPUTE + "/snapshots/[^/]+", re.IGNORECASE)
"""The id of a snapshot."""
VIRTUAL_MACHINE_ID = re.compile(_COMPUTE + "/virtualMachines/[^/]+", re.IGNORECASE)
"""The id of a VM that is in no Uniform scale set."""
