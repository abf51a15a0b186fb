"""A release that is under way: its steps, and the way back."""

import shlex
from dataclasses import dataclass

from azure_scaleset.commands import interrupt, printing
from azure_scaleset.commands.failure import CommandError, refusal
from azure_scaleset.commands.result import look
from azure_scaleset.commands.staged import checks, story
from azure_scaleset.commands.staged.guard import refuse_other_changes
from azure_scaleset.commands.staged.plan import Plan, Step
from azure_scaleset.commands.staged.session import Session
from azure_scaleset.commands.staged.watch import Watch
from azure_scaleset.commands.wait import watch as wait_for
from azure_scaleset.rollout.arm import ArmError
from azure_scaleset.rollout.pace import Cancelled
from azure_scaleset.rollout.policy import Policy, count_of
from azure_scaleset.rollout.verdict import explain, summary
from azure_scaleset.staged_arguments import Idle

CONVERGENCE_SECONDS = 30
"""So long after a write a balancer may still send new requests to the old slot (T19). The drain begins then."""


@dataclass(frozen=True)
class How:
    """How the steps are carried out, as the words say it."""

    test_url: str | None
    expect_status: int
    expect_body: str | None
    test_command: str | None
    watch: int
    watch_command: str | None
    max_unhealthy: str
    drain: int | None
    rest: Idle


def tolerated(text: str, instances: int) -> int:
    """How many ill instances `--max-unhealthy` tolerates among so many. Raises ValueError for what is no number of instances."""
    return 0 if text.strip().rstrip("%") == "0" else count_of(text, instances)


