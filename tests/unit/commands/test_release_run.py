"""The steps of a release on a stack that only remembers: what each failure leads to, and a kill at every point followed by the same command."""

import contextlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from azure_scaleset.commands.staged import plan, story
from azure_scaleset.commands.staged.plan import Wish
from azure_scaleset.commands.staged.production import Production
from azure_scaleset.commands.staged.run import How, Release, tolerated
from azure_scaleset.commands.staged.session import Session
from azure_scaleset.commands.staged.settings import Change, Settings
from azure_scaleset.commands.staged.stack import StagedStack
from azure_scaleset.commands.staged.watch import Watch
from azure_scaleset.rollout.instance import Health, Instance
from azure_scaleset.staged_arguments import Idle, Slot
from tests.unit.commands.instances import instance

BLUE, GREEN = Slot.BLUE, Slot.GREEN
HOW = How(None, 200, None, None, 60, None, "0", 240, Idle.SHRINK)


class Killed(BaseException):
    """kill -9."""


class Clock:
    """Azure's time, which passes at each pause."""

    def __init__(self) -> None:
        self.now = datetime(2026, 1, 1, tzinfo=UTC)

    def pause(self) -> None:
        """Ten seconds."""
        self.now += timedelta(seconds=10)


@dataclass
class Set:
    """A scale set of healthy instances, or of `ill` ones from a time on."""

    arm: Clock
    id: str = "/web"
    name: str = "web"
    ill: Iterable[int] = ()
    ill_from: datetime | None = None

    def model(self) -> dict[str, Any]:
        """Nothing special."""
        return {}

    def instances(self, disks: bool = False) -> list[Instance]:
        """Two of them."""
        bad = self.ill_from is not None and self.arm.now >= self.ill_from
        return [instance(number, health=Health.UNHEALTHY if bad and number in self.ill else Health.HEALTHY) for number in range(2)]


@dataclass
class Fake:
    """A staged stack: the file, where production is, and what was done. `fails`: the number of the update that fails. `dies`: the number of the deed that is
    the last one; the update that it is has reached Azure or not, as `reached` says."""

    settings: Settings = field(
        default_factory=lambda: Settings("shop:", BLUE, Idle.SHRINK, {"blue": {"version": "1"}, "green": {"version": "1"}})
    )
    live: Slot = BLUE
    deeds: list[str] = field(default_factory=list)
    fails: int | None = None
    dies: int | None = None
    reached: bool = True
    arm: Clock = field(default_factory=Clock)
    sets: dict[Slot, Set] = field(default_factory=dict)
    stack: str = "prod"
    named: str = "--stack prod"
    again: str = "--stack prod"
    file: Path = Path("Pulumi.prod.yaml")
    state: StagedStack = field(default_factory=lambda: StagedStack("web", {}, {}, {GREEN: "/green", BLUE: "/blue"}))

    def production(self) -> Production:
        """What Azure says."""
        return Production(self.live, 240)

    def scale_set(self, slot: Slot) -> Set:
        """A slot's."""
        return self.sets.setdefault(slot, Set(self.arm))

    def write(self, changes: Sequence[Change]) -> None:
        """Writes the file, a setting at a time."""
        for each in changes:
            self._deed(str(each.path.removeprefix("shop:")) + f"={each.value}")
            key = each.path.removeprefix("shop:")
            if key == "active":
                self.settings = replace(self.settings, active=Slot(each.value))
            elif key == "idle":
                self.settings = replace(self.settings, idle=Idle(each.value))
            else:
                _, slot, name = key.split(".")
                own: Mapping[str, Any] = self.settings.slots[slot]
                self.settings = replace(self.settings, slots={**self.settings.slots, slot: {**own, name: each.value}})

    def up(self, message: str, active: Slot, switches: bool = False) -> bool:
        """Production goes where the file says. A switch with a slot that rests, or whose content isn't deployed, is refused by the component: here it is an error."""
        number = sum(each == "up" for each in self.deeds) + 1
        moves = self.live is not self.settings.active
        assert not (moves and self.settings.idle is not Idle.KEEP), "switched while a slot rests"
        try:
            self._deed("up")
        except Killed:
            self.live = self.settings.active if self.reached else self.live
            raise
        if number == self.fails:
            return False
        self.live = self.settings.active
        return True

    switch = Session.switch
    follow = Session.follow

    def preview(self, changes: Sequence[Change]) -> list[Mapping[str, Any]]:
        """Nothing that is not allowed."""
        return []

    def stop_if_asked(self) -> None:
        """Nobody asks."""

    def _deed(self, text: str) -> None:
        self.deeds.append(text)
        if self.dies is not None and len(self.deeds) > self.dies:
            raise Killed


