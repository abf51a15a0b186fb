"""`scaleset status`: what each instance runs, and how it is."""

from typing import Any

from azure_scaleset.commands import instance_record, options, printing
from azure_scaleset.commands.connection import connect, wanted
from azure_scaleset.rollout.policy import Policy
from azure_scaleset.rollout.scale_set import LiveScaleSet
from azure_scaleset.rollout.verdict import Verdict, summary


def status(
    scale_set: options.ScaleSet = None,
    resource_id: options.Id = None,
    stack: options.Stack = None,
    group: options.Group = None,
    name: options.Name = None,
    output: options.Output = options.Format.TABLE,
) -> int:
    """Shows the instances: model, health, power, image, last extension run. Exit code 1 when one is out of date, failed or unhealthy."""
    target = options.target(scale_set, resource_id, stack, group, name)
    live = connect(target)
    verdict = look(live, live.model(), Policy())
    code = exit_code(verdict)
    if output is options.Format.JSON:
        printing.document(body(verdict, live))
        return code
    if verdict.instances:
        printing.say(instance_record.table(instance_record.records(verdict)))
    printing.say(f"{summary(verdict)}." + (f" Next: scaleset rollout {target.words}" if _outdated(verdict) else ""))
    failed = [each.id for each in verdict.present if each.failed]
    if failed:
        printing.say(f"What they wrote: scaleset logs {target.words}")
    return code


def look(live: LiveScaleSet, model: dict[str, Any], policy: Policy) -> Verdict:
    """How the instances are now: done when all that count run the model and serve."""
    asked = wanted(model)
    seen = Verdict(False, "", tuple(live.instances(disks=asked.os_since is not None)), asked, policy)
    return Verdict(_good(seen), "", seen.instances, asked, policy)


def exit_code(verdict: Verdict) -> int:
    """0 when every instance that counts runs the model and serves, else 1."""
    return 0 if verdict.done else 1


def body(verdict: Verdict, live: LiveScaleSet) -> dict[str, Any]:
    """The document of `--output json`, which the commands that end with a verdict share."""
    since = verdict.wanted.os_since
    return {
        "scaleSet": live.id,
        "osDisksSince": since.isoformat() if since else None,
        "done": verdict.done,
        "reason": verdict.reason or None,
        "count": {
            "instances": len(verdict.present),
            "current": len(verdict.current),
            "serving": verdict.serving,
            "leftAlone": len(verdict.instances) - len(verdict.present),
        },
        "repairsSuspended": verdict.repairs_suspended,
        "instances": instance_record.records(verdict),
    }


def _good(verdict: Verdict) -> bool:
    return len(verdict.current) == len(verdict.present) == verdict.serving


def _outdated(verdict: Verdict) -> bool:
    return len(verdict.current) < len(verdict.present)
