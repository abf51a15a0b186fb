"""Rules of a load balancer that changes under a scale set: what leans on the set's health probe stays."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from azure_scaleset.rules.facts import HEALTH_PROBE
from azure_scaleset.rules.load_balancer import last_name
from azure_scaleset.rules.resources import balancer_child
from azure_scaleset.rules.rule import Found, Subject, Target
from azure_scaleset.rules.value import get, integer, known, maps, same, text

_rules = Subject("A load balancer that changes under a set", Target.KEPT)

_RULES = "loadBalancingRules"
_WAY = "First give the scale set the application health extension in place of healthProbe, and `pulumi up`; then change the rule."


@dataclass(frozen=True)
class Kept:
    """A load balancer that an update changes, and a scale set that exists."""

    scale_set: Any
    """The scale set as Azure has it before the update: balancers are written first."""
    before: Any
    """The balancer's inputs up to now."""
    after: Any
    """Those of the update."""


def _pairs(kept: Kept) -> Iterator[tuple[str, Mapping[str, Any], tuple[str, Mapping[str, Any]] | None]]:
    """Name and inputs of each rule that the set's health probe is named in, with the rule of that name after the update, and its path."""
    probe = balancer_child(get(kept.scale_set, HEALTH_PROBE), "probes")
    if probe is None or not same(get(kept.before, "loadBalancerName"), probe[0]) or not known(kept.after, _RULES):
        return
    after = {name.casefold(): (path, rule) for path, rule in maps(kept.after, _RULES) if (name := text(rule.get("name"))) is not None}
    for _, rule in maps(kept.before, _RULES):
        name = text(rule.get("name"))
        if name is not None and last_name(rule.get("probe")) == probe[1]:
            yield name, rule, after.get(name.casefold())


@_rules.error(
    "L3", "A rule whose probe is a scale set's health probe isn't removed.", source="pulumi/pulumi-azure#926; Azure/azure-cli#14167"
)
def rule_kept(kept: Kept) -> Iterator[Found]:
    """Not even where another rule has the probe too. A rule of another name is another rule."""
    for name, _, after in _pairs(kept):
        if after is None:
            yield Found(
                _RULES,
                f"The rule {name!r} goes, and its probe is the scale set's healthProbe. Expected it kept: Azure refuses to remove it.",
                _WAY,
            )


@_rules.error("I13", "A rule whose probe is a scale set's health probe keeps its backend port.", source="acd networking")
def port_kept(kept: Kept) -> Iterator[Found]:
    """Azure asks for the same detour as for its removal."""
    for name, rule, after in _pairs(kept):
        old, new = integer(rule.get("backendPort")), integer(after[1].get("backendPort")) if after is not None else None
        if after is not None and old is not None and new is not None and old != new:
            yield Found(
                f"{after[0]}.backendPort",
                f"backendPort of {name!r} changes from {old} to {new}, and its probe is the scale set's healthProbe. Expected {old}.",
                _WAY,
            )
