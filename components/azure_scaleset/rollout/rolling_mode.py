"""Upgrade mode Rolling: Azure brings the instances to the model; here it is watched, and started again when it had stopped."""

from collections.abc import Callable
from datetime import datetime, timedelta

from azure_scaleset.rollout.arm import ArmError
from azure_scaleset.rollout.scale_set import LiveScaleSet

_START = timedelta(minutes=2)
"""So long Azure gets to begin a rolling upgrade by itself after the model was written."""


def watch(live: LiveScaleSet, since: datetime | None, say: Callable[[str], None], wait: Callable[[], None]) -> str | None:
    """Waits for Azure's rolling upgrade; gives why it failed, or None when it doesn't go on and nothing failed.

    *since*: when the model was written, None if nothing was written now. A record that had ended when it was seen first, and began before, is of an older
    model: Azure is given time to begin, and after that an empty change of the model starts it again, once (T11).
    """
    watched: datetime | None = None
    restarted = False
    first = live.arm.now
    while True:
        upgrade = live.rolling_upgrade()
        if upgrade is not None and upgrade.running:
            watched = upgrade.started
            say(f"Azure's rolling upgrade: {upgrade.successful} done, {upgrade.pending} to go")
            wait()
            continue
        if all(each.excluded or each.latest_model for each in live.instances()):
            return None
        if (
            upgrade is not None
            and upgrade.started is not None
            and (upgrade.started == watched or (since is not None and upgrade.started >= since))
        ):
            # Completed, and yet somebody is left: those that came or came back meanwhile. They are changed one batch after the other.
            stopped = f"Azure's rolling upgrade was {upgrade.code.lower()}. {upgrade.error or ''}".strip()
            return None if upgrade.code == "Completed" else stopped
        if since is not None and live.arm.now - first < _START:
            wait()
            continue
        if restarted:
            return None
        say("starting Azure's rolling upgrade again")
        since = first = live.arm.now
        restarted = _restart(live)
        wait()


def _restart(live: LiveScaleSet) -> bool:
    try:
        live.restart_rolling_upgrade()
    except ArmError as error:
        if error.status != 409:  # another change is running: try again later
            raise
        return False
    return True
