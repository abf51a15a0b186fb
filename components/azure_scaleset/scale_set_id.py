"""The form of a scale set's resource id."""

import re

SCALE_SET_ID = re.compile(
    r"/subscriptions/[^/]+/resourceGroups/(?P<group>[^/]+)/providers/Microsoft\.Compute/virtualMachineScaleSets/(?P<name>[^/]+)",
    re.IGNORECASE,
)
"""All of an id, without a slash at its end."""
FORM = "/subscriptions/…/resourceGroups/…/providers/Microsoft.Compute/virtualMachineScaleSets/…"
"""It for messages."""
