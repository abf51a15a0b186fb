"""What happens inside an instance: its extensions run, in order, each again only when its definition changed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from graphlib import TopologicalSorter

from offline.arm import faults
from offline.arm.compute.durations import HANDLER_SECONDS
from offline.arm.compute.handlers import Outcome, Run, handle
from offline.arm.compute.handlers.run import HandlerError
from offline.arm.compute.model import ScaleSet
from offline.arm.compute.tree import fingerprint
from offline.arm.http import Json

RUNS_ONCE = ("microsoft.azure.extensions.customscript", "microsoft.compute.customscriptextension", "microsoft.powershell.dsc")
"""The handlers that remember on the disk which sequence number they have carried out."""

_RUN_AGAIN = ("publisher", "type", "typeHandlerVersion", "forceUpdateTag", "settings", "protectedSettings", "protectedSettingsFromKeyVault")


@dataclass(frozen=True)
class Session:
    """What running the extensions of an instance comes to: what it remembers of each (`extensions`), the events to write (`runs`), the names of
    those that failed, the errors (`{"code", "message", "target"}`), and how many seconds it takes."""

    extensions: Json
    runs: list[Json]
    failed: list[str]
    failures: list[Json]
    seconds: float


def run_extensions(scale_set: ScaleSet, instance: Json, before: Json, after: float) -> Session:
    """Brings the extensions of an instance to the model, `after` seconds from now. `before`: what its OS disk remembers of earlier runs.

    An extension runs when this instance has not run this definition (X10), or has failed with it; what the model no longer has is removed.
    What waits for an extension that failed does not run.
    """
    model = {extension["name"]: extension.get("properties") or {} for extension in scale_set.extensions}
    now: Json = {name: ran for name, ran in before.items() if name in model}
    runs: list[Json] = []
    elapsed = 0.0
    for name in run_order(scale_set.extensions):
        definition = model[name]
        wanted = fingerprint([definition.get(field) for field in _RUN_AGAIN])
        blocked = any(now.get(other, {}).get("status") != "succeeded" for other in definition.get("provisionAfterExtensions") or [])
        done = now.get(name, {}).get("definition") == wanted and now[name]["status"] == "succeeded"
        if blocked or done:
            continue
        for _ in range(faults.runs_of(scale_set.store, instance, name, definition)):
            sequence = now[name]["sequence"] + 1 if name in now else 0
            if _was_carried_out(instance, definition, sequence):
                now[name] = {
                    "definition": wanted,
                    "sequence": sequence,
                    **not_run(definition, scale_set.store.now() + timedelta(seconds=after + elapsed)),
                }
                continue
            ran, event = _run(scale_set, instance, name, definition, after + elapsed)
            now[name] = {"definition": wanted, "sequence": sequence, **ran}
            runs.append(event)
            elapsed += HANDLER_SECONDS + event["seconds"]
    failed = [name for name in now if now[name]["status"] == "failed" and not model[name].get("suppressFailures")]
    return Session(now, runs, failed, [failure(instance["instanceId"], name, now[name]) for name in failed], elapsed)


def _was_carried_out(instance: Json, definition: Json, sequence: int) -> bool:
    """T15: a handler that finds on its disk, from the machine of which the image was taken, that it has carried out this number does nothing."""
    handler = handler_of(definition)
    return handler in RUNS_ONCE and instance["handlers"].get(handler, -1) >= sequence


def handler_of(definition: Json) -> str:
    """Publisher and type of a handler, as its state on a disk is kept."""
    return f"{definition.get('publisher')}.{definition.get('type')}".lower()


def not_run(definition: Json, at: datetime) -> Json:
    """What a machine remembers of an extension whose handler did nothing."""
    return {
        "publisher": definition.get("publisher"),
        "type": definition.get("type"),
        "typeHandlerVersion": definition.get("typeHandlerVersion"),
        "status": "succeeded",
        "message": "Enable: this configuration has been processed before, it is not run again.",
        "exitCode": 0,
        "time": at.isoformat(),
    }


def run_order(extensions: list[Json]) -> list[str]:
    """Names in the order they run: as written, but each after what it waits for (X3)."""
    sorter: TopologicalSorter[str] = TopologicalSorter()
    for extension in extensions:
        sorter.add(extension["name"], *((extension.get("properties") or {}).get("provisionAfterExtensions") or []))
    return list(sorter.static_order())


def _run(scale_set: ScaleSet, instance: Json, name: str, definition: Json, after: float) -> tuple[Json, Json]:
    """Runs one extension; gives what the instance remembers of it, and the data of the event."""
    store = scale_set.store
    run = Run(store, scale_set.body.get("identity") or {}, definition, store.now() + timedelta(seconds=after))
    return outcome_of(run, name, faults.failure_of(store, instance, name, definition))


def outcome_of(run: Run, name: str, ordered: Json | None) -> tuple[Json, Json]:
    """Runs a handler, which fails when somebody has `ordered` so; gives what the machine remembers of it, and the data of the event."""
    status, exit_code, definition = "succeeded", 0, run.definition
    try:
        if ordered is not None:
            raise HandlerError(ordered["output"], ordered["exitCode"])
        outcome = handle(run)
    except HandlerError as error:
        status, exit_code, outcome = "failed", error.exit_code, Outcome(error.message, error.files, error.seconds)
    event = {
        "extension": name,
        "publisher": run.publisher,
        "type": run.type,
        "typeHandlerVersion": definition.get("typeHandlerVersion"),
        "forceUpdateTag": definition.get("forceUpdateTag"),
        "settings": run.settings,
        "protectedSettings": run.protected,
        "files": outcome.files,
        "status": status,
        "seconds": outcome.seconds,
    }
    remembered = {
        "publisher": run.publisher,
        "type": run.type,
        "typeHandlerVersion": definition.get("typeHandlerVersion"),
        "status": status,
        "message": outcome.message,
        "exitCode": exit_code,
        "time": (run.at + timedelta(seconds=HANDLER_SECONDS + outcome.seconds)).isoformat(),
    }
    return remembered, event


def failure(machine: str, name: str, ran: Json) -> Json:
    """`VMExtensionProvisioningError`, as an operation ends with it."""
    return {
        "code": "VMExtensionProvisioningError",
        "message": f"VM '{machine}' has reported a failure when processing extension '{name}' "
        f"(publisher '{ran['publisher']}' and type '{ran['type']}'). Error message: '{ran['message']}'.",
        "target": machine,
    }
