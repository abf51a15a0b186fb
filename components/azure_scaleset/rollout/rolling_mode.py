"""Upgrade mode Rolling: Azure brings the instances to the model; here it is watched, and started again when it had stopped."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from azure_scaleset.rollout.arm import ArmError
from azure_scaleset.rollout.policy import Policy, count_of
from azure_scaleset.rollout.scale_set import LiveScaleSet
from azure_scaleset.rules.duration import seconds

_START = timedelta(minutes=2)
"""So long Azure gets to begin a rolling upgrade by itself after the model was written."""


_PERCENT = 20
"""`maxBatchInstancePercent` where none is given (U4)."""


def is_rolling(model: Mapping[str, Any]) -> bool:
    """Whether a scale set is in upgrade mode Rolling, from ARM's answer."""
    return bool((model.get("properties", {}).get("upgradePolicy") or {}).get("mode") == "Rolling")


def bounded(policy: Policy, model: Mapping[str, Any]) -> Policy:
    """The policy for what Azure's upgrade leaves to be done: no larger batches and no shorter pauses than the set's own rolling policy allows."""
    rolling = model["properties"]["upgradePolicy"].get("rollingUpgradePolicy") or {}
    percent = int(rolling.get("maxBatchInstancePercent") or _PERCENT)
    largest = count_of(f"{percent}%", int((model.get("sku") or {}).get("capacity") or 0))
    pause = seconds(rolling.get("pauseTimeBetweenBatches")) or 0
    return replace(policy, max_unavailable=min(policy.max_unavailable, largest), pause=max(policy.pause, pause))


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
