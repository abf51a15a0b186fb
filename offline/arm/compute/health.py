"""What Azure hears of an instance's application: from the health extension, or from the probe of the balancer."""

from __future__ import annotations

from offline.arm import agenda, faults
from offline.arm.compute.durations import APP_START_SECONDS, REPAIR_GRACE_PERIOD
from offline.arm.compute.instances import resource_id, save
from offline.arm.compute.model import ScaleSet, load
from offline.arm.compute.tree import dig, seconds
from offline.arm.http import Json
from offline.arm.store import Store

HEALTHY, UNHEALTHY, UNKNOWN, INITIALIZING = "healthy", "unhealthy", "unknown", "initializing"

_INTERVAL, _PROBES = 5, 1
"""H2."""


def signal_of(scale_set: ScaleSet, instance: Json) -> Json | None:
    """What reports the health of an instance that has the set's model; None when nothing does.

    `{"silent": nothing reports yet, "seconds": from an answering application to the report, "rich": states of version 2, "grace": seconds}`
    """
    for extension in scale_set.extensions:
        if "applicationhealth" in str(dig(extension, "properties.type")).lower():
            ran = instance["extensions"].get(extension["name"], {})
            return _of_extension(extension["properties"], silent=ran.get("status") != "succeeded")
    named = dig(scale_set.profile, "networkProfile.healthProbe.id")
    return _of_probe(scale_set.store, named) if named else None


def _of_extension(definition: Json, silent: bool) -> Json:
    settings = definition.get("settings") or {}
    interval = settings.get("intervalInSeconds", _INTERVAL) * settings.get("numberOfProbes", _PROBES)
    rich = str(definition.get("typeHandlerVersion", "")).startswith("2")
    return {"silent": silent, "seconds": interval, "rich": rich, "grace": settings.get("gracePeriod", interval) if rich else 0}


def _of_probe(store: Store, named: str) -> Json:
    balancer = store.get(named.rpartition("/probes/")[0]) or {}
    probes = dig(balancer, "properties.probes") or []
    probe: Json = next((each for each in probes if each["name"].lower() == named.rpartition("/")[2].lower()), {})
    properties = probe.get("properties") or {}
    interval = properties.get("intervalInSeconds", 15) * (properties.get("probeThreshold") or properties.get("numberOfProbes") or 1)
    return {"silent": False, "seconds": interval, "rich": False, "grace": 0}


def go_down(scale_set: ScaleSet, instance: Json) -> None:
    """Work on the instance begins: its application does not answer, and nothing has reported yet what comes after. The caller saves it."""
    if instance["signal"] is not None:
        _set(scale_set, instance, INITIALIZING if instance["signal"]["rich"] else UNKNOWN)


def work_in_place(scale_set: ScaleSet, instance: Json) -> None:
    """Work on the instance as it runs begins: what was reported stands until the probes look again. The caller saves it."""
    if instance["signal"] is not None and not instance["signal"]["silent"]:
        scale_set.store.plan(
            scale_set.id, "health", instance["signal"]["seconds"], instance=instance["instanceId"], turn=instance["turn"], during=True
        )


def come_up(scale_set: ScaleSet, instance: Json, in_place: bool = False) -> None:
    """Work on the instance has ended: its signal begins anew. The caller saves it. `in_place`: what was reported before stands until then."""
    signal = instance["signal"] = signal_of(scale_set, instance)
    if signal is None:
        instance["health"] = None
        return
    if not in_place or signal["silent"] or instance["health"] is None:
        _set(scale_set, instance, INITIALIZING if signal["rich"] else UNKNOWN)
    if not signal["silent"]:
        after = APP_START_SECONDS + signal["seconds"]
        if _report(scale_set, instance) != HEALTHY:
            after = max(after, signal["grace"])
        scale_set.store.plan(scale_set.id, "health", after, instance=instance["instanceId"], turn=instance["turn"])


def _report(scale_set: ScaleSet, instance: Json) -> str:
    """What the application says: it is there when all extensions have succeeded, unless a fault was ordered."""
    if instance.get("drained"):
        return UNHEALTHY
    ordered = faults.health_of(scale_set.store, scale_set.with_model(instance["model"]).profile, instance)
    return ordered or (UNHEALTHY if instance["provisioningState"] == "Failed" else HEALTHY)


def is_ill(instance: Json) -> bool:
    """Whether automatic repairs are for the instance: unhealthy, and with version 2 of the health extension unknown as well."""
    rich = bool((instance["signal"] or {}).get("rich"))
    return instance["health"] == UNHEALTHY or (rich and instance["health"] == UNKNOWN)


def _set(scale_set: ScaleSet, instance: Json, state: str) -> None:
    if instance["health"] == state:
        return
    instance |= {"health": state, "healthTime": scale_set.store.now().isoformat()}
    scale_set.store.log("healthChanged", resource_id(scale_set.id, instance["instanceId"]), state=state)
    policy = scale_set.properties.get("automaticRepairsPolicy") or {}
    if is_ill(instance) and policy.get("enabled"):
        grace = seconds(policy.get("gracePeriod") or REPAIR_GRACE_PERIOD) or 0
        scale_set.store.plan(scale_set.id, "repair", grace, instance=instance["instanceId"], since=instance["healthTime"])


@agenda.deed("health")
def report(store: Store, owner: str, data: Json) -> None:
    """The signal reports. An instance that has begun something else since is not asked."""
    scale_set = load(store, owner)
    instance = store.document("instance", owner, data["instance"])
    if scale_set is None or instance is None or instance["turn"] != data["turn"] or (data.get("during") and instance["work"] is None):
        return
    _set(scale_set, instance, UNHEALTHY if data.get("during") else _report(scale_set, instance))
    save(scale_set, instance)


@agenda.deed("probeAll")
def probe_all(store: Store, owner: str, data: Json) -> None:
    """A fault was ordered or taken back: what reports, reports anew."""
    for instance in store.documents("instance", owner):
        signal = instance["signal"]
        if signal is not None and not signal["silent"] and instance["work"] is None and instance["powerState"] == "running":
            store.plan(owner, "health", signal["seconds"], instance=instance["instanceId"], turn=instance["turn"])
