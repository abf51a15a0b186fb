"""What Azure would refuse, and what a change does to running instances: known from the inputs alone, without an engine.

Inputs are plain maps in azure-native's input shape. What isn't known at preview is `UNKNOWN`; nothing is said about it.
"""

from azure_scaleset.rules.checks import (
    RULES,
    check,
    check_autoscale,
    check_extension,
    check_gallery_image,
    check_gallery_image_version,
    check_kept,
    check_live,
    check_living,
    check_load_balancer,
    check_together,
)
from azure_scaleset.rules.effect import Effect, EffectKind
from azure_scaleset.rules.effects import effects
from azure_scaleset.rules.problem import Problem, Severity
from azure_scaleset.rules.rule import Rule
from azure_scaleset.rules.value import UNKNOWN

__all__ = [
    "RULES",
    "UNKNOWN",
    "Effect",
    "EffectKind",
    "Problem",
    "Rule",
    "Severity",
    "check",
    "check_autoscale",
    "check_extension",
    "check_gallery_image",
    "check_gallery_image_version",
    "check_kept",
    "check_live",
    "check_living",
    "check_load_balancer",
    "check_together",
    "effects",
]
