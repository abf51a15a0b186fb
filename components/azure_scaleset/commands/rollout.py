"""`scaleset rollout`: brings the instances to the model."""

import functools
import shlex
from dataclasses import dataclass
from typing import Annotated

import typer

from azure_scaleset.commands import forecast, interrupt, options, printing
from azure_scaleset.commands.connection import connect, wanted
from azure_scaleset.commands.failure import CommandError
from azure_scaleset.commands.next_steps import next_steps
from azure_scaleset.commands.progress_bar import progress_bar
from azure_scaleset.commands.result import exit_code, look, tell
from azure_scaleset.commands.target import Target
from azure_scaleset.rollout.drive import Rollout
from azure_scaleset.rollout.gate import DEFAULT_MAX_UNAVAILABLE
from azure_scaleset.rollout.pace import Cancelled
from azure_scaleset.rollout.policy import Drain, Policy, Reimage, count_of
from azure_scaleset.rollout.scale_set import LiveScaleSet

_Batch = Annotated[str, typer.Option("--batch", "-b", metavar="N|N%", help="At most so many instances out of service at a time.")]
_OneAtATime = Annotated[bool, typer.Option("--one-at-a-time", help="The same as --batch 1.")]
_Canary = Annotated[bool, typer.Option("--canary", help="One instance goes first, alone.")]
_CanaryPause = Annotated[int, typer.Option(min=0, help="Seconds that it must stay healthy before the others follow.")]
_Drain = Annotated[
    str | None,
    typer.Option(
        "--drain", metavar="COMMAND", help="Runs on an instance before it is changed, and makes its health probe fail.", show_default=False
    ),
]
_Undrain = Annotated[
    str | None,
    typer.Option("--undrain", metavar="COMMAND", help="Runs after, and puts it back where the change doesn't.", show_default=False),
]
_DrainSeconds = Annotated[int, typer.Option(min=0, help="Seconds that requests may go on after it is out of rotation.")]
_DryRun = Annotated[bool, typer.Option("--dry-run", help="Show the batches, change nothing.")]


@dataclass(frozen=True)
class Wish:
    """How the rollout is to go, as the words say it."""

    batch: str = DEFAULT_MAX_UNAVAILABLE
    one_at_a_time: bool = False
    canary: bool = False
    canary_pause: int = 0
    """Seconds."""
    reimage: bool = True
    timeout: int = 90
    """Minutes."""
    health_timeout: int = 15
    """Minutes."""
    drain: str | None = None
    undrain: str | None = None
    drain_seconds: int = 30


def rollout(
    scale_set: options.ScaleSet = None,
    resource_id: options.Id = None,
    stack: options.Stack = None,
    group: options.Group = None,
    name: options.Name = None,
    batch: _Batch = DEFAULT_MAX_UNAVAILABLE,
    one_at_a_time: _OneAtATime = False,
    canary: _Canary = False,
    canary_pause: _CanaryPause = 0,
    drain: _Drain = None,
    undrain: _Undrain = None,
    drain_seconds: _DrainSeconds = 30,
    reimage: options.Reimaging = True,
    timeout: options.Timeout = 90,
    health_timeout: options.HealthTimeout = 15,
    dry_run: _DryRun = False,
    output: options.Output = options.Format.TABLE,
) -> int:
    """Brings the instances to the model, batch by batch, each healthy before the next. Running it again goes on where it stopped.

    Ctrl-C stops it after the current call.
    """
    target = options.target(scale_set, resource_id, stack, group, name)
    wish = Wish(batch, one_at_a_time, canary, canary_pause, reimage, timeout, health_timeout, drain, undrain, drain_seconds)
    listener = interrupt.Interrupt()
    live = connect(target, functools.partial(interrupt.InterruptibleArm, listener))
    model = live.model()
    policy = policy_of(wish, int((model.get("sku") or {}).get("capacity") or 0))
    mode = (model.get("properties", {}).get("upgradePolicy") or {}).get("mode")
    if drain and mode == "Rolling":
        raise CommandError(
            "--drain was given, and the scale set is in upgrade mode Rolling: there Azure changes instances itself, undrained. Leave --drain out, or set the "
            "upgrade mode Manual."
        )
    if dry_run:
        return _show(live, policy, mode, output)
    with listener.listening():
        try:
            with progress_bar() as report:
                verdict = Rollout(live, wanted(model), policy, report, listener.stop).run()
        except Cancelled:
            printing.complain(
                f"Stopped. What is being changed now goes on in Azure; the others stay as they are. Next: {again(target, wish)}"
            )
            return interrupt.EXIT_CODE
    tell(verdict, live, output, next_steps(target, again(target, wish)))
    return exit_code(verdict)


