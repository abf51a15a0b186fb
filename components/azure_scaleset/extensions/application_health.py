"""Application Health: the extension that reports the application's health to the scale set."""

from typing import Any

from azure_scaleset.extensions.arguments import ApplicationHealth, HealthProtocol
from azure_scaleset.extensions.context import OperatingSystem


def check(arguments: ApplicationHealth, path: str, problems: list[str]) -> None:
    """Adds to *problems* what the handler would refuse (H1, H2)."""
    tcp = arguments["protocol"] is HealthProtocol.TCP
    if tcp and "port" not in arguments:
        problems.append(f"{path}.port is missing. With tcp it is required.")
    if tcp and "request_path" in arguments:
        problems.append(f"{path}.requestPath is given with tcp, which has no path. Remove it, or use http.")
    if not tcp and "request_path" not in arguments:
        problems.append(f"{path}.requestPath is missing. With {arguments['protocol'].value} it is required, as in /health.")
    for name, value, low, high in (
        ("port", arguments.get("port", 80), 1, 65_535),
        ("intervalInSeconds", arguments.get("interval_in_seconds", 5), 5, 60),
        ("numberOfProbes", arguments.get("number_of_probes", 1), 1, 24),
    ):
        if not low <= value <= high:
            problems.append(f"{path}.{name} is {value}. Expected {low} to {high}.")


def define(arguments: ApplicationHealth, system: OperatingSystem) -> dict[str, Any]:
    """The definition."""
    settings: dict[str, Any] = {"protocol": arguments["protocol"].value}
    for key, name in (
        ("port", "port"),
        ("requestPath", "request_path"),
        ("intervalInSeconds", "interval_in_seconds"),
        ("numberOfProbes", "number_of_probes"),
    ):
        if name in arguments:
            settings[key] = arguments[name]  # type: ignore[literal-required]  # the names are the TypedDict's own
    return {
        "publisher": "Microsoft.ManagedServices",
        "type": f"ApplicationHealth{system.value}",
        "typeHandlerVersion": arguments.get("version", "1.0"),
        "settings": settings,
    }
