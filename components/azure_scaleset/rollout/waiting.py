"""Whom a rollout waits for, and since when: instances that it has changed, and those with the model that don't serve yet."""

from collections.abc import Callable, Collection, Iterable
from datetime import datetime, timedelta

from azure_scaleset.rollout.instance import Instance
from azure_scaleset.rollout.verdict import state

_STOPPED = (
    "One that has the model and is off was powered off by its own script or by somebody: start it, or deallocate it to leave it alone."
)


class Waiting:
    """The instances that have to come back before further ones go out."""

    def __init__(self, health_timeout: float, outdated: Callable[[Instance], bool]) -> None:
        """*health_timeout*: seconds that an instance may take to come back when nothing is being done to it. *outdated*: whether an instance must be changed."""
        self._limit = timedelta(seconds=health_timeout)
        self._outdated = outdated
        self._since: dict[str, datetime] = {}

    def begin(self, changed: Iterable[str], now: datetime) -> None:
        """Instances have just been changed: they must show it, and serve."""
        self._since |= dict.fromkeys(changed, now)

    def look(self, present: Iterable[Instance], now: datetime) -> None:
        """Takes note of how the instances are now."""
        before, self._since = self._since, {}
        for each in present:
            back = each.serves and not self._outdated(each)
            # What is outdated and was not changed is no matter of waiting: it is changed.
            if not back and (each.id in before or not self._outdated(each)):
                self._since[each.id] = now if each.busy else before.get(each.id, now)

    def ids(self) -> set[str]:
        """Who is waited for."""
        return set(self._since)

    def problem(self, present: Iterable[Instance], spared: Collection[str], now: datetime) -> str:
        """Why waiting is of no use any more; empty while it is. *spared*: ids that are not judged."""
        waiting = [each for each in present if each.id in self._since and each.id not in spared and not each.busy]
        failed = [each.id for each in waiting if each.failed]
        if failed:
            return f"{names(failed)} failed."
        late = [each for each in waiting if now - self._since[each.id] > self._limit]
        if not late:
            return ""
        words = ", ".join(f"{each.id}: {'not at the model' if each.serves else state(each)}" for each in late)
        advice = f" {_STOPPED}" if any(each.power == "stopped" for each in late) else ""
        return f"{names([each.id for each in late])} did not become healthy within {self._limit.total_seconds() / 60:.0f} minutes ({words}).{advice}"


def names(ids: list[str]) -> str:
    """Instances in a sentence; the first eight of many."""
    shown = ", ".join(ids[:8]) + (f" and {len(ids) - 8} more" if len(ids) > 8 else "")
    return f"instance{'s' if len(ids) > 1 else ''} {shown}"