def policy_of(wish: Wish, instances: int) -> Policy:
    """The policy for a scale set of so many instances. Raises `CommandError` for what is no number of instances."""
    if wish.one_at_a_time and wish.batch != DEFAULT_MAX_UNAVAILABLE:
        raise CommandError(f"--batch {wish.batch} and --one-at-a-time were given. Expected one of them.")
    if wish.canary_pause and not wish.canary:
        raise CommandError(f"--canary-pause {wish.canary_pause} was given without --canary. Expected both, or neither.")
    if wish.drain is None and (wish.undrain is not None or wish.drain_seconds != Wish.drain_seconds):
        raise CommandError("--undrain or --drain-seconds was given without --drain. Expected --drain COMMAND with them.")
    if wish.drain is not None and not wish.drain.strip():
        raise CommandError("--drain is empty. Expected a command that makes the health probe of the application fail.")
    try:
        count = 1 if wish.one_at_a_time else count_of(wish.batch, instances)
    except ValueError:
        raise CommandError(f"--batch is {wish.batch!r}. Expected a number of instances, as 2, or a percentage of them, as 20%.") from None
    return Policy(
        max_unavailable=count,
        canary=wish.canary,
        canary_pause=wish.canary_pause,
        drain=Drain(wish.drain, wish.undrain, wish.drain_seconds) if wish.drain is not None else None,
        reimage=Reimage.WHEN_NEEDED if wish.reimage else Reimage.NEVER,
        timeout=60 * wish.timeout,
        health_timeout=60 * wish.health_timeout,
    )


def again(target: Target, wish: Wish) -> str:
    """The command that goes on with the rollout, the same way."""
    words = ["scaleset rollout", target.words]
    words += [f"--batch {wish.batch}"] if wish.batch != DEFAULT_MAX_UNAVAILABLE else []
    words += ["--one-at-a-time"] * wish.one_at_a_time + ["--canary"] * wish.canary + ["--no-reimage"] * (not wish.reimage)
    words += [
        f"{option} {shlex.quote(text)}" for option, text in (("--drain", wish.drain), ("--undrain", wish.undrain)) if text is not None
    ]
    words += [
        f"{option} {value}"
        for option, value, default in (
            ("--canary-pause", wish.canary_pause, Wish.canary_pause),
            ("--drain-seconds", wish.drain_seconds, Wish.drain_seconds),
            ("--timeout", wish.timeout, Wish.timeout),
            ("--health-timeout", wish.health_timeout, Wish.health_timeout),
        )
        if value != default
    ]
    return " ".join(words)


def _show(live: LiveScaleSet, policy: Policy, mode: str | None, output: options.Format) -> int:
    verdict = look(live, policy)
    plan = forecast.steps(verdict.instances, verdict.wanted, policy)
    fewest = forecast.lower_bound(verdict.instances, verdict.wanted, policy)
    if output is options.Format.JSON:
        numbers = {"upgradeMode": mode, "maxUnavailable": policy.max_unavailable, "fewestBatches": fewest}
        printing.document({"scaleSet": live.id, **numbers, "batches": forecast.document(plan)})
        return 0
    if not plan:
        printing.line("Every instance runs the model: nothing to do.")
        return 0
    printing.table(forecast.table(plan))
    printing.line(conclusion(len(plan), fewest, policy))
    if mode == "Rolling":
        printing.line(
            "In upgrade mode Rolling Azure makes batches of its own, by the scale set's rolling policy; these are for what it leaves."
        )
    return 0


def conclusion(steps: int, fewest: int, policy: Policy) -> str:
    """The line below the batches. *fewest*: the lower bound for what is out of date; there is none where the steps are only for instances that failed."""
    limit = f"at most {_counted(policy.max_unavailable, 'instance')} out of service at a time"
    bound = f"; no plan has fewer than {_counted(fewest, 'batch')}" if fewest else ""
    return f"{_counted(steps, 'step')}, {limit}{bound}. Nothing was changed."


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}{'es' if noun.endswith('ch') else 's'}"
