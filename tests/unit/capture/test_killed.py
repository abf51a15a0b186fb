"""A capture whose process is killed at any call, before or after Azure has carried it out, and that is run again."""

import pytest

from azure_scaleset.capture.drive import CaptureError
from azure_scaleset.capture.looking import found_again
from azure_scaleset.capture.steps import UnclearStateError
from azure_scaleset.capture.wanted import Wanted
from tests.unit.capture.bench import VERSION, VM, Bench
from tests.unit.offline.images.workshop import MACHINE
from tests.unit.rollout.transport import Killed, connect

_CALLS = 60
"""More than a capture makes."""


def _die(number: int, at: int) -> None:
    if number == at:
        raise Killed


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("delete", [False, True], ids=["kept", "deleted"])
def test_it_goes_on_where_it_was(bench: Bench, after: bool, delete: bool) -> None:
    """Killed at its first call, run again and killed at the second one, and so on: in the end there is one version, whose instances come up with their script."""
    bench.make(extension=True)
    done, gone, unclear = None, False, 0
    for at in range(_CALLS):
        start = len(bench.wire.calls)
        hook = lambda number, last=start + at: _die(number, last)  # noqa: E731 - one line, twice
        bench.wire.before, bench.wire.after = (lambda number: None, hook) if after else (hook, lambda number: None)
        try:
            done = bench.capture(delete_vm=delete)
            break
        except Killed:
            continue
        except UnclearStateError:
            # Killed before it could note that the system was told, and off since: somebody does what the message says.
            bench.wire.before = bench.wire.after = lambda number: None
            bench.workshop.done("POST", f"{MACHINE}/start")
            unclear += 1
        except CaptureError:
            gone = True
            break
    bench.wire.before = bench.wire.after = lambda number: None
    versions = [each for each in bench.left() if each.startswith("galleries/images/versions")]
    machines = [each for each in bench.left() if each.startswith(("virtualMachines", "disks", "networkInterfaces"))]
    assert (versions, machines == []) == (["galleries/images/versions 1.0.0"], delete)
    # Killed after the deletion was ordered, the VM is gone: then the command looks for its image instead.
    assert (done.image_id if done else found_again(connect(bench.wire), VM, Wanted())) == VERSION
    assert not gone or delete
    assert unclear <= 1
    assert bench.runs_a_set(VERSION, securityProfile={"securityType": "TrustedLaunch"})
