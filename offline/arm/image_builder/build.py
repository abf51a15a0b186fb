"""A build: it begins with `run` or `autoRun`, goes from phase to phase on the virtual clock, and ends with an image or with a log that says why not."""

from __future__ import annotations

import uuid
from dataclasses import replace

from offline.arm import agenda, operations
from offline.arm.compute.durations import REPLICATION_SECONDS
from offline.arm.compute.images import Content
from offline.arm.errors import ArmError, conflict
from offline.arm.http import Json
from offline.arm.image_builder import distribution, staging, steps
from offline.arm.image_builder.durations import BUILDING_SECONDS, CANCELLING_SECONDS
from offline.arm.image_builder.template import TEMPLATE, Template
from offline.arm.store import Store

_PHASES = {"Building": "Customizing", "Customizing": "Validating", "Validating": "Distributing"}


def load(store: Store, template_id: str) -> Template | None:
    """The template as it is stored, None when it is gone."""
    body = store.get(template_id)
    return None if body is None else Template(store, body)


def begin(template: Template) -> str:
    """Begins a build; gives its operation, which ends with it."""
    properties, store = template.properties, template.store
    if properties["provisioningState"] != "Succeeded":
        raise conflict(
            "ImageTemplateNotReady", f"The image template '{template.name}' is not in provisioning state 'Succeeded': it can't be run."
        )
    if going_on(template):
        raise conflict("ImageTemplateIsRunning", f"The image template '{template.name}' is running already.")
    operation = operations.begin(store)
    operations.wait_for_one_more(store, operation)
    run = str(uuid.uuid5(uuid.NAMESPACE_URL, f"{template.id.lower()} {store.count_up(template.id, 'run')}"))
    store.put_document("build", template.id, "run", {"run": run, "operation": operation, "log": [], "failed": None})
    _show(template, {"startTime": store.now().isoformat(), "runState": "Running", "runSubState": "Building", "message": ""})
    store.log("imageBuild", template.id, run=run)
    store.plan(template.id, "buildPhase", BUILDING_SECONDS, run=run, phase="Building")
    return operation


def going_on(template: Template) -> bool:
    """Whether a build goes on."""
    return (template.properties.get("lastRunStatus") or {}).get("runState") in ("Running", "Canceling")


def cancel(template: Template) -> str:
    """Begins to end the build that goes on; gives the operation, which ends with that."""
    store, build = template.store, template.store.document("build", template.id, "run")
    status = template.properties.get("lastRunStatus") or {}
    if build is None or status.get("runState") != "Running":
        raise conflict("ImageTemplateNotRunning", f"The image template '{template.name}' is not running.")
    operation = operations.begin(store)
    operations.wait_for_one_more(store, operation)
    _show(template, {**status, "runState": "Canceling"})
    store.plan(template.id, "buildCancelled", CANCELLING_SECONDS, run=build["run"], operation=operation)
    return operation


@agenda.deed("buildCancelled")
def cancelled(store: Store, owner: str, data: Json) -> None:
    """The build machine is gone."""
    template, build = load(store, owner), store.document("build", owner, "run")
    if template is not None and build is not None and build["run"] == data["run"]:
        _end(template, build, "Canceled", "The build was cancelled.", cancelled=True)
    operations.part_done(store, data["operation"], [])


@agenda.deed("autoRun")
def run_by_itself(store: Store, owner: str, data: Json) -> None:
    """A template with `autoRun` begins its build when it has been taken in."""
    template = load(store, owner)
    if template is not None and not going_on(template):
        begin(template)


@agenda.deed("buildPhase")
def phase_ends(store: Store, owner: str, data: Json) -> None:
    """A phase is over: the next one begins, or the build ends."""
    template, build = load(store, owner), store.document("build", owner, "run")
    if template is None or build is None or build["run"] != data["run"] or template.properties["lastRunStatus"]["runState"] != "Running":
        return
    if data["phase"] == "Distributing":
        _delivered(template, build)
        return
    if data["phase"] == "Building" and not _has_plan(template):
        build["log"].append(
            f"VMMarketplaceInvalidInput: Creating a virtual machine from Marketplace image requires Plan information in the request. VM: '{build['run']}'."
        )
        _fail(template, build)
        return
    if build["failed"] is not None and not _goes_on_after(template, data["phase"]):
        _fail(template, build)
        return
    _enter(template, build, _PHASES[data["phase"]])


