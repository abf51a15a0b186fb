"""Rules of what an autoscale setting's profiles do: metrics, thresholds, actions."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from azure_scaleset.rules.autoscale import count
from azure_scaleset.rules.duration import DAY, HOUR, MINUTE, outside, seconds
from azure_scaleset.rules.facts import is_true
from azure_scaleset.rules.rule import Found, Subject, Target, shown
from azure_scaleset.rules.value import get, items, maps, number, one_of, same, text

_rules = Subject("Autoscale: rules", Target.AUTOSCALE)

_COUNTS = ("ChangeCount", "PercentChangeCount", "ExactCount", "ServiceAllowedNextValue")
_CHOICES = (
    ("metricTrigger.statistic", ("Average", "Min", "Max", "Sum", "Count")),
    ("metricTrigger.timeAggregation", ("Average", "Minimum", "Maximum", "Total", "Count", "Last")),
    ("metricTrigger.operator", ("Equals", "NotEquals", "GreaterThan", "GreaterThanOrEqual", "LessThan", "LessThanOrEqual")),
    ("scaleAction.direction", ("Increase", "Decrease", "None")),
    ("scaleAction.type", _COUNTS),
)
_HOST_METRICS = (
    "Percentage CPU",
    "Network In Total",
    "Network Out Total",
    "Disk Read Bytes",
    "Disk Write Bytes",
    "Disk Read Operations/Sec",
    "Disk Write Operations/Sec",
    "CPU Credits Remaining",
    "CPU Credits Consumed",
    "Available Memory Bytes",
    "Available Memory Percentage",
    "Network In",
    "Network Out",
    "Inbound Flows",
    "Outbound Flows",
    "VmAvailabilityMetric",
)
_HOST_FAMILY = re.compile(r"(?:OS|Data|Temp) Disk |Premium |VM (?:Cached|Uncached|Local|Remote) |(?:In|Out)bound Flows ", re.IGNORECASE)


def _scaling_rules(setting: Any) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """The rules of all profiles, each with its path."""
    for path, profile in maps(setting, "profiles"):
        for place, rule in maps(profile, "rules"):
            yield f"{path}.{place}", rule


@_rules.error("A6", "Grain, window and cooldown of a rule are in their limits.", source="MON; TF")
def rule_durations(setting: Any) -> Iterator[Found]:
    """A window is at least as long as the grain that it is made of."""
    for path, rule in _scaling_rules(setting):
        for name, low, high, told in (
            ("metricTrigger.timeGrain", MINUTE, 12 * HOUR, "PT1M to PT12H"),
            ("metricTrigger.timeWindow", MINUTE, 12 * HOUR, "PT5M to PT12H"),
            ("scaleAction.cooldown", MINUTE, 7 * DAY, "PT1M to P7D"),
        ):
            value = get(rule, name)
            if outside(value, low, high):
                yield Found(
                    f"{path}.{name}", f"{name.rpartition('.')[2]} is {value!r}. Expected {told}.", "Take a duration in these limits."
                )
        grain, window = (seconds(get(rule, f"metricTrigger.{name}")) for name in ("timeGrain", "timeWindow"))
        if grain is not None and window is not None and 60 <= window < grain <= 12 * HOUR:
            yield Found(
                f"{path}.metricTrigger.timeWindow",
                f"timeWindow is {get(rule, 'metricTrigger.timeWindow')!r}, shorter than timeGrain. Expected it longer.",
                "Lengthen timeWindow.",
            )


@_rules.warning("A6", "The window of a rule is at least 5 minutes.", source="MON against Azure/azure-powershell#10186")
def rule_window(setting: Any) -> Iterator[Found]:
    """Sources disagree about 1 to 5 minutes."""
    for path, rule in _scaling_rules(setting):
        length = seconds(get(rule, "metricTrigger.timeWindow"))
        if length is not None and MINUTE <= length < 5 * MINUTE:
            yield Found(
                f"{path}.metricTrigger.timeWindow",
                f"timeWindow is {get(rule, 'metricTrigger.timeWindow')!r}. Expected at least PT5M: the API's description allows no less.",
                "Take PT5M.",
            )


@_rules.error("A7", "Statistic, aggregation, operator, direction and type of a rule are ones that Azure knows.", source="MON")
def rule_choices(setting: Any) -> Iterator[Found]:
    """Compared without regard to letter case."""
    for path, rule in _scaling_rules(setting):
        for name, allowed in _CHOICES:
            value = text(get(rule, name))
            if value is not None and not one_of(value, allowed):
                yield Found(
                    f"{path}.{name}", f"{name.rpartition('.')[2]} is {value!r}. Expected {', '.join(allowed)}.", "Take one of these."
                )


@_rules.error("A8", "A rule changes by a whole number of instances.", source="MON; TF")
def rule_value(setting: Any) -> Iterator[Found]:
    """At least 1, or 0 for ExactCount."""
    for path, rule in _scaling_rules(setting):
        value, kind = get(rule, "scaleAction.value"), get(rule, "scaleAction.type")
        number = count(value)
        least = 1 if one_of(kind, ("ChangeCount", "PercentChangeCount")) else 0
        if (isinstance(value, str) and number is None) or (number is not None and number < least):
            yield Found(
                f"{path}.scaleAction.value",
                f"value is {shown(value)}, and type is {shown(kind)}. Expected a whole number, {least} or more.",
                "Correct it.",
            )


@_rules.warning(
    "A9",
    "The metric of a scale set is one of the host's, or comes with diagnostics.",
    source="amd monitor-supported metrics; amd autoscale-common-metrics",
)
def rule_metric(setting: Any) -> Iterator[Found]:
    """Metrics of other resources aren't judged. Without the diagnostics extension a guest metric never has a value."""
    for path, rule in _scaling_rules(setting):
        name, resource = text(get(rule, "metricTrigger.metricName")), text(get(rule, "metricTrigger.metricResourceUri"))
        if name is None or (resource is not None and "/virtualmachinescalesets/" not in resource.casefold()):
            continue
        namespace = text(get(rule, "metricTrigger.metricNamespace"))
        if namespace and not same(namespace, "Microsoft.Compute/virtualMachineScaleSets"):
            continue
        if name not in _HOST_METRICS and not _HOST_FAMILY.match(name):
            yield Found(
                f"{path}.metricTrigger.metricName",
                f"metricName is {name!r}. Expected a metric of the host, as 'Percentage CPU': another needs the diagnostics extension.",
                "Correct the name, letter case included, or add the extension.",
            )