def release(fake: Any, how: How = HOW) -> int:
    """The command: plans by what it finds, and carries it out."""
    planned = plan.make(fake.settings, fake.live, Wish({"version": "2"}, None, how.rest))
    return Release(fake, planned, how, how.drain or 240, story.Story("prod", planned.to, quiet_stdout=True)).run()


def told(capsys: pytest.CaptureFixture[str]) -> Any:
    """The document that it printed."""
    return json.loads(capsys.readouterr().out)


def test_all_steps_are_taken_in_order(capsys: pytest.CaptureFixture[str]) -> None:
    """Content and strength, then the switch, and after watch and drain the rest; each by an update."""
    fake = Fake()
    began = fake.arm.now
    assert release(fake) == 0
    assert fake.deeds == ["slots.green.version=2", "idle=keep", "up", "active=green", "up", "idle=shrink", "up"]
    assert (told(capsys)["active"], fake.arm.now - began) == ("green", timedelta(seconds=60 + 210))


@pytest.mark.parametrize(
    ("update", "live", "active"), [(1, BLUE, BLUE), (2, BLUE, BLUE), (3, GREEN, GREEN)], ids=["deploy", "switch", "rest"]
)
def test_an_update_that_fails(capsys: pytest.CaptureFixture[str], update: int, live: Slot, active: Slot) -> None:
    """Before and at the switch production stays, and the file says so; the last one leaves the new version where it is."""
    fake = Fake(fails=update)
    assert (release(fake), fake.live, fake.settings.active) == (1, live, active)
    document = told(capsys)
    assert (document["done"], document["steps"][-1]["result"]) == (False, "failed")
    fake.fails = None
    assert (release(fake), fake.live, fake.settings.idle) == (0, GREEN, Idle.SHRINK)


def test_a_test_that_fails_is_before_the_switch(capsys: pytest.CaptureFixture[str]) -> None:
    """The command's exit code decides."""
    fake = Fake()
    assert release(fake, replace(HOW, test_command="exit 4")) == 1
    assert fake.deeds == ["slots.green.version=2", "idle=keep", "up"]
    assert told(capsys)["reason"] == "`exit 4` ended with exit code 4"


@pytest.mark.parametrize("after", [20, 120], ids=["watch", "drain"])
def test_instances_that_turn_ill_take_production_back(capsys: pytest.CaptureFixture[str], after: int) -> None:
    """During the watch and during the drain; the old slot is still whole."""
    fake = Fake()
    fake.sets[GREEN] = Set(fake.arm, ill=[1], ill_from=fake.arm.now + timedelta(seconds=after))
    assert release(fake) == 1
    assert fake.deeds[-2:] == ["active=blue", "up"]
    assert (fake.live, fake.settings.idle) == (BLUE, Idle.KEEP)
    document = told(capsys)
    assert document["reason"] == "1 of 2 instances are ill: 1 (health unhealthy). Production is back on blue."


def test_a_command_that_fails_while_it_is_watched_takes_production_back(capsys: pytest.CaptureFixture[str]) -> None:
    """Whatever the health says."""
    fake = Fake()
    assert (release(fake, replace(HOW, watch_command="exit 1")), fake.live) == (1, BLUE)
    assert told(capsys)["steps"][-1] == {"step": "switch", "result": "done"}


@pytest.mark.parametrize(
    ("elsewhere", "command"), [(False, "pulumi up --stack prod"), (True, "scaleset swap --to blue --stack prod")], ids=["own", "elsewhere"]
)
def test_a_way_back_that_fails_is_told(capsys: pytest.CaptureFixture[str], elsewhere: bool, command: str) -> None:
    """Where production is, and by which command somebody must act: with a balancer of one's own an update alone isn't enough."""
    fake = Fake(fails=3, state=StagedStack("web", {}, {}, {GREEN: "/green", BLUE: "/blue"}, elsewhere=elsewhere))
    assert (release(fake, replace(HOW, watch_command="exit 1")), fake.live) == (1, GREEN)
    printed = capsys.readouterr()
    assert json.loads(printed.out)["reason"] == "`exit 1` ended with exit code 1. Going back to blue failed: see above."
    assert printed.err.splitlines()[-1] == f"Next: mend what is said there, then {command}"


