"""What extension handlers do on an instance: one module a handler, `HANDLERS` the table of those that do more than succeed."""

from __future__ import annotations

from offline.arm.compute.handlers import application_health, custom_script_linux, custom_script_windows, dsc
from offline.arm.compute.handlers.run import Handler, Outcome, Run

__all__ = ["HANDLERS", "Outcome", "Run", "handle"]

HANDLERS: dict[tuple[str, str], Handler] = {
    ("microsoft.azure.extensions", "customscript"): custom_script_linux.handle,
    ("microsoft.compute", "customscriptextension"): custom_script_windows.handle,
    ("microsoft.powershell", "dsc"): dsc.handle,
    ("microsoft.managedservices", "applicationhealthlinux"): application_health.handle,
    ("microsoft.managedservices", "applicationhealthwindows"): application_health.handle,
}
"""(publisher, type), lower case -> handler."""


def handle(run: Run) -> Outcome:
    """Runs the handler; one that is not known here only reports success, as an agent that was installed does."""
    handler = HANDLERS.get((run.publisher.lower(), run.type.lower()))
    return Outcome("Enable succeeded") if handler is None else handler(run)
