"""A build of Azure Image Builder: it is run unless its version is there, waited for, and explained when it fails."""

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from azure_scaleset.images.artifact import Artifact, ImageError, ensure, settled, usable, wait
from azure_scaleset.images.azure import GALLERY_API_VERSION, TEMPLATE_API_VERSION
from azure_scaleset.images.build_log import last_lines
from azure_scaleset.images.chosen import CONTENT_TAG, Chosen
from azure_scaleset.images.foresight import of_present
from azure_scaleset.images.gate import Doubtful
from azure_scaleset.images.submission import accepted
from azure_scaleset.images.versions import is_lost

if TYPE_CHECKING:
    from azure_scaleset.rollout.arm import Arm

AUTO_RUN_BEGINS = timedelta(minutes=5)
"""For so long a template that runs by itself may show no run."""
_GOES_ON = ("Running", "Canceling")


@dataclass(frozen=True)
class Run:
    """The last run of a template."""

    state: str
    """`Running`, `Canceling`, `Succeeded`, `PartiallySucceeded`, `Failed` or `Canceled`; empty where it never ran."""
    step: str
    """What it is at: `Queued`, `Building`, `Customizing`, `Validating`, `Distributing`, …"""
    message: str

    @property
    def goes_on(self) -> bool:
        """Whether it isn't over."""
        return self.state in _GOES_ON


def last_run(template: Mapping[str, Any]) -> Run:
    """The last run, from ARM's body of a template."""
    status = (template.get("properties") or {}).get("lastRunStatus") or {}
    return Run(str(status.get("runState") or ""), str(status.get("runSubState") or ""), str(status.get("message") or ""))


def build(arm: "Arm", wanted: Mapping[str, Any], report: Callable[[str], None], stop: threading.Event) -> str:
    """Sees to it that the version is there. *wanted*: `id` (of the version), `template` (id), `body` (the version's location, tags and publishing). Raises `ImageError`."""
    artifact = Artifact(wanted["id"], wanted["body"])
    if usable(arm, artifact, report, stop) is not None:
        return ensure(arm, artifact, report, stop)
    template = accepted(arm, wanted["template"], report, stop)
    failed = _run(arm, template, report, stop)
    found = settled(arm, artifact.id, GALLERY_API_VERSION, report, stop)
    if is_lost(found):
        # It is no image, and the log says why. The next update deletes it.
        found = None
    # A run whose validation failed has failed, also where the image is distributed even so.
    if failed is not None and (found is None or not distributed_even_so(template)):
        raise ImageError(failed)
    if found is None or (found.get("tags") or {}).get(CONTENT_TAG) != wanted["body"]["tags"][CONTENT_TAG]:
        raise ImageError(f"the build ended well, and {artifact.name} is not what it made. Run the update again.")
    # What a template can't say of a version: its end of life, and what is excluded in a region.
    ensure(arm, artifact, report, stop)
    if failed is not None:
        return Doubtful(f"built {artifact.name}, as validation.continueOnFailure wants it, although\n{failed}")
    return f"built {artifact.name}"


def distributed_even_so(template: Mapping[str, Any]) -> bool:
    """Whether a template (ARM's body) has its image distributed when the validation has failed. Pure."""
    return bool(((template.get("properties") or {}).get("validate") or {}).get("continueDistributeOnFailure"))


def _run(arm: "Arm", template: Mapping[str, Any], report: Callable[[str], None], stop: threading.Event) -> str | None:
    """Runs the template and waits for it; gives why it failed, or None."""
    template_id, name = str(template["id"]), str(template["name"])
    operation = _begin(arm, template, report, stop)
    while True:
        error = None
        if operation is not None:
            answer = arm.operation(operation)
            error, operation = answer.error, None if answer.over else operation
        template = arm.get(template_id, TEMPLATE_API_VERSION)
        run = last_run(template)
        if operation is None and not run.goes_on:
            break
        report(f"build {name}: {(run.step or run.state or 'Queued').lower()}")
        wait(arm, stop)
    if run.state == "Succeeded" and error is None:
        return None
    return failure(name, run, error, last_lines(arm, template))


def _begin(arm: "Arm", template: Mapping[str, Any], report: Callable[[str], None], stop: threading.Event) -> str | None:
    """Begins a run; gives its operation, None where one goes on already: it is the one to wait for (autoRun, or an update that was killed)."""
    until = arm.now + AUTO_RUN_BEGINS
    while runs_by_itself(template) and not last_run(template).state and arm.now < until:
        report(f"build {template['name']}: begins by itself")
        wait(arm, stop)
        template = arm.get(str(template["id"]), TEMPLATE_API_VERSION)
    return None if last_run(template).goes_on else arm.post(f"{template['id']}/run", None, TEMPLATE_API_VERSION)


def runs_by_itself(template: Mapping[str, Any]) -> bool:
    """Whether Azure begins the first build of a template (ARM's body) when it has taken it in. Pure."""
    return ((template.get("properties") or {}).get("autoRun") or {}).get("state") == "Enabled"


def auto_run(template: Mapping[str, Any] | None, version: Chosen) -> dict[str, Any] | None:
    """The `autoRun` of a template: as it has it (ARM's body) where it is there, since it can't be changed; of a new one only where there is no version of its recipe, for
    nobody would wait for its build. Pure."""
    wanted = not version.there if template is None else runs_by_itself(template)
    return {"state": "Enabled"} if wanted else None


def failure(name: str, run: Run, error: str | None, log: list[str]) -> str:
    """Why a build failed, and what to do. Pure."""
    lines = [f"the build {name} ended as {run.state or 'Failed'}: {run.message or error or 'Image Builder gives no reason'}"]
    if log:
        lines += ["The last lines of its log:", *(f"    {line}" for line in log)]
    lines.append("Next: mend the step, then `pulumi up`: an edited recipe is built anew, the same one is run once more.")
    return "\n".join(lines)


def foreseen(arm: "Arm", subject: str, wanted: Mapping[str, Any], ignored: Sequence[str]) -> str:
    """What `up` does about a build. Raises ValueError with all that hinders it."""
    artifact = Artifact(wanted["id"], wanted["body"])
    there = of_present(arm, subject, artifact, ignored)
    if there is not None:
        return f"{there}; nothing is built"
    # A template's name is of all that is in it, of which something (an identity, a file's address) may not be known yet.
    by = f" by {wanted['template'].rpartition('/')[2]}" if isinstance(wanted["template"], str) else ""
    return f"{artifact.name} will be built{by} of {wanted['base']}"
