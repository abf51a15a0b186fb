"""What happens inside an instance: its extensions run, in order, each again only when its definition changed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from graphlib import TopologicalSorter

from offline.arm.compute.handlers import Outcome, Run, handle
from offline.arm.compute.handlers.run import HandlerError
from offline.arm.compute.model import ScaleSet
from offline.arm.compute.tree import fingerprint
from offline.arm.http import Json

_RUN_AGAIN = ("publisher", "type", "typeHandlerVersion", "forceUpdateTag", "settings", "protectedSettings", "protectedSettingsFromKeyVault")


@dataclass(frozen=True)
class Failure:
    """An extension that failed on an instance."""

    instance_id: str
    extension: str
    publisher: str
    type: str
    message: str


def bring_extensions(scale_set: ScaleSet, instance: Json) -> tuple[list[Failure], float]:
    """Brings the extensions of `instance` (changed in place) to the model; gives the failures and how many seconds all took.

    An extension runs when this instance has not run this definition (X10); what the model no longer has is removed. What waits for an extension
    that failed does not run.
    """
    model = {extension["name"]: extension.get("properties") or {} for extension in scale_set.extensions}
    instance["extensions"] = {name: ran for name, ran in instance["extensions"].items() if name in model}
    elapsed = 0.0
    for name in run_order(scale_set.extensions):
        definition = model[name]
        wanted = fingerprint([definition.get(field) for field in _RUN_AGAIN])
        blocked = any(
            instance["extensions"].get(before, {}).get("status") != "succeeded"
            for before in definition.get("provisionAfterExtensions") or []
        )
        if blocked or instance["extensions"].get(name, {}).get("definition") == wanted:
            continue
        ran, seconds = _run(scale_set, instance, name, definition, elapsed)
        instance["extensions"][name] = {"definition": wanted, **ran}
        elapsed += seconds
    failures = [
        Failure(instance["instanceId"], name, ran["publisher"], ran["type"], ran["message"])
        for name, ran in instance["extensions"].items()
        if ran["status"] == "failed" and not model[name].get("suppressFailures")
    ]
    instance["provisioningState"] = "Failed" if failures else "Succeeded"
    return failures, elapsed


def run_order(extensions: list[Json]) -> list[str]:
    """Names in the order they run: as written, but each after what it waits for (X3)."""
    sorter: TopologicalSorter[str] = TopologicalSorter()
    for extension in extensions:
        sorter.add(extension["name"], *((extension.get("properties") or {}).get("provisionAfterExtensions") or []))
    return list(sorter.static_order())


def _run(scale_set: ScaleSet, instance: Json, name: str, definition: Json, elapsed: float) -> tuple[Json, float]:
    """Runs one extension, writes the event, and gives what the instance remembers of it."""
    run = Run(scale_set, definition, scale_set.store.now() + timedelta(seconds=elapsed))
    status, exit_code = "succeeded", 0
    try:
        outcome = handle(run)
    except HandlerError as error:
        status, exit_code, outcome = "failed", error.exit_code, Outcome(error.message, error.files, error.seconds)
    scale_set.store.log(
        "extensionRun",
        f"{scale_set.id}/virtualMachines/{instance['instanceId']}",
        extension=name,
        publisher=run.publisher,
        type=run.type,
        typeHandlerVersion=definition.get("typeHandlerVersion"),
        forceUpdateTag=definition.get("forceUpdateTag"),
        settings=run.settings,
        protectedSettings=run.protected,
        files=outcome.files,
        status=status,
        seconds=outcome.seconds,
    )
    remembered = {
        "publisher": run.publisher,
        "type": run.type,
        "typeHandlerVersion": definition.get("typeHandlerVersion"),
        "status": status,
        "message": outcome.message,
        "exitCode": exit_code,
        "time": run.at.isoformat(),
    }
    return remembered, outcome.seconds


def operation_error(failures: list[Failure]) -> Json:
    """`VMExtensionProvisioningError`, as the operation of the PUT ends with it: one line an instance and extension."""
    details = [
        {
            "code": "VMExtensionProvisioningError",
            "message": f"VM '{failure.instance_id}' has reported a failure when processing extension '{failure.extension}' "
            f"(publisher '{failure.publisher}' and type '{failure.type}'). Error message: '{failure.message}'.",
            "target": failure.instance_id,
        }
        for failure in failures
    ]
    return {"code": "VMExtensionProvisioningError", "message": details[0]["message"], "details": details}
