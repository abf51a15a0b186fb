"""Watching a slot in production: how its instances are, look after look."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from azure_scaleset.commands.result import look
from azure_scaleset.rollout.instance import Health, Instance
from azure_scaleset.rollout.policy import Policy
from azure_scaleset.rollout.scale_set import LiveScaleSet
from azure_scaleset.rollout.verdict import Verdict, state

_CHECK_SECONDS = 30
"""Between two runs of a check, by Azure's clock."""


@dataclass
class Watch:
    """One period of watching."""

    live: LiveScaleSet
    tolerated: int
    """So many instances may be ill."""
    check: Callable[[], str | None]
    """What else must hold: gives what is wrong, or None."""
    report: Callable[[Verdict, float], None]
    """Hears each look, with the seconds that are left."""
    _ill: set[str] = field(default_factory=set)
    _checked: datetime | None = None

    def run(self, seconds: float) -> str | None:
        """Looks for so long, by Azure's clock; gives what is wrong as soon as something is, or None."""
        verdict = look(self.live, Policy())
        until = self.live.arm.now + timedelta(seconds=seconds)
        while True:
            problem = self._problem(verdict) or self._problem_of_check()
            left = (until - self.live.arm.now).total_seconds()
            if problem or left <= 0:
                return problem
            self.report(verdict, left)
            self.live.arm.pause()
            verdict = look(self.live, Policy())

    def _problem(self, verdict: Verdict) -> str | None:
        """Nobody serves, or too many instances were ill at two looks in a row: one look may meet a passing moment."""
        now = {each.id for each in verdict.present if is_ill(each)}
        stayed, self._ill = self._ill & now, now
        total = len(verdict.present)
        if not any(each.in_rotation for each in verdict.present):
            return f"none of {total} instances serves: {_states(verdict, {each.id for each in verdict.present})}"
        if len(stayed) > self.tolerated:
            return f"{len(stayed)} of {total} instances are ill: {_states(verdict, stayed)}"
        return None

    def _problem_of_check(self) -> str | None:
        now = self.live.arm.now
        if self._checked is not None and now < self._checked + timedelta(seconds=_CHECK_SECONDS):
            return None
        self._checked = now
        return self.check()


def is_ill(instance: Instance) -> bool:
    """Whether an instance is reported as unhealthy, or its last change failed. One that is being made or changed is neither."""
    return not instance.busy and (instance.failed or instance.health is Health.UNHEALTHY)


def _states(verdict: Verdict, ids: Collection[str]) -> str:
    words = [f"{each.id} ({state(each)})" for each in sorted(verdict.present, key=lambda each: each.order) if each.id in ids]
    return f"{', '.join(words[:5])}{' …' if len(words) > 5 else ''}"
