"""Every rule there is: importing this registers them, in the order of docs/rules.md."""

import sys

from azure_scaleset.rules import (
    autoscale,
    autoscale_rules,
    credentials,
    custom_script_linux,
    custom_script_windows,
    data,
    disks,
    dsc,
    extension,
    extensions,
    gallery,
    health,
    images,
    load_balancer,
    load_balancer_rules,
    names,
    network,
    operating_system,
    orchestration,
    placement,
    policies,
    security,
    spot,
    together,
    together_balancer,
    upgrade_policy,
)
from azure_scaleset.rules.rule import RULES

__all__ = ["RULES"]

_ORDER = (
    names,
    credentials,
    operating_system,
    data,
    extensions,
    extension,
    custom_script_linux,
    custom_script_windows,
    dsc,
    health,
    upgrade_policy,
    orchestration,
    network,
    placement,
    spot,
    security,
    disks,
    policies,
    images,
    autoscale,
    autoscale_rules,
    load_balancer,
    load_balancer_rules,
    gallery,
    together,
    together_balancer,
)
# The registration follows the imports, which follow the alphabet.
RULES.sort(key=lambda rule: _ORDER.index(sys.modules[rule.find.__module__]))