@_rules.warning("A10", "A metric of the host is that of the scale set itself, and isn't divided by the instances.", source="MON")
def rule_resource(setting: Any) -> Iterator[Found]:
    """Compared only where both ids are known."""
    target = text(get(setting, "targetResourceUri"))
    for path, rule in _scaling_rules(setting):
        if text(get(rule, "metricTrigger.metricName")) not in _HOST_METRICS:
            continue
        resource = text(get(rule, "metricTrigger.metricResourceUri"))
        if resource and target and "/virtualmachinescalesets/" in resource.casefold() and not same(resource, target):
            yield Found(
                f"{path}.metricTrigger.metricResourceUri",
                f"metricResourceUri is {resource!r}, not targetResourceUri. Expected the scale set's own metric.",
                "Take the id of targetResourceUri.",
            )
        if is_true(rule, "metricTrigger.dividePerInstance"):
            yield Found(
                f"{path}.metricTrigger.dividePerInstance",
                "dividePerInstance is true for a metric of the host. Expected it for queues and the like.",
                "Remove it.",
            )


@_rules.warning("A14", "A profile that scales out scales in too, and the reverse.", source="amd autoscale-flapping")
def rule_counterpart(setting: Any) -> Iterator[Found]:
    """Otherwise the number of instances goes one way only."""
    for path, profile in maps(setting, "profiles"):
        rules = [rule for _, rule in items(profile, "rules")]
        directions = [text(get(rule, "scaleAction.direction")) for rule in rules]
        # An exact count sets the number, and needs no counterpart.
        if not rules or None in directions or any(not one_of(get(rule, "scaleAction.type"), _COUNTS[:2]) for rule in rules):
            continue
        for direction, other in (("Increase", "Decrease"), ("Decrease", "Increase")):
            if any(same(each, direction) for each in directions) and not any(same(each, other) for each in directions):
                yield Found(
                    f"{path}.rules",
                    f"All rules of the profile have direction {direction}. Expected one with {other} too.",
                    f"Add a rule with direction {other}.",
                )


@_rules.warning("A14", "The thresholds of scaling out and in are apart.", source="amd autoscale-flapping")
def rule_thresholds(setting: Any) -> Iterator[Found]:
    """Autoscale doesn't scale in where it would have to scale out again."""
    for path, profile in maps(setting, "profiles"):
        out, back = _thresholds(profile, "Increase", "Greater"), _thresholds(profile, "Decrease", "Less")
        for metric in out.keys() & back.keys():
            if out[metric] <= back[metric]:
                yield Found(
                    f"{path}.rules",
                    f"{metric} scales out above {shown(out[metric])} and in below {shown(back[metric])}. Expected the second to be well below the first.",
                    "Move the thresholds apart, as 75 and 25.",
                )


def _thresholds(profile: Mapping[str, Any], direction: str, operator: str) -> dict[str, float]:
    """Metric -> threshold of the rules of *direction* whose operator begins with *operator*."""
    found: dict[str, float] = {}
    for _, rule in maps(profile, "rules"):
        metric, threshold = text(get(rule, "metricTrigger.metricName")), number(get(rule, "metricTrigger.threshold"))
        compared = text(get(rule, "metricTrigger.operator")) or ""
        if metric and threshold is not None and same(get(rule, "scaleAction.direction"), direction) and compared.startswith(operator):
            found[metric] = threshold
    return found