class Release:
    """A release that is under way."""

    def __init__(self, session: Session, planned: Plan, how: How, drain: int, told: story.Story) -> None:
        self._session, self._plan, self._how, self._drain, self._story = session, planned, how, drain, told
        self._to = planned.to

    def run(self) -> int:
        """Takes the steps; gives the exit code."""
        steps = {
            Step.SETTLE: self._settle,
            Step.DEPLOY: self._deploy,
            Step.TEST: self._test,
            Step.SWITCH: self._switch,
            Step.WATCH: self._watch,
            Step.DRAIN: self._let_drain,
            Step.REST: self._rest,
        }
        try:
            for step in self._plan.steps:
                self._session.stop_if_asked()
                problem = steps[step]()
                self._story.ended("failed" if problem else "done")
                if problem and step in (Step.SWITCH, Step.WATCH, Step.DRAIN) and self._session.production().slot is self._to:
                    return self._go_back(problem)
                if problem:
                    return self._failed(step, problem)
            return self._story.end(self._session.production().slot, None, self._left_to_do())
        except Cancelled:
            printing.complain(f"Stopped. {self._where()} To go on: the same command again, scaleset release {self._session.again} …")
            return interrupt.EXIT_CODE
        except ArmError as error:
            raise CommandError(f"{refusal(error)} {self._where_it_was()} Next: the same command again, which goes on there.") from None

    def _settle(self) -> str | None:
        active = self._session.settings.active
        self._story.begins(Step.SETTLE, f"production to {active.value}")
        done = self._session.up(f"scaleset release: production to {active.value}", active)
        if done and Step.DEPLOY in self._plan.steps:
            refuse_other_changes(self._session.preview(self._plan.deploy), self._session.state, self._to)
        return None if done else "the update failed: see above."

    def _deploy(self) -> str | None:
        self._story.begins(Step.DEPLOY, f"{self._to.value} gets {'; '.join(map(str, self._plan.deploy)) or 'what the stack file has'}")
        self._session.write(self._plan.deploy)
        done = self._session.up(f"scaleset release: deploy {self._to.value}", self._session.settings.active)
        return None if done else "the update failed: see above."

    def _test(self) -> str | None:
        self._story.begins(Step.TEST, self._to.value)
        live = self._session.scale_set(self._to)
        # An update that doesn't wait for its instances (`rollout.wait: false`) leaves that to this.
        verdict = wait_for(live, Policy(), lambda progress: self._story.progress(progress.message))
        if not verdict.done:
            return explain(verdict, live.name, [f"All that they wrote: scaleset logs --id {live.id}"])
        if not verdict.present:
            return f"{live.name} has no instance."
        self._story.progress(summary(verdict))
        if self._how.test_url:
            url = checks.fill(self._how.test_url, self._to, self._session.state.addresses.get(self._to))
            problem = checks.problem_of_url(checks.Expected(url, self._how.expect_status, self._how.expect_body), pause=self._session.pause)
            if problem:
                return problem
            self._story.progress(f"{url} answers as expected")
        return self._problem_of(self._how.test_command)

    def _switch(self) -> str | None:
        old = self._to.other
        self._story.begins(Step.SWITCH, f"{old.value} -> {self._to.value}")
        done = self._session.switch(f"scaleset release: switch to {self._to.value}", self._to)
        return None if done else "the switch was refused or failed: see above."

    def _watch(self) -> str | None:
        self._story.begins(Step.WATCH, f"{self._to.value} for {self._how.watch} s")
        if not self._session.follow("scaleset release: autoscale follows"):
            return "the update that lets autoscale follow failed: see above."
        return self._watched(self._how.watch)

    def _let_drain(self) -> str | None:
        left = self._drain + CONVERGENCE_SECONDS - self._how.watch
        self._story.begins(Step.DRAIN, f"{self._to.other.value} for {max(left, 0)} s more")
        return self._watched(left) if left > 0 else None

    def _watched(self, seconds: float) -> str | None:
        live = self._session.scale_set(self._to)
        count = len(look(live, Policy()).present)
        return Watch(
            live,
            tolerated(self._how.max_unhealthy, count),
            lambda: self._problem_of(self._how.watch_command),
            lambda verdict, left: self._story.progress(f"{verdict.serving} of {len(verdict.present)} serve, {left:.0f} s to go"),
        ).run(seconds)

    def _rest(self) -> str | None:
        self._story.begins(Step.REST, f"{self._to.other.value}: {self._how.rest.value}")
        self._session.write(self._session.settings.changes(idle=self._how.rest))
        done = self._session.up(f"scaleset release: {self._how.rest.value} {self._to.other.value}", self._to)
        return None if done else "the last update failed: see above."

    def _go_back(self, problem: str) -> int:
        old = self._to.other
        self._story.begins(Step.SWITCH, f"back to {old.value}: {problem}")
        done = self._back()
        if not done and self._session.state.autoscaled:
            # Autoscale has made the new slot stronger than the one that is to take over again.
            self._session.write(self._session.settings.changes(active=self._to))
            done = self._session.follow(f"scaleset release: {old.value} as strong as {self._to.value}") and self._back()
        self._story.ended("done" if done else "failed")
        if done:
            return self._story.end(
                old,
                f"{problem}. Production is back on {old.value}.",
                [
                    f"{self._to.value} is still there, to be looked at: scaleset status {self._of_slot()}. Next: mend it, and the same command again."
                ],
            )
        again = (
            f"scaleset swap --to {old.value} {self._session.again}" if self._session.state.elsewhere else f"pulumi up {self._session.named}"
        )
        return self._story.end(
            self._session.production().slot,
            f"{problem}. Going back to {old.value} failed: see above.",
            [f"Next: mend what is said there, then {again}"],
        )

    def _back(self) -> bool:
        old = self._to.other
        self._session.write(self._session.settings.changes(active=old))
        return self._session.up(f"scaleset release: back to {old.value}", old)

    def _failed(self, step: Step, problem: str) -> int:
        live = self._session.production().slot
        if step is Step.REST:
            return self._story.end(
                live, problem, [f"The version is released; {self._to.other.value} is as it was. Next: the same command again."]
            )
        steps = (
            [f"Production is as it was. All that they wrote: scaleset logs {self._of_slot()}"]
            if self._to in self._session.state.scale_sets
            else []
        )
        return self._story.end(live, problem, [*steps, "Next: mend the cause, and the same command again: it goes on where it stopped."])

    def _left_to_do(self) -> list[str]:
        old = self._to.other.value
        back = (
            f"scaleset swap {self._session.again}" if self._how.rest is Idle.KEEP else f"scaleset release --to {old} {self._session.again}"
        )
        return [f"To go back: {back}", f"Next: commit {shlex.quote(self._session.file.name)}, which says what is deployed now."]

    def _problem_of(self, command: str | None) -> str | None:
        problem = checks.problem_of_command(command, self._told()) if command else None
        # Ctrl-C ends the command, too: that says nothing about the version.
        self._session.stop_if_asked()
        return problem

    def _told(self) -> dict[str, str]:
        return {"SLOT": self._to.value, "ADDRESS": self._session.state.addresses.get(self._to, "")}

    def _of_slot(self) -> str:
        return f"--stack {self._session.stack} --name {self._session.state.name}-{self._to.value}"

    def _where(self) -> str:
        live = self._session.production().slot
        return f"{live.value} serves production." if live else "No rule leads to a slot."

    def _where_it_was(self) -> str:
        return f"The release stopped in its step {self._story.steps[-1]['step'] if self._story.steps else 'settle'}."
