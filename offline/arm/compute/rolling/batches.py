"""What a batch of a rolling upgrade is made of."""

from __future__ import annotations

from offline.arm.compute.tree import dig, seconds
from offline.arm.http import Json

_DEFAULT_PERCENT = 20


def percent(policy: Json, name: str) -> int:
    """A percentage of the rolling upgrade policy (U4)."""
    value = policy.get(name)
    return _DEFAULT_PERCENT if value is None else int(value)


def pause(policy: Json) -> float:
    """Seconds between two batches (U5)."""
    return seconds(policy.get("pauseTimeBetweenBatches") or "PT0S") or 0.0


def size(everyone: int, policy: Json) -> int:
    """The most that a batch of a set of `everyone` instances may hold: the percentage rounded down, and at least one."""
    return max(1, everyone * percent(policy, "maxBatchInstancePercent") // 100)


def next_batch(waiting: list[Json], everyone: int, policy: Json) -> list[Json]:
    """The instances of the next batch: of one zone (unless `enableCrossZoneUpgrade`) and of one update domain (U9); in order of number, or the
    unhealthy before all others (`prioritizeUnhealthyInstances`: such a batch holds unhealthy ones only)."""
    ill = [each for each in waiting if each["health"] == "unhealthy"] if policy.get("prioritizeUnhealthyInstances") else []
    candidates = sorted(ill or waiting, key=lambda each: _order(each, policy))
    first = _domain(candidates[0], policy)
    return [each for each in candidates if _domain(each, policy) == first][: size(everyone, policy)]


def _domain(instance: Json, policy: Json) -> tuple[str, int]:
    zone = "" if policy.get("enableCrossZoneUpgrade") else instance["zone"] or ""
    return zone, instance["updateDomain"] or 0


def _order(instance: Json, policy: Json) -> tuple[tuple[str, int], int]:
    return _domain(instance, policy), instance["number"]


def unhealthy_percent(instances: list[Json]) -> float:
    """The share of instances that are not known to be healthy, of those that run and report (H3: unknown counts as not healthy)."""
    heard = [
        each
        for each in instances
        if each["powerState"] == "running" and (each["signal"] is not None or each["provisioningState"] == "Failed")
    ]
    return 100 * len([each for each in heard if ill(each)]) / len(heard) if heard else 0.0


def ill(instance: Json) -> bool:
    """Whether an instance counts as unhealthy in a rolling upgrade."""
    return instance["provisioningState"] == "Failed" or (instance["signal"] is not None and instance["health"] != "healthy")


def policy_of(properties: Json) -> Json:
    """The rolling upgrade policy of a set's properties, empty where there is none."""
    return dig(properties, "upgradePolicy.rollingUpgradePolicy") or {}