def _enter(template: Template, build: Json, phase: str) -> None:
    store = template.store
    seconds: float = REPLICATION_SECONDS
    if phase == "Distributing":
        try:
            distribution.begin(template, _content(template), build["run"])
        except ArmError as refusal:
            build["log"].append(f"Distribution failed: {refusal.code}: {refusal.message}")
            build["failed"] = refusal.message
            _fail(template, build)
            return
    else:
        of, what = (template.customizers, "Customizer") if phase == "Customizing" else (template.validators, "Validator")
        outcome = steps.run(template, of, what)
        build["log"] += outcome.lines
        build["failed"] = outcome.failure
        seconds = outcome.seconds
    store.put_document("build", template.id, "run", build)
    _show(template, {**template.properties["lastRunStatus"], "runSubState": phase})
    store.plan(template.id, "buildPhase", seconds, run=build["run"], phase=phase)


def _content(template: Template) -> Content:
    """What is on the disk: what was on the source, generalized. Image Builder runs no handler; what those of the source have left stays (T15)."""
    return replace(template.source().content, prepared=True)


def _has_plan(template: Template) -> bool:
    """R7: no machine is made of a platform image with a purchase plan without that plan."""
    source, plan = template.properties["source"], template.source().content.plan
    if source["type"] != "PlatformImage" or plan is None:
        return True
    given = source.get("planInfo") or {}
    return all(str(given.get(f"plan{part.capitalize()}")).lower() == value.lower() for part, value in plan.items())


def _goes_on_after(template: Template, phase: str) -> bool:
    """A failed validation stops the distribution, unless the template says otherwise; a failed customization always does."""
    return phase == "Validating" and bool((template.properties.get("validate") or {}).get("continueDistributeOnFailure"))


def _delivered(template: Template, build: Json) -> None:
    artifacts = distribution.artifacts(template)
    if any(each["properties"].get("provisioningState") in ("Creating", "Updating") for each in artifacts):
        template.store.plan(template.id, "buildPhase", 10, run=build["run"], phase="Distributing")
        return
    bad = [each["id"] for each in artifacts if each["properties"].get("provisioningState") == "Failed"]
    if bad:
        build["failed"] = f"Distribution to '{bad[0]}' failed."
        _fail(template, build)
        return
    # A run whose validation failed is reported as failed, whether its image was distributed or not.
    if build["failed"] is not None:
        _fail(template, build)
        return
    _end(template, build, "Succeeded", "")


def _fail(template: Template, build: Json) -> None:
    message = (
        f"During the image build a failure has occurred. Packer build logs are at location {staging.log_path(template, build['run'])}. Please navigate to "
        "this location using portal or other tools to download logs for identifying which build/customization step failed. Use this operationId "
        f"{build['operation']} to search packer logs. For more troubleshooting steps go to https://aka.ms/azvmimagebuilderts."
    )
    _end(template, build, "Failed", message)


def _end(template: Template, build: Json, state: str, message: str, cancelled: bool = False) -> None:
    store = template.store
    lines = [f"[{build['run']}] PACKER OUT {line}" for line in build["log"]]
    staging.write_log(template, build["run"], "\n".join([*lines, f"[{build['run']}] PACKER OUT Build {state}", ""]))
    _show(template, {**template.properties["lastRunStatus"], "endTime": store.now().isoformat(), "runState": state, "message": message})
    store.log("imageBuildEnded", template.id, run=build["run"], state=state)
    failures = [] if state == "Succeeded" else [{"code": "OperationCanceled" if cancelled else "PackerBuildFailed", "message": message}]
    operations.part_done(store, build["operation"], failures, cancelled=cancelled)


def _show(template: Template, status: Json) -> None:
    template.properties["lastRunStatus"] = status
    template.store.put(template.id, TEMPLATE, template.body)
