"""What came of a rollout, and how it is told."""

from collections.abc import Sequence
from dataclasses import dataclass

from azure_scaleset.rollout.instance import Instance
from azure_scaleset.rollout.plan import Wanted, outdated
from azure_scaleset.rollout.policy import Policy

NOT_MADE = (
    "Azure could not make them (a quota, no room in the region or zone, a policy): the activity log of the scale set says why. It tries again when the set is "
    "written: once the cause is mended, `az vmss update`."
)
"""Why instances are missing, and what brings them."""


@dataclass(frozen=True)
class Verdict:
    """What came of a rollout."""

    done: bool
    """Every instance that is not excluded runs the model and serves, and none is missing."""
    reason: str
    """Why it stopped; empty when it is done."""
    instances: tuple[Instance, ...]
    """As they were seen last."""
    wanted: Wanted
    policy: Policy
    repairs_suspended: bool = False
    """Automatic repairs were suspended: they would make instances of a model that has just failed (T9)."""
    missing: int = 0
    """So many instances are to be there and are not."""
    repairs_refusal: str = ""
    """Why automatic repairs could be neither suspended nor resumed; empty when that was not tried, or done."""

    @property
    def present(self) -> list[Instance]:
        """The instances that count."""
        return [instance for instance in self.instances if not instance.excluded]

    @property
    def current(self) -> list[Instance]:
        """Those with the new model."""
        return [instance for instance in self.present if not outdated(instance, self.wanted, self.policy)]

    @property
    def serving(self) -> int:
        """How many serve."""
        return sum(instance.serves for instance in self.present)


def summary(verdict: Verdict) -> str:
    """One line: how many run the model, how many serve, who is left alone."""
    total = len(verdict.present)
    line = f"{len(verdict.current)} of {total} instances run the model, {verdict.serving} of {total} serve"
    if verdict.missing:
        line += f"; {verdict.missing} more should be there"
    excluded = [f"{instance.id} ({instance.excluded})" for instance in verdict.instances if instance.excluded]
    return line + (f"; left alone: {', '.join(excluded)}" if excluded else "")


def explain(verdict: Verdict, name: str, next_steps: Sequence[str], did: str = "The rollout of") -> str:
    """The whole story of a rollout that failed: why, which instances and what they wrote, what serves, what a new instance would get, what to do. *did*: what stopped,
    if not a rollout."""
    lines = [f"{did} scale set {name} stopped: {verdict.reason}", f"  {summary(verdict)}."]
    for instance in sorted(verdict.present, key=lambda each: each.order):
        if not instance.serves:
            lines += [f"  instance {_place(instance)}: {state(instance)}", *_output(instance)]
    failed = any(not instance.serves for instance in verdict.current)
    lines.append(f"  A new instance gets the new model{': a scale-out now makes more of what failed' if failed else ', too'}.")
    if verdict.repairs_suspended:
        lines.append("  Automatic repairs are suspended till a rollout succeeds: they would replace instances by the model that failed.")
    elif verdict.repairs_refusal and verdict.repairs_refusal not in verdict.reason:  # else they could not be resumed
        lines.append(
            f"  Automatic repairs could not be suspended ({verdict.repairs_refusal}): they may replace instances by the model that failed."
        )
    return "\n".join([*lines, *(f"  {step}" for step in next_steps)])


def refused(error: Exception, name: str, next_steps: Sequence[str]) -> str:
    """The story of a rollout that could not go on, since Azure refused a call or did not answer."""
    lines = [
        f"The rollout of scale set {name} stopped: {error}",
        "  What Azure is changing goes on: in mode Manual the other instances stay as they are, a rolling upgrade of Azure's own goes on to them (`scaleset cancel` ends it).",
        "  Automatic repairs are as they were.",
    ]
    return "\n".join([*lines, *(f"  {step}" for step in next_steps)])


def state(instance: Instance) -> str:
    """What is the matter with an instance, in a few words."""
    if instance.excluded:
        return instance.excluded
    words = [] if instance.provisioning == "Succeeded" else [f"provisioning state {instance.provisioning}"]
    words += [f"extension {extension.name} failed ({extension.code})" for extension in instance.extensions if extension.failed]
    if instance.power != "running":
        words.append(f"power state {instance.power}")
    if instance.health is not None and instance.health != "healthy":
        words.append(f"health {instance.health}")
    return ", ".join(words) or "serves"


def _place(instance: Instance) -> str:
    return instance.id + (f" (zone {instance.zone})" if instance.zone else "")


def _output(instance: Instance) -> list[str]:
    return [f"      {line}" for extension in instance.extensions if extension.failed for line in extension.last_lines]
