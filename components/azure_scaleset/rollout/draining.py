"""Takes instances out of the rotation before they are changed, and puts them back after: by commands that run on them.

Azure has no call that drains an instance of a scale set. Protection doesn't touch traffic; a notice comes before a deletion only; the admin state of a balancer's
back end is of that one balancer, whose model belongs to whoever deploys it, and the application gateway has none. What works with every balancer is the
application itself: told to go, it answers its health probe with an error while it still serves what it has begun, and the probe takes it out of rotation.
"""

from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import timedelta

from azure.core.exceptions import ServiceRequestError, ServiceResponseError

from azure_scaleset.rollout.arm import ArmError
from azure_scaleset.rollout.instance import Health, Instance
from azure_scaleset.rollout.pace import Pace
from azure_scaleset.rollout.policy import Drain
from azure_scaleset.rollout.view import View
from azure_scaleset.rollout.waiting import names


class Draining:
    """The drain of one rollout."""

    def __init__(self, drain: Drain, view: View, pace: Pace, say: Callable[[str], None]) -> None:
        self._drain = drain
        self._view = view
        self._pace = pace
        self._say = say
        self._out: set[str] = set()

    def take_out(self, ids: Sequence[str]) -> str:
        """Runs the command on instances in rotation, waits till they are out of it, and then the time that requests may still take. Gives why it can't go on:
        an instance stayed in rotation; empty else."""
        if not ids:
            return ""
        self._say(f"draining {names(list(ids))}")
        self._pace.go_on()
        self._out |= set(ids)
        written = self._run(ids, self._drain.command)
        ordered = self._view.now
        while self._in_rotation(ids):
            if self._view.now - ordered > timedelta(seconds=self._view.policy.health_timeout):
                staying = self._in_rotation(ids)
                return f"{names(staying)} stayed in rotation, though the drain command ran. {_shown(written.get(staying[0], ''))}".rstrip()
            self._pace.wait()
            self._view.look()
        served = self._view.now + timedelta(seconds=self._drain.seconds)
        while self._view.now < served:
            self._pace.wait(served)
            self._view.look()
        return ""

    def put_back(self, ids: Sequence[str]) -> None:
        """Runs the command that undoes the drain, where there is one, on instances that were changed."""
        self._out -= set(ids)
        running = [each.id for each in self._view.current(ids) if each.power == "running"]
        if self._drain.undo is not None and running:
            self._run(running, self._drain.undo)

    def put_back_what_is_left(self) -> None:
        """The same for those that were taken out and not changed: the rollout ends here. Nothing of it is waited for."""
        out, self._out = sorted(self._out), set()
        if self._drain.undo is not None:
            for each in out:
                with suppress(ArmError, ServiceRequestError, ServiceResponseError):
                    self._view.live.run_command(each, self._drain.undo)

    def put_back_of_an_earlier_run(self) -> None:
        """The same for those that have the model and say that they are ill: a run that was killed may have drained them, and nothing will change them now."""
        ill = [each.id for each in self._view.present if _may_be_drained(each) and not self._view.outdated(each)]
        if ill and self._drain.undo is not None:
            self._say(f"putting {names(ill)} back into rotation")
            self.put_back(ill)

    def _run(self, ids: Sequence[str], script: str) -> dict[str, str]:
        """Runs a script on instances at the same time; gives what it wrote on each."""
        # There is no call for several instances.
        operations = {each: self._begin(each, script) for each in ids}
        return {each: self._end(operation) for each, operation in operations.items() if operation is not None}

    def _begin(self, instance_id: str, script: str) -> str | None:
        while True:
            try:
                return self._view.live.run_command(instance_id, script)
            except (ServiceRequestError, ServiceResponseError):
                return None  # whether it ran shows at the rotation
            except ArmError as error:
                if error.status == 404:
                    return None  # the instance is gone
                if error.status not in (408, 409, 429) and error.status < 500:
                    raise
            self._pace.wait()

    def _end(self, address: str) -> str:
        while True:
            try:
                operation = self._view.live.operation(address)
            except (ArmError, ServiceRequestError, ServiceResponseError):
                return ""  # the operation is forgotten: what it did shows at the rotation
            if operation.over:
                return operation.error or operation.output
            self._pace.wait()

    def _in_rotation(self, ids: Sequence[str]) -> list[str]:
        """Who still gets requests. Where nothing reports health, nobody can tell: the time that is waited must be enough."""
        return [each.id for each in self._view.current(ids) if each.in_rotation and each.health is not None]


def _may_be_drained(instance: Instance) -> bool:
    return instance.power == "running" and not (instance.busy or instance.failed) and instance.health is Health.UNHEALTHY


def _shown(output: str) -> str:
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    return f"It wrote: {' / '.join(lines[-5:])}" if lines else "It wrote nothing: does it make the application's health probe fail?"
