"""Rules of when an autoscale setting's profiles hold."""

import re
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from azure_scaleset.rules.operating_system import is_iana_zone
from azure_scaleset.rules.rule import Found, Subject, Target
from azure_scaleset.rules.value import get, integer, items, known, mapping, maps, one_of, same, text

_rules = Subject("Autoscale: calendar", Target.AUTOSCALE)

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_FOR = re.compile(r'"for"\s*:\s*"((?:[^"\\]|\\.)*)"')


@_rules.error(
    "A11",
    "A recurring profile comes weekly, at one hour and minute, on days of full English name, in a time zone of Windows.",
    source="MON; TF",
)
def recurrence(setting: Any) -> Iterator[Found]:
    """The API has other frequencies in its list and refuses them."""
    for path, profile in maps(setting, "profiles"):
        frequency = text(get(profile, "recurrence.frequency"))
        if frequency is not None and not same(frequency, "Week"):
            yield Found(
                f"{path}.recurrence.frequency", f"frequency is {frequency!r}. Expected Week.", "Take Week, and all seven days for each day."
            )
        schedule = f"{path}.recurrence.schedule"
        for place, day in items(profile, "recurrence.schedule.days"):
            if text(day) is not None and not one_of(day, _DAYS):
                yield Found(
                    f"{path}.{place}", f"{place.rpartition('.')[2]} is {day!r}. Expected Monday to Sunday.", "Write the full English name."
                )
        for name, highest in (("hours", 23), ("minutes", 59)):
            values = get(profile, f"recurrence.schedule.{name}")
            if isinstance(values, list) and len(values) != 1:
                yield Found(f"{schedule}.{name}", f"{name} has {len(values)} values. Expected exactly one.", "Make a profile for each.")
            for place, value in items(profile, f"recurrence.schedule.{name}"):
                number = integer(value)
                if number is not None and not 0 <= number <= highest:
                    yield Found(f"{path}.{place}", f"{place.rpartition('.')[2]} is {number}. Expected 0 to {highest}.", "Correct it.")
        zone = text(get(profile, "recurrence.schedule.timeZone"))
        if zone is not None and is_iana_zone(zone):
            yield Found(
                f"{schedule}.timeZone",
                f"timeZone is {zone!r}. Expected a name of Windows, as 'W. Europe Standard Time'.",
                "Take the name that `tzutil /l` lists.",
            )


@_rules.warning("A12", "A recurring profile ends: a default profile takes over.", source="amd autoscale-multiprofile")
def recurrence_ends(setting: Any) -> Iterator[Found]:
    """The default one names the profile that it ends: `{"name": "default", "for": "nights"}`."""
    profiles = list(maps(setting, "profiles"))
    names = [text(profile.get("name")) for _, profile in profiles]
    if not known(setting, "profiles") or None in names:
        return
    ended = {match[1] for name in names if name and (match := _FOR.search(name))}
    for (path, profile), name in zip(profiles, names, strict=True):
        if isinstance(profile.get("recurrence"), Mapping) and name and not _FOR.search(name) and name not in ended:
            yield Found(
                f"{path}.recurrence",
                f'Profile {name!r} recurs, and nothing ends it. Expected a profile named {{"name":"default","for":"{name}"}} at its end.',
                "Add that profile, with the default's capacity and rules.",
            )


@_rules.warning("A12", "One profile at most is the plain default.", source="amd autoscale-multiprofile")
def plain_default(setting: Any) -> Iterator[Found]:
    """A default has neither a date nor a recurrence."""
    plain = [path for path, profile in maps(setting, "profiles") if profile.get("fixedDate") is None and profile.get("recurrence") is None]
    if len(plain) > 1:
        yield Found(
            plain[1],
            f"{len(plain)} profiles have neither fixedDate nor recurrence. Expected one default.",
            "Remove one of them, or give it a date.",
        )


@_rules.error("A13", "A profile has a date or a recurrence or neither; a date ends after its start, within 365 days.", source="amd; TF")
def fixed_date(setting: Any) -> Iterator[Found]:
    """Times in forms other than ISO 8601 aren't compared."""
    for path, profile in maps(setting, "profiles"):
        if mapping(profile.get("fixedDate")) and mapping(profile.get("recurrence")):
            yield Found(f"{path}.recurrence", "recurrence and fixedDate are given. Expected one of the two.", "Remove one of the two.")
        start, end = (_time(get(profile, f"fixedDate.{name}")) for name in ("start", "end"))
        if start is not None and end is not None and not timedelta() < end - start <= timedelta(days=365):
            yield Found(
                f"{path}.fixedDate",
                f"fixedDate is from {get(profile, 'fixedDate.start')} to {get(profile, 'fixedDate.end')}. Expected an end after the start, within 365 days.",
                "Correct the times.",
            )


def _time(value: Any) -> datetime | None:
    """A time without its zone: start and end are in the same."""
    try:
        return datetime.fromisoformat(value).replace(tzinfo=None) if isinstance(value, str) else None
    except ValueError:
        return None
