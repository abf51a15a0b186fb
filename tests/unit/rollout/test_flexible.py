"""Rollouts of Flexible sets: their instances are virtual machines with names, and only some calls to several of them exist."""

from typing import Any

import pytest

from azure_scaleset.rollout.policy import Policy, Reimage
from offline.arm.http import Json
from tests.unit.offline.compute.world import encoded
from tests.unit.rollout.world import SET, Site, model, profile

FLEXIBLE: dict[str, Any] = {"orchestrationMode": "Flexible", "platformFaultDomainCount": 1}
NEW_DATA = encoded("#cloud-config\npackages: [nginx]\n")


def flexible(site: Site, script: str | None = None) -> Json:
    """Four machines."""
    return site.flexible(model(4, script=script, **FLEXIBLE))


def fails_at_the_second(site: Site) -> None:
    """A set with the old script, a new one written, and an order that it fails on the second machine."""
    site.deploy(flexible(site))
    second = sorted(each.id for each in site.instances())[1]
    site.fault("extensionFails", instances=[second], payload="broken", exitCode=7, output="E: Unable to locate package ngnix")
    site.write(flexible(site, "broken"))


def test_failing_script_stops_it(site: Site) -> None:
    """The machine is told by its name, the rest serve."""
    fails_at_the_second(site)
    verdict = site.rollout()
    second = sorted(each.id for each in verdict.instances)[1]
    assert (verdict.reason, site.fewest(), sorted(site.scripts().values(), key=str)) == (
        f"instance {second} failed.",
        3,
        [None, None, "broken", "broken"],
    )


@pytest.mark.parametrize("script", ["mended", None])
def test_mended_or_reverted_model_reaches_all(site: Site, script: str | None) -> None:
    """Three serve all the time; every call names machines and goes to the set."""
    fails_at_the_second(site)
    site.rollout()
    site.write(flexible(site, script))
    verdict = site.rollout()
    assert (verdict.done, set(site.scripts().values()), site.fewest()) == (True, {script}, 3)
    assert {path for method, path in site.wire.calls if method == "POST"} == {f"{SET}/manualupgrade"}


def test_what_failed_on_the_wanted_model_is_upgraded_again(site: Site) -> None:
    """Not reimaged, which there is no call for."""
    fails_at_the_second(site)
    site.rollout()
    site.unfault()
    assert (site.rollout().done, site.reimaged(), site.fewest()) == (True, [], 3)


def test_killed_and_run_again(site: Site) -> None:
    """Nobody is left behind."""
    site.deploy(flexible(site))
    site.write(flexible(site, "2"))
    names = sorted(each.id for each in site.instances())
    for name in names[:3]:
        site.kill_when(f"upgrading instance {name}", Policy())
    verdict = site.rollout()
    assert (verdict.done, set(site.scripts().values()), site.fewest()) == (True, {"2"}, 3)


def test_changed_custom_data_can_not_be_brought(site: Site) -> None:
    """The machines get the model, and the story says that only new ones have the data; with `reimage: never` that is enough."""
    site.deploy(flexible(site))
    site.write_with_new_disks(profile(flexible(site), "osProfile.customData", NEW_DATA))
    verdict = site.rollout()
    first = sorted(each.id for each in verdict.instances)[0]
    assert verdict.reason.startswith(f"instance {first} has an OS disk from before the last change of custom data, and Azure gives")
    assert (site.reimaged(), site.rollout(Policy(reimage=Reimage.NEVER)).done) == ([], True)
