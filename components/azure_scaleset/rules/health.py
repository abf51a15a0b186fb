"""Rules of the Application Health extension and of health signals."""

from collections.abc import Iterator, Mapping
from typing import Any

from azure_scaleset.rules.facts import (
    AUTOMATIC_OS_UPGRADE,
    HEALTH_LINUX,
    HEALTH_PROBE,
    HEALTH_WINDOWS,
    flexible,
    handler,
    has_extension,
    is_true,
    present,
)
from azure_scaleset.rules.rule import Found, Subject, Target, shown
from azure_scaleset.rules.value import UNKNOWN, get, integer, mapping, one_of, same, text

_rules = Subject("Health", Target.EXTENSION)

_SOURCE = "acd:virtual-machine-scale-sets/virtual-machine-scale-sets-health-extension.md"


def _settings(extension: Any) -> Mapping[str, Any] | None:
    """The settings of a health extension where they are known; none are an empty map."""
    given = get(extension, "settings")
    if handler(mapping(extension)) not in (HEALTH_LINUX, HEALTH_WINDOWS) or given is UNKNOWN:
        return None
    return mapping(given)


@_rules.error("H1", "Health is asked for by http, https or tcp.", source=_SOURCE)
def health_protocol(extension: Any) -> Iterator[Found]:
    """There is no default."""
    settings = _settings(extension)
    protocol = settings.get("protocol") if settings is not None else UNKNOWN
    if protocol is None or (text(protocol) is not None and not one_of(protocol, ("http", "https", "tcp"))):
        yield Found(
            "settings.protocol",
            f"protocol is {shown(protocol)}. Expected http, https or tcp.",
            "Take http with requestPath, or tcp with port.",
        )


@_rules.warning("H1", "http and https have a requestPath.", source=f"{_SOURCE} against tests of TF")
def health_path(extension: Any) -> Iterator[Found]:
    """The documentation calls it mandatory; tests of Terraform deploy without. A path that isn't known yet is one."""
    settings = _settings(extension) or {}
    protocol = settings.get("protocol")
    if one_of(protocol, ("http", "https")) and settings.get("requestPath") in (None, ""):
        yield Found(
            "settings.requestPath", f"requestPath is absent, and protocol is {protocol}. Expected one, as /health.", "Add requestPath."
        )


@_rules.error("H1", "tcp has no requestPath.", source=_SOURCE)
def health_path_tcp(extension: Any) -> Iterator[Found]:
    """A connection is all that tcp asks for."""
    settings = _settings(extension) or {}
    path = text(settings.get("requestPath"))
    if same(settings.get("protocol"), "tcp") and path:
        yield Found(
            "settings.requestPath", f"requestPath is {path!r}, and protocol is tcp. Expected none.", "Remove requestPath, or take http."
        )


@_rules.error("H1", "tcp has a port; a port is 1 to 65535.", source=_SOURCE)
def health_port(extension: Any) -> Iterator[Found]:
    """http and https have defaults, 80 and 443."""
    settings = _settings(extension) or {}
    port = settings.get("port")
    if same(settings.get("protocol"), "tcp") and port is None:
        yield Found("settings.port", "port is absent, and protocol is tcp. Expected one.", "Add port.")
    number = integer(port)
    if number is not None and not 1 <= number <= 65_535:
        yield Found("settings.port", f"port is {number}. Expected 1 to 65535.", "Take the application's port.")


@_rules.error("H2", "Interval, number of probes and grace period are in the handler's limits.", source=_SOURCE)
def health_ranges(extension: Any) -> Iterator[Found]:
    """The defaults are 5 seconds, 1 probe and their product."""
    settings = _settings(extension) or {}
    for name, low, high in (("intervalInSeconds", 5, 60), ("numberOfProbes", 1, 24), ("gracePeriod", 0, 14_400)):
        value = integer(settings.get(name))
        if value is not None and not low <= value <= high:
            yield Found(
                f"settings.{name}", f"{name} is {value}. Expected {low} to {high}.", "Take a value in these limits, or leave it out."
            )


@_rules.warning("H2", "A grace period is for version 2 of the handler.", source=_SOURCE)
def health_grace_period(extension: Any) -> Iterator[Found]:
    """Version 1 knows no state Initializing."""
    version = text(get(extension, "typeHandlerVersion")) or ""
    if (_settings(extension) or {}).get("gracePeriod") is not None and version.startswith("1."):
        yield Found(
            "settings.gracePeriod",
            f"gracePeriod is given with version {version}. Expected it with 2.0 only.",
            "Take version 2.0, or remove gracePeriod.",
        )


@_rules.error(
    "H4", "Upgrades and repairs that go by health have one signal of it.", source="MicrosoftDocs/azure-docs#114432", target=Target.SCALE_SET
)
def one_health_signal(inputs: Any) -> Iterator[Found]:
    """Azure refuses them when the balancer's probe and the extension both are there."""
    users = [
        name
        for name, uses in (
            ("automatic OS image upgrade", is_true(inputs, AUTOMATIC_OS_UPGRADE)),
            ("automatic repair", is_true(inputs, "automaticRepairsPolicy.enabled")),
            ("upgrade mode Rolling", same(get(inputs, "upgradePolicy.mode"), "Rolling")),
        )
        if uses
    ]
    if users and _two_signals(inputs):
        yield Found(
            HEALTH_PROBE,
            f"healthProbe and the application health extension are given, and {users[0]} goes by health. Expected one of the two.",
            "Remove healthProbe, or the extension.",
        )


@_rules.warning("H4", "A scale set has one signal of health.", source=_SOURCE, target=Target.SCALE_SET)
def one_health_signal_unused(inputs: Any) -> Iterator[Found]:
    """As long as nothing goes by health Azure takes both."""
    uses_none = all(get(inputs, path) in (None, False) for path in (AUTOMATIC_OS_UPGRADE, "automaticRepairsPolicy.enabled")) and not same(
        get(inputs, "upgradePolicy.mode"), "Rolling"
    )
    if uses_none and _two_signals(inputs):
        yield Found(
            HEALTH_PROBE,
            "healthProbe and the application health extension are given. Expected one of the two.",
            "Remove healthProbe, or the extension.",
        )


def _two_signals(inputs: Any) -> bool:
    # A Flexible set can't have the probe at all (O8).
    return (
        flexible(inputs) is False and present(inputs, HEALTH_PROBE) is True and has_extension(inputs, HEALTH_LINUX, HEALTH_WINDOWS) is True
    )
