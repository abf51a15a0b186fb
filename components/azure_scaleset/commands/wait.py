"""`scaleset wait`: waits till all instances run the model and are healthy."""

import functools
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from azure_scaleset.commands import interrupt, options, printing
from azure_scaleset.commands.connection import connect
from azure_scaleset.commands.next_steps import next_steps
from azure_scaleset.commands.progress_bar import progress_bar
from azure_scaleset.commands.result import exit_code, look, tell, with_repairs
from azure_scaleset.commands.target import Target
from azure_scaleset.rollout.pace import Cancelled
from azure_scaleset.rollout.plan import outdated
from azure_scaleset.rollout.policy import Policy, Reimage
from azure_scaleset.rollout.progress import Progress
from azure_scaleset.rollout.scale_set import LiveScaleSet
from azure_scaleset.rollout.verdict import NOT_MADE, Verdict, state


def wait(
    scale_set: options.ScaleSet = None,
    resource_id: options.Id = None,
    stack: options.Stack = None,
    group: options.Group = None,
    name: options.Name = None,
    reimage: options.Reimaging = True,
    timeout: options.Timeout = 90,
    output: options.Output = options.Format.TABLE,
) -> int:
    """Waits till all instances run the model and are healthy, or one of them failed on it. Changes nothing."""
    target = options.target(scale_set, resource_id, stack, group, name)
    listener = interrupt.Interrupt()
    live = connect(target, functools.partial(interrupt.InterruptibleArm, listener))
    policy = Policy(reimage=Reimage.WHEN_NEEDED if reimage else Reimage.NEVER, timeout=60 * timeout)
    with listener.listening():
        try:
            with progress_bar() as report:
                verdict = with_repairs(watch(live, policy, report), live)
        except Cancelled:
            printing.complain(f"Stopped waiting. Next: scaleset wait {target.words}")
            return interrupt.EXIT_CODE
    tell(verdict, live, output, steps_after(verdict, target), "Waiting for")
    return exit_code(verdict)


def steps_after(verdict: Verdict, target: Target) -> list[str]:
    """What can be done when waiting was of no use: other things where instances failed on the model than where nobody brings it to them."""
    command = f"scaleset rollout {target.words}"
    if failure(verdict):
        return next_steps(target, command)
    if len(verdict.current) < len(verdict.present):
        return [f"Next: {command}, which brings the instances to the model."]
    if verdict.missing and verdict.serving == len(verdict.present):
        return [f"Instances are missing: {NOT_MADE}", f"Then: scaleset wait {target.words}"]
    return [f"Next: scaleset status {target.words}"]


def watch(live: LiveScaleSet, policy: Policy, report: Callable[[Progress], None]) -> Verdict:
    """Looks till it is done, failed or late, by Azure's clock."""
    verdict = look(live, policy)
    deadline = live.arm.now + timedelta(seconds=policy.timeout)
    said = ""
    while not verdict.done:
        reason = failure(verdict)
        if not reason and live.arm.now > deadline:
            reason = f"it took longer than {policy.timeout / 60:.0f} minutes (--timeout)."
        if reason:
            return replace(verdict, reason=reason)
        message = waiting_for(verdict)
        if message != said:
            said = message
            report(Progress(sum(each.serves for each in verdict.current), len(verdict.present), message))
        live.arm.pause()
        verdict = look(live, policy)
    return verdict


def failure(verdict: Verdict) -> str:
    """Why waiting is of no use: instances that failed on the very model that is wanted. Empty when there are none."""
    failed = [each.id for each in verdict.current if each.failed and not each.busy]
    return f"instance{'s' if len(failed) > 1 else ''} {', '.join(failed)} failed." if failed else ""


def waiting_for(verdict: Verdict) -> str:
    """Who is not there yet, and why; the first five."""
    words = [
        f"{each.id} ({'out of date' if outdated(each, verdict.wanted, verdict.policy) else state(each)})"
        for each in sorted(verdict.present, key=lambda each: each.order)
        if not each.serves or outdated(each, verdict.wanted, verdict.policy)
    ]
    words += [f"{verdict.missing} that Azure has yet to make"] if verdict.missing else []
    return f"waiting for {', '.join(words[:5])}{' …' if len(words) > 5 else ''}"