@pytest.mark.parametrize("reached", [True, False], ids=["reached Azure", "did not"])
@pytest.mark.parametrize("deed", range(8))
def test_a_kill_anywhere_and_the_same_command_again(deed: int, reached: bool) -> None:
    """Before and in each of the seven deeds of a release, whether the update that it meets had reached Azure or not: it ends as if nothing had happened, and production
    moved once."""
    fake = Fake(dies=deed, reached=reached)
    moves = []
    with contextlib.suppress(Killed):
        release(fake)
    moves.append(fake.live)
    fake.dies = None
    assert release(fake) == 0
    moves.append(fake.live)
    assert (fake.live, fake.settings) == (
        GREEN,
        Settings("shop:", GREEN, Idle.SHRINK, {"blue": {"version": "1"}, "green": {"version": "2"}}),
    )
    assert moves in ([BLUE, GREEN], [GREEN, GREEN])


@pytest.mark.parametrize("reached", [True, False], ids=["reached Azure", "did not"])
@pytest.mark.parametrize("deed", range(5, 8))
def test_a_kill_on_the_way_back(deed: int, reached: bool) -> None:
    """The same command, with a version that is still bad, ends on the old slot."""
    fake = Fake(dies=deed, reached=reached)
    bad = replace(HOW, watch_command="exit 1")
    with contextlib.suppress(Killed):
        release(fake, bad)
    fake.dies = None
    assert (release(fake, bad), fake.live, fake.settings.active, fake.settings.idle) == (1, BLUE, BLUE, Idle.KEEP)


def autoscaled(**more: Any) -> Fake:
    """A stack whose slots have autoscale."""
    return Fake(state=StagedStack("web", {}, {}, {GREEN: "/green", BLUE: "/blue"}, autoscaled=True), **more)


def test_autoscale_follows_right_after_the_switch() -> None:
    """By an update of its own, so that the switch is one write, and the slot that was left isn't scaled in while it is watched; with `--idle keep`, too."""
    fake, kept = autoscaled(), autoscaled()
    assert (release(fake), release(kept, replace(HOW, rest=Idle.KEEP))) == (0, 0)
    assert fake.deeds == ["slots.green.version=2", "idle=keep", "up", "active=green", "up", "up", "idle=shrink", "up"]
    assert kept.deeds == ["slots.green.version=2", "idle=keep", "up", "active=green", "up", "up"]


def test_a_way_back_that_is_refused_is_tried_again_when_the_old_slot_has_grown() -> None:
    """Autoscale may have made the new slot stronger meanwhile: an update brings the old one to its strength."""
    fake = autoscaled(fails=4)
    assert (release(fake, replace(HOW, watch_command="exit 1")), fake.live) == (1, BLUE)
    assert fake.deeds[-6:] == ["active=blue", "up", "active=green", "up", "active=blue", "up"]


def watched(ill: Iterable[int], tolerates: int, seconds: float = 60) -> str | None:
    """What watching two instances finds, of which some are ill from the first look on."""
    clock = Clock()
    live: Any = Set(clock, ill=ill, ill_from=clock.now)
    return Watch(live, tolerates, lambda: None, lambda verdict, left: None).run(seconds)


def test_an_ill_instance_may_be_tolerated() -> None:
    """So many as was said; nobody who serves never is. One look alone doesn't count."""
    assert watched([0], 0) == "1 of 2 instances are ill: 0 (health unhealthy)"
    assert watched([0], 1) is None
    assert watched([0, 1], 2) == "none of 2 instances serves: 0 (health unhealthy), 1 (health unhealthy)"
    assert watched([0], 0, seconds=0) is None


def test_how_many_are_tolerated() -> None:
    """A number or a percentage; 0 is none."""
    assert [tolerated(text, 10) for text in ("0", "0%", "2", "25%")] == [0, 0, 2, 2]
