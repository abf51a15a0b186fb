"""`python -m bench.release`: what a release of one version and going back cost, with a staged scale set, with Spinnaker's red/black, and with a rolling upgrade.

All three run on the offline Azure, with the same six instances behind a balancer. The staged scale set is driven by the real commands (`scaleset release`, `scaleset swap`);
the others by the calls that those tools make. Seconds are of the virtual clock, whose durations are of the right order and no measurement of Azure: compare them with each
other only. A client looks every ten seconds.
"""

import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from bench.staged_stack import Staged
from offline import https_server
from offline.arm.app import Azure
from offline.arm.http import Json, Request, Response
from offline.arm.network.reach import at, reach
from offline.arm.store import Store

INSTANCES = 6
_WRITES = ("PUT", "PATCH", "POST", "DELETE")
_GROUP = "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/bench"
_SUBNET = f"{_GROUP}/providers/Microsoft.Network/virtualNetworks/net/subnets/web"
_BALANCER = f"{_GROUP}/providers/Microsoft.Network/loadBalancers/lb"
_FRONT_END = f"{_BALANCER}/frontendIPConfigurations/front"
_POOL = f"{_BALANCER}/backendAddressPools/pool"
_SETS = f"{_GROUP}/providers/Microsoft.Compute/virtualMachineScaleSets"


@dataclass(frozen=True)
class Cost:
    """What one direction costs."""

    writes: int
    """Calls that change something."""
    seconds: float
    """From the first of them until every new request reaches the wanted version."""
    mixed: float
    """Seconds of these in which a new request may reach either version."""
    fewest: int
    """Instances that the worst request could choose from, at the worst moment."""


def main() -> None:
    """Measures and prints a table."""
    head = f"{'way':<38}  {'writes':>6}  {'seconds':>7}  {'of these both versions serve':>28}  {'fewest targets':>14}"
    print(f"A release to {INSTANCES} instances, and the way back while the old version is still whole\n{head}")
    for name, measure in (("staged scale set", staged), ("red/black (Spinnaker)", red_black), ("rolling upgrade, 20 %", rolling)):
        with tempfile.TemporaryDirectory() as folder:
            there, back = measure(Path(folder))
        for direction, cost in (("release", there), ("going back", back)):
            row = f"{name + ', ' + direction:<38}  {cost.writes:>6}  {cost.seconds:>7.0f}  {cost.mixed:>28.0f}  {cost.fewest:>14}"
            print(row, flush=True)


def staged(folder: Path) -> tuple[Cost, Cost]:
    """`scaleset release` that keeps the old slot, and `scaleset swap`."""
    (folder / "home").mkdir()
    with https_server.running(folder / "home") as server:
        stack = Staged(folder, server, INSTANCES)
        there = _cost(
            stack.events,
            stack.front_end,
            _of("web-green"),
            lambda: stack.scaleset("release", "--set", "version=2", "--watch", "0", "--idle", "keep"),
        )
        return there, _cost(stack.events, stack.front_end, _of("web-blue"), lambda: stack.scaleset("swap"))


def red_black(folder: Path) -> tuple[Cost, Cost]:
    """A second scale set; it joins the balancer's pool by an update of its model, and the old one leaves the pool by another.

    Source: spinnaker/orca RedBlackStrategy (create, disableCluster); spinnaker/clouddriver, enabling and disabling with a load balancer. Going back enables the old
    one and disables the new one.
    """
    site = _Site(folder)
    site.put("v1", _scale_set("1"))

    def release() -> None:
        site.put("v2", _scale_set("2", pools=()))
        site.put("v2", _scale_set("2"))
        site.put("v1", _scale_set("1", pools=()))

    def back() -> None:
        site.put("v1", _scale_set("1"))
        site.put("v2", _scale_set("2", pools=()))

    return _cost(site.events, _FRONT_END, _of("/v2/"), release), _cost(site.events, _FRONT_END, _of("/v1/"), back)


def rolling(folder: Path) -> tuple[Cost, Cost]:
    """One scale set whose model is written; Azure brings it to a fifth of the instances at a time. Going back is the same with the old model."""
    site = _Site(folder)
    site.put("v1", _scale_set("1", mode="Rolling"))

    def cost(version: str) -> Cost:
        return _cost(site.events, _FRONT_END, _upgraded, lambda: site.put("v1", _scale_set(version, mode="Rolling")))

    return cost("2"), cost("1")


Wanted = Callable[[str, str], bool]
"""Whether an instance has the wanted version at a time."""


def _of(part: str) -> Callable[[list[Json]], Wanted]:
    """Those that have this in their id."""
    return lambda _: lambda instance, _: part in instance


def _upgraded(events: list[Json]) -> Wanted:
    """Those that were brought to another model."""
    times = {event["subject"]: event["time"] for event in events if event["kind"] == "instanceUpgraded"}
    return lambda instance, time: instance in times and _time(times[instance]) <= _time(time)


def _cost(events: Callable[[], list[Json]], front_end: str, wanted_of: Callable[[list[Json]], Wanted], deed: Callable[[], None]) -> Cost:
    """What a deed costs."""
    before = len(events())
    deed()
    during = events()[before:]
    wanted = wanted_of(during)
    writes = [each for each in during if each["kind"] in _WRITES]
    start = writes[0]["time"]
    whole = reach(events(), front_end)
    moments = [replace(at(whole, start), time=start), *(each for each in whole if _time(each.time) > _time(start))]
    kinds = [{wanted(instance, each.time) for instance in each.instances} for each in moments]
    first = next(number for number in range(len(moments)) if all(each == {True} for each in kinds[number:]))
    pairs = zip(moments, moments[1:], kinds, strict=False)
    mixed = sum(_between(one.time, following.time) for one, following, kind in pairs if len(kind) > 1)
    return Cost(len(writes), _between(start, moments[first].time), mixed, min(each.fewest for each in moments))


