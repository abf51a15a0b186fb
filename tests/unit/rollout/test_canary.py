"""When the others may follow the canary."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from azure_scaleset.rollout.canary import Canary
from azure_scaleset.rollout.instance import Health, Instance

START = datetime(2026, 1, 1, tzinfo=UTC)
WELL = Instance("0", "web_0", None, 0, True, "Succeeded", "running", Health.HEALTHY, False, None, None)
ILL = replace(WELL, health=Health.UNHEALTHY)


def verdicts(pause: float, *looks: Instance | None) -> list[bool]:
    """Whether it had passed, at looks a minute apart."""
    canary, found = Canary(pause), []
    canary.begin("0")
    for minute, seen in enumerate(looks):
        now = START + timedelta(minutes=minute)
        canary.look([] if seen is None else [seen], now)
        found.append(canary.passed(now))
    return found


def test_pause_begins_when_it_is_healthy() -> None:
    """Not when it was changed."""
    assert verdicts(120, ILL, ILL, WELL, WELL, WELL) == [False, False, False, False, True]


def test_pause_begins_anew_after_an_illness() -> None:
    """It must have been healthy all the time."""
    assert verdicts(120, WELL, ILL, WELL, WELL, WELL) == [False, False, False, False, True]


def test_canary_that_is_gone() -> None:
    """Nobody is watched: the plan chooses another one."""
    assert verdicts(120, WELL, None) == [False, True]


def test_no_pause() -> None:
    """Nothing to wait for but its health, which is waited for anyway."""
    assert verdicts(0, ILL) == [True]
