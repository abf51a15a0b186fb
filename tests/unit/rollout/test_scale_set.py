"""What is asked of Azure, in how many calls, and what is made of its answers."""

from datetime import timedelta

import pytest

from azure_scaleset.rollout.arm import ArmError, Operation
from offline.arm.http import Response
from tests.unit.rollout.transport import ENDPOINT
from tests.unit.rollout.world import SET, Site, model


def test_one_look_is_one_list(site: Site) -> None:
    """In pages of fifty."""
    site.deploy(model(55))
    live = site.live()
    live.model()
    site.wire.calls.clear()
    assert (sorted(int(each.id) for each in live.instances()), site.wire.calls) == (
        [*range(55)],
        [("GET", f"{SET}/virtualMachines")] * 2,
    )


def test_disks_are_listed_once_for_each_change(site: Site) -> None:
    """A disk's time doesn't change; after a reimage they are listed again, though nothing shows yet that the disk is another one."""
    site.deploy(model(2))
    live = site.live()
    for _ in range(3):
        live.instances(disks=True)
    assert sum(path.endswith("/disks") for _, path in site.wire.calls) == 1
    live.reimage(["0"])
    live.instances(disks=True)
    assert sum(path.endswith("/disks") for _, path in site.wire.calls) == 2


def test_operation_in_progress_then_over(site: Site) -> None:
    """With Azure's reason, when it failed."""
    site.deploy(model(1))
    site.fault("extensionFails", payload="2", output="no")
    site.write(model(1, script="2"))
    live = site.live()
    address = live.upgrade(["0"])
    assert address is not None
    assert live.operation(address) == Operation(over=False)
    site.world.later(60)
    over = live.operation(address)
    assert (over.over, (over.error or "").partition(":")[0]) == (True, "VMExtensionProvisioningError")


@pytest.mark.parametrize(("status", "over"), [(202, False), (200, True), (204, True)])
def test_operation_that_has_a_location_only(site: Site, monkeypatch: pytest.MonkeyPatch, status: int, over: bool) -> None:
    """Its status tells how it goes; its answers have no content."""
    live = site.live()
    answers = [Response(202, None, {"Location": f"{ENDPOINT}/subscriptions/1/results/2"}), Response(status)]
    monkeypatch.setattr("offline.arm.app.Azure.handle", lambda *_: answers.pop(0))
    address = live.upgrade(["0"])
    assert address == f"{ENDPOINT}/subscriptions/1/results/2"
    assert live.operation(address) == Operation(over)


def test_refusal(site: Site) -> None:
    """With Azure's code."""
    with pytest.raises(ArmError, match="ResourceNotFound") as refusal:
        site.live().model()
    assert refusal.value.status == 404


def test_no_rolling_upgrade(site: Site) -> None:
    """A set that has never had one."""
    site.deploy(model(1))
    assert site.live().rolling_upgrade() is None


def test_time_is_azures(site: Site) -> None:
    """Of its last answer, in whole seconds; pauses are those that it asks for."""
    site.deploy(model(1))
    live = site.live()
    live.instances()
    now = site.world.store.now()
    assert timedelta() <= now - live.arm.now < timedelta(seconds=1)
    live.arm.pause()
    assert site.world.store.now() == now
