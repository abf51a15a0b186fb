"""Rules of an autoscale setting: profiles, capacity, calendar."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from azure_scaleset.rules.duration import HOUR, MINUTE, outside
from azure_scaleset.rules.rule import Found, Subject, Target, shown
from azure_scaleset.rules.value import UNKNOWN, absent, get, integer, items, known, maps, one_of, same, text

_rules = Subject("Autoscale: profiles", Target.AUTOSCALE)

_COUNT = re.compile(r"-?\d{1,9}", re.ASCII)


def count(value: Any) -> int | None:
    """A number of instances, which the API writes as text."""
    return int(value) if isinstance(value, str) and _COUNT.fullmatch(value) else integer(value)


@_rules.error("A1", "A setting has 1 to 20 profiles of different names, each with at most 10 rules.", source="MON; amd")
def profile_counts(setting: Any) -> Iterator[Found]:
    """A profile without rules only sets the capacity."""
    profiles = get(setting, "profiles")
    if profiles is None or (isinstance(profiles, list) and not 1 <= len(profiles) <= 20):
        yield Found("profiles", f"profiles has {len(profiles or [])} profiles. Expected 1 to 20.", "Add a profile, or remove some.")
    seen: set[str] = set()
    for path, profile in maps(setting, "profiles"):
        name, rules = text(profile.get("name")), profile.get("rules")
        if name is not None and name in seen:
            yield Found(f"{path}.name", f"name is {name!r}, as another profile's. Expected a name of its own.", "Rename one of the two.")
        seen.add(name or "")
        if isinstance(rules, list) and len(rules) > 10:
            yield Found(f"{path}.rules", f"rules has {len(rules)} rules. Expected at most 10.", "Remove some.")


@_rules.error(
    "A2", "A capacity is three whole numbers, 0 to 1000, with minimum <= default <= maximum.", source="microsoft/onefuzz#2249; TF"
)
def capacity_order(setting: Any) -> Iterator[Found]:
    """The API writes them as texts."""
    for path, profile in maps(setting, "profiles"):
        values = {name: get(profile, f"capacity.{name}") for name in ("minimum", "default", "maximum")}
        for name, value in values.items():
            number = count(value)
            if (isinstance(value, str) and number is None) or (number is not None and not 0 <= number <= 1000):
                yield Found(f"{path}.capacity.{name}", f"{name} is {shown(value)}. Expected a whole number, 0 to 1000.", "Correct it.")
                return
        for low, high in (("minimum", "default"), ("default", "maximum"), ("minimum", "maximum")):
            lower, higher = count(values[low]), count(values[high])
            if lower is not None and higher is not None and lower > higher:
                yield Found(
                    f"{path}.capacity.{low}",
                    f"{low} is {lower}, and {high} is {higher}. Expected minimum <= default <= maximum.",
                    "Correct the three.",
                )
                break


@_rules.warning("A4", "There is room between minimum and maximum.", source="amd autoscale best practices")
def capacity_room(setting: Any) -> Iterator[Found]:
    """A profile of a calendar may hold a number on purpose."""
    for path, profile in maps(setting, "profiles"):
        lower, higher = count(get(profile, "capacity.minimum")), count(get(profile, "capacity.maximum"))
        if lower is not None and lower == higher and next(items(profile, "rules"), None) is not None:
            yield Found(
                f"{path}.capacity",
                f"minimum and maximum are {lower}. Expected room between them: the rules can't do anything.",
                "Raise maximum, or remove the rules.",
            )


@_rules.error("A15", "Predictive autoscale has a known mode, and looks ahead 1 to 60 minutes.", source="MON; amd")
def predictive(setting: Any) -> Iterator[Found]:
    """It learns for 7 days first."""
    mode = text(get(setting, "predictiveAutoscalePolicy.scaleMode"))
    if mode is not None and not one_of(mode, ("Disabled", "ForecastOnly", "Enabled")):
        yield Found(
            "predictiveAutoscalePolicy.scaleMode",
            f"scaleMode is {mode!r}. Expected Disabled, ForecastOnly or Enabled.",
            "Take ForecastOnly first.",
        )
    ahead = get(setting, "predictiveAutoscalePolicy.scaleLookAheadTime")
    if outside(ahead, MINUTE, HOUR):
        yield Found(
            "predictiveAutoscalePolicy.scaleLookAheadTime",
            f"scaleLookAheadTime is {ahead!r}. Expected PT1M to PT1H.",
            "Take a duration in these limits.",
        )


@_rules.warning("A15", "Predictive autoscale has a rule on Percentage CPU.", source="amd")
def predictive_metric(setting: Any) -> Iterator[Found]:
    """It predicts no other metric."""
    if not one_of(get(setting, "predictiveAutoscalePolicy.scaleMode"), ("ForecastOnly", "Enabled")) or not known(setting, "profiles"):
        return
    metrics = [get(rule, "metricTrigger.metricName") for _, profile in maps(setting, "profiles") for _, rule in maps(profile, "rules")]
    if metrics and UNKNOWN not in metrics and not any(same(metric, "Percentage CPU") for metric in metrics):
        yield Found(
            "predictiveAutoscalePolicy",
            "predictiveAutoscalePolicy is on, and no rule is on 'Percentage CPU'. Expected one.",
            "Add a rule on Percentage CPU, or remove the policy.",
        )


@_rules.warning("A16", "A setting states that it is enabled.", source="MON")
def enabled_given(setting: Any) -> Iterator[Found]:
    """Left out it is off, by the API's description."""
    if absent(setting, "enabled") and isinstance(setting, Mapping):
        yield Found("enabled", "enabled is absent, which means false. Expected true.", "Set enabled to true.")


@_rules.error("A18", "A webhook is https, a mail address has an '@'.", source="MON; TF")
def notifications(setting: Any) -> Iterator[Found]:
    """Azure sends to no other. A webhook's address may hold a key, and isn't shown."""
    for path, notification in maps(setting, "notifications"):
        for place, webhook in maps(notification, "webhooks"):
            uri = text(webhook.get("serviceUri"))
            if uri is not None and not uri.casefold().startswith("https://"):
                yield Found(
                    f"{path}.{place}.serviceUri",
                    f"serviceUri is an address of {uri.partition(':')[0][:10]!r}. Expected https.",
                    "Take the https address.",
                )
        for place, address in items(notification, "email.customEmails"):
            if isinstance(address, str) and not 0 < address.find("@") < len(address) - 1:
                yield Found(f"{path}.{place}", f"{place.rpartition('.')[2]} is {address!r}. Expected a mail address.", "Correct it.")