def _time(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _between(start: str, end: str) -> float:
    return (_time(end) - _time(start)).total_seconds()


class _Site:
    """An Azure with a balancer, and calls that wait as a client does."""

    def __init__(self, folder: Path) -> None:
        self._store = Store(folder / "azure.sqlite")
        self._azure = Azure(self._store)
        self._call("PUT", _GROUP, {"location": "westeurope"})
        subnets = [{"name": "web", "properties": {"addressPrefix": "10.0.0.0/24"}}]
        space = {"addressSpace": {"addressPrefixes": ["10.0.0.0/16"]}, "subnets": subnets}
        self._call("PUT", _SUBNET.rpartition("/subnets/")[0], {"location": "westeurope", "properties": space})
        self._call("PUT", _BALANCER, _balancer())

    def put(self, name: str, body: Json) -> None:
        """Writes a scale set, and waits till all its instances have the model and are healthy."""
        operation = self._call("PUT", f"{_SETS}/{name}", body).headers.get("Azure-AsyncOperation")
        while operation and (self._call("GET", operation).body or {})["status"] == "InProgress":
            pass
        while not all(_is_done(each) for each in self._instances(name)):
            pass

    def events(self) -> list[Json]:
        """The event log."""
        return self._store.events()

    def _instances(self, name: str) -> list[Json]:
        found: list[Json] = self._call("GET", f"{_SETS}/{name}/virtualMachines?$expand=instanceView").body["value"]  # type: ignore[index]  # a list has a body
        return found

    def _call(self, method: str, path: str, body: Json | None = None) -> Response:
        query = "" if "api-version" in path else ("&" if "?" in path else "?") + "api-version=2024-05-01"
        answer = self._azure.handle(Request.to(method, path + query, body))
        if answer.status >= 400:
            raise SystemExit(f"{method} {path} was refused: {answer.body}")
        return answer


def _is_done(instance: Json) -> bool:
    properties = instance["properties"]
    health = (properties.get("instanceView") or {}).get("vmHealth") or {}
    return properties["latestModelApplied"] and (health.get("status") or {}).get("code") == "HealthState/healthy"


def _balancer() -> Json:
    rule = {
        "frontendIPConfiguration": {"id": _FRONT_END},
        "backendAddressPool": {"id": _POOL},
        "probe": {"id": f"{_BALANCER}/probes/probe"},
        "protocol": "Tcp",
        "frontendPort": 80,
        "backendPort": 8080,
    }
    properties = {
        "frontendIPConfigurations": [{"name": "front", "properties": {"subnet": {"id": _SUBNET}}}],
        "backendAddressPools": [{"name": "pool"}],
        "probes": [{"name": "probe", "properties": {"protocol": "Tcp", "port": 8080, "intervalInSeconds": 5}}],
        "loadBalancingRules": [{"name": "http", "properties": rule}],
    }
    return {"location": "westeurope", "sku": {"name": "Standard"}, "properties": properties}


def _scale_set(version: str, pools: Sequence[str] = (_POOL,), mode: str = "Automatic") -> Json:
    """A scale set that installs a version by Custom Script, as the staged stack does."""
    address = {"subnet": {"id": _SUBNET}, "loadBalancerBackendAddressPools": [{"id": pool} for pool in pools]}
    interface = {"name": "nic", "properties": {"primary": True, "ipConfigurations": [{"name": "ip", "properties": address}]}}
    script = _extension("Microsoft.Azure.Extensions", "CustomScript", "2.1", {"commandToExecute": f"echo {version}"})
    health = _extension("Microsoft.ManagedServices", "ApplicationHealthLinux", "1.0", {"protocol": "tcp", "port": 8080})
    policy: Json = {"mode": mode}
    if mode == "Rolling":
        policy["rollingUpgradePolicy"] = {"maxBatchInstancePercent": 20, "pauseTimeBetweenBatches": "PT0S"}
    return {
        "location": "westeurope",
        "sku": {"name": "Standard_D2s_v5", "capacity": INSTANCES},
        "properties": {
            "upgradePolicy": policy,
            "overprovision": False,
            "virtualMachineProfile": {
                "storageProfile": {"imageReference": _IMAGE, "osDisk": {"createOption": "FromImage"}},
                "osProfile": {"computerNamePrefix": "web", "adminUsername": "azureuser", "adminPassword": "Not-a-real-1-password"},
                "networkProfile": {"networkInterfaceConfigurations": [interface]},
                "extensionProfile": {"extensions": [script, health]},
            },
        },
    }


_IMAGE = {"publisher": "Canonical", "offer": "0001-com-ubuntu-server-jammy", "sku": "22_04-lts-gen2", "version": "latest"}


def _extension(publisher: str, kind: str, version: str, settings: Json) -> Json:
    properties = {
        "publisher": publisher,
        "type": kind,
        "typeHandlerVersion": version,
        "autoUpgradeMinorVersion": True,
        "settings": settings,
    }
    return {"name": kind, "properties": properties}


if __name__ == "__main__":
    main()
