"""The guard's own decisions, with an Azure of the test's making; the engine tests have the real ones."""

import asyncio
from types import SimpleNamespace
from typing import Any

import pulumi
import pytest

from azure_scaleset import switch_guard
from azure_scaleset.rollout.arm import ArmError
from azure_scaleset.rollout.instance import Health, Instance
from azure_scaleset.rollout.plan import CHANGE_TAG
from azure_scaleset.rollout.policy import Policy
from azure_scaleset.rules.value import UNKNOWN
from azure_scaleset.staged_arguments import Slot
from azure_scaleset.switch_guard import Expected, SwitchGuard
from tests.unit.staged.arguments import read

HEALTHY = Instance("0", "web_0", None, 0, True, "Succeeded", "running", Health.HEALTHY, False, None, None)


def change(mark: Any, wanted: str = "digest", kept: str = "digest") -> Any:
    """The marks of a model."""
    return SimpleNamespace(tags={CHANGE_TAG: mark}, digest=wanted, model=SimpleNamespace(output=kept))


class Live:
    """A scale set in Azure whose tag is `m`."""

    def __init__(self, scale_set_id: str) -> None:
        self._id = scale_set_id

    @classmethod
    async def found(cls, scale_set_id: str, _: Any) -> "Live":
        """As the connection of a program gives it."""
        return cls(scale_set_id)

    def model(self) -> dict[str, Any]:
        """Not there, or refused, where the id says so."""
        if self._id in ("missing", "denied"):
            raise ArmError(404 if self._id == "missing" else 403, self._id, "as ordered")
        return {"tags": {CHANGE_TAG: "m"}}

    def instances(self, disks: bool) -> list[Instance]:
        """One that serves."""
        return [HEALTHY]


class Told(list[str]):
    """What the guard logged."""


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> Told:
    """An `up` in which blue is live."""
    found = Told()
    monkeypatch.setattr(switch_guard, "live_slot", lambda *_: Slot.BLUE)
    monkeypatch.setattr(switch_guard, "live_scale_set", Live.found)
    monkeypatch.setattr(pulumi.runtime, "is_dry_run", lambda: False)
    for level in ("info", "warn"):
        monkeypatch.setattr(pulumi.log, level, lambda text, _: found.append(text))
    return found


def check(green: Any = None, green_id: str = "green", **given: Any) -> str:
    """What the guard refuses a switch to green with; empty when it lets it pass."""
    guard = SwitchGuard("StagedScaleSet 'web'", read(**{"active": "green", **given}), None)  # type: ignore[arg-type]  # nothing is asked of it
    ids: Any = {Slot.BLUE: "blue", Slot.GREEN: green_id}
    changes = {Slot.BLUE: change("m"), Slot.GREEN: green or change("m")}
    guard.slots = {slot: Expected(ids[slot], changes[slot], 1, Policy()) for slot in Slot}
    return asyncio.run(guard._told(guard._check)(None)) or ""  # type: ignore[arg-type]  # the hook's arguments are not looked at


def test_a_slot_that_is_ready_passes(told: Told) -> None:
    """And it is said."""
    assert check() == ""
    assert told == ["production moves from blue (1 instances) to green (1 healthy). Connections that are open stay at blue till they end."]


@pytest.mark.parametrize(
    "green",
    [change(UNKNOWN), change("other"), change("m", wanted="new")],
    ids=["marked anew in this update", "another mark in Azure", "left out of this update"],
)
def test_a_model_that_is_not_the_wanted_one(told: Told, green: Any) -> None:
    """A mark that isn't known yet, isn't the set's, or isn't that of what this program wants (E1)."""
    assert "green does not have the wanted model" in check(green)


def test_a_scale_set_that_is_not_there(told: Told) -> None:
    """Azure says so."""
    assert "green has no scale set yet" in check(green_id="missing")


def test_where_azure_does_not_tell(told: Told, monkeypatch: pytest.MonkeyPatch) -> None:
    """`up` refuses, a preview warns."""
    assert "whether green may become active can't be found out: denied: as ordered" in check(green_id="denied")
    monkeypatch.setattr(pulumi.runtime, "is_dry_run", lambda: True)
    assert check(green_id="denied") == ""
    assert told == ["whether green may become active can't be found out: denied: as ordered. `pulumi up` refuses it then."]


def test_the_way_round(told: Told) -> None:
    """Nothing is checked, and that is said."""
    assert check(green_id="missing", checkSwitch=False) == ""
    assert told == ["green becomes active unchecked: checkSwitch is false. Remove it afterwards."]


def test_no_switch_no_check(told: Told) -> None:
    """Blue is live and stays it."""
    assert check(active="blue", green_id="denied") == ""
    assert told == []


@pytest.mark.parametrize(
    "ended",
    [ConnectionError("Azure can't be asked"), ValueError("no such environment"), OSError("no answer")],
    ids=lambda error: str(error),
)
def test_a_login_that_ended(told: Told, monkeypatch: pytest.MonkeyPatch, ended: Exception) -> None:
    """Connecting fails: `up` refuses with the way round, a preview warns."""

    async def fails(*_: Any) -> None:
        raise ended

    monkeypatch.setattr(switch_guard, "live_scale_set", fails)

    assert f"whether green may become active can't be found out: {ended}" in check()
    assert "`checkSwitch: false`" in check()
    monkeypatch.setattr(pulumi.runtime, "is_dry_run", lambda: True)
    assert check() == ""
    assert told == [f"whether green may become active can't be found out: {ended}. `pulumi up` refuses it then."]


def test_a_balancer_that_cannot_be_asked(told: Told, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody tells which slot serves: the engine's words, whatever class they come as, and the next step."""

    def fails(*_: Any) -> None:
        raise Exception("invocation of azure-native:network:getLoadBalancer returned an error:\n no token")  # as the engine's

    monkeypatch.setattr(switch_guard, "live_slot", fails)
    said = (
        "which slot serves production can't be found out: invocation of azure-native:network:getLoadBalancer returned an error: no token. "
        "Next: mend the login or the settings of azure-native, then come again."
    )

    assert check() == f"StagedScaleSet 'web': {said}"
    monkeypatch.setattr(pulumi.runtime, "is_dry_run", lambda: True)
    assert check() == ""
    assert told == [f"{said} Till then `pulumi up` refuses it."]
