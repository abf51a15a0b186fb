"""What the commands that end with a verdict share: the look at the instances, the exit code, the document, the story."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from azure_scaleset.commands import instance_record, printing
from azure_scaleset.commands.connection import wanted
from azure_scaleset.commands.options import Format
from azure_scaleset.rollout import repairs
from azure_scaleset.rollout.plan import missing
from azure_scaleset.rollout.policy import Policy, Reimage
from azure_scaleset.rollout.scale_set import LiveScaleSet
from azure_scaleset.rollout.verdict import Verdict, explain, summary


def look(live: LiveScaleSet, policy: Policy) -> Verdict:
    """How the instances are now: done when all that count run the model and serve."""
    model = live.model()
    asked = wanted(model)
    with_disks = asked.os_since is not None and policy.reimage is Reimage.WHEN_NEEDED
    found = tuple(live.instances(disks=with_disks))
    return judged(Verdict(False, "", found, asked, policy, missing=missing(model, found)))


def with_repairs(seen: Verdict, live: LiveScaleSet) -> Verdict:
    """The verdict with whether automatic repairs are suspended, by this command or another one before."""
    return replace(seen, repairs_suspended=repairs.enabled(live.model()) and repairs.suspended(live))


def judged(seen: Verdict) -> Verdict:
    """The verdict with `done` as its instances say."""
    return replace(seen, done=len(seen.current) == len(seen.present) == seen.serving and not seen.missing)


def exit_code(verdict: Verdict) -> int:
    """0 when every instance that counts runs the model and serves, else 1."""
    return 0 if verdict.done else 1


def document(verdict: Verdict, scale_set_id: str) -> dict[str, Any]:
    """The verdict for `--output json`, as docs/commands.md describes it."""
    since = verdict.wanted.os_since
    return {
        "scaleSet": scale_set_id,
        "done": verdict.done,
        "reason": verdict.reason or None,
        "instanceCount": len(verdict.present),
        "currentCount": len(verdict.current),
        "servingCount": verdict.serving,
        "missingCount": verdict.missing,
        "repairsSuspended": verdict.repairs_suspended,
        "repairsRefusal": verdict.repairs_refusal or None,
        "osDisksSince": since.isoformat() if since else None,
        "instances": instance_record.records(verdict),
    }


def tell(verdict: Verdict, live: LiveScaleSet, output: Format, next_steps: Sequence[str], did: str = "The rollout of") -> None:
    """Prints what came of a rollout. *next_steps*: what can be done after one that failed. *did*: as of `explain`."""
    if output is Format.JSON:
        printing.document(document(verdict, live.id))
    else:
        printing.line(f"{summary(verdict)}." if verdict.done else explain(verdict, live.name, next_steps, did))
