"""How a rollout tells how far it is."""

from collections.abc import Callable
from dataclasses import dataclass

from azure_scaleset.rollout.view import View


@dataclass(frozen=True)
class Progress:
    """How far a rollout is."""

    done: int
    """Instances with the model that serve."""
    total: int
    """Instances that count."""
    message: str
    """What is being done, one line."""


class Teller:
    """Tells each step once."""

    def __init__(self, view: View, report: Callable[[Progress], None]) -> None:
        """*view*: what the numbers come from."""
        self._view = view
        self._report = report
        self._said = ""

    def say(self, message: str) -> None:
        """Tells what is being done, with the numbers of the last look."""
        if message == self._said:
            return
        self._said = message
        present = self._view.present
        done = sum(each.serves and not self._view.outdated(each) for each in present)
        self._report(Progress(done, len(present), message))

    def look_and_say(self, message: str) -> None:
        """The same with the numbers of now, where nobody looks at the instances otherwise."""
        if message != self._said:
            self._view.instances = self._view.live.instances()
            self.say(message)
