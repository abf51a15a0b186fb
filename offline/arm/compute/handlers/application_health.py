"""The Application Health extension (`Microsoft.ManagedServices`/`ApplicationHealthLinux`, `ApplicationHealthWindows`)."""

from __future__ import annotations

from offline.arm.compute.handlers.run import HandlerError, Outcome, Run


def handle(run: Run) -> Outcome:
    """Checks the settings (H1, H2) and starts to probe."""
    settings = run.settings
    protocol = str(settings.get("protocol", "")).lower()
    if protocol not in ("http", "https", "tcp"):
        raise HandlerError("invalid configuration: 'protocol' must be one of 'http', 'https', 'tcp'")
    if protocol == "tcp":
        if not settings.get("port"):
            raise HandlerError("invalid configuration: 'port' must be specified when using 'tcp' protocol")
        if settings.get("requestPath"):
            raise HandlerError("invalid configuration: 'requestPath' cannot be specified when using 'tcp' protocol")
    elif not settings.get("requestPath"):
        raise HandlerError("invalid configuration: 'requestPath' must be specified when using 'http' or 'https' protocol")
    for name, low, high in (("intervalInSeconds", 5, 60), ("numberOfProbes", 1, 24), ("gracePeriod", 5, 14_400)):
        value = settings.get(name, low)
        if not low <= value <= high:
            raise HandlerError(f"invalid configuration: '{name}' must be between {low} and {high}")
    return Outcome("Application found to be healthy")
