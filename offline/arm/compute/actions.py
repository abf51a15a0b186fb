"""What can be asked of instances: `manualupgrade`, reimage, restart, power, delete; of a list of them through the set, or of one by its own id."""

from __future__ import annotations

from collections.abc import Callable

from offline.arm.compute import guest, upgrade, views
from offline.arm.compute.instances import delete, instances, resource_id, save
from offline.arm.compute.model import SCALE_SET, ScaleSet
from offline.arm.errors import ArmError, bad_request
from offline.arm.http import Json
from offline.arm.registry import Action, Context

Deed = Callable[[ScaleSet, list[Json]], Json | None]
"""Does something to instances of a set; gives `{"_operationError"}` when it failed on the way."""


def _finish(scale_set: ScaleSet, result: upgrade.Result) -> Json | None:
    scale_set.store.advance(result.seconds)
    return {"_operationError": guest.operation_error(result.failures)} if result.failures else None


def bring(scale_set: ScaleSet, chosen: list[Json]) -> Json | None:
    """`manualupgrade`: the instances that have not the latest model get it."""
    outdated = [each for each in chosen if each["model"] != scale_set.model_fingerprint]
    return _finish(scale_set, upgrade.bring(scale_set, outdated))


def reimage(scale_set: ScaleSet, chosen: list[Json]) -> Json | None:
    """A new OS disk. `reimageAll` is the same here: data disks hold nothing in the offline Azure."""
    return _finish(scale_set, upgrade.reimage(scale_set, chosen))


def power(state: str) -> Deed:
    """Sets the power state."""

    def change(scale_set: ScaleSet, chosen: list[Json]) -> None:
        for instance in chosen:
            save(scale_set, {**instance, "powerState": state})
            scale_set.store.log("powerState", resource_id(scale_set.id, instance["instanceId"]), state=state)

    return change


def remove(scale_set: ScaleSet, chosen: list[Json]) -> None:
    """Deletes the instances and lowers `sku.capacity` by as many."""
    for instance in chosen:
        delete(scale_set, instance)
    scale_set.body["sku"]["capacity"] = scale_set.capacity - len(chosen)
    scale_set.store.put(scale_set.id, SCALE_SET, scale_set.body)


DEEDS: dict[str, Deed] = {
    "reimage": reimage,
    "reimageAll": reimage,
    "restart": power("running"),
    "start": power("running"),
    "powerOff": power("stopped"),
    "deallocate": power("deallocated"),
}
"""Actions that a set and a single instance both have."""


def _of_set(deed: Deed, ids_needed: bool = False) -> Action:
    def act(context: Context, body: Json) -> Json | None:
        scale_set = ScaleSet(context.store, body["id"], body)
        named = (context.request.body or {}).get("instanceIds")
        if ids_needed and not named:
            raise bad_request("InvalidParameter", "Required parameter 'instanceIds' is missing (null).", "instanceIds")
        return deed(scale_set, _chosen(scale_set, named))

    return act


def _chosen(scale_set: ScaleSet, named: list[str] | None) -> list[Json]:
    present = {each["instanceId"]: each for each in instances(scale_set.store, scale_set.id)}
    if named is None or named == ["*"]:
        return list(present.values())
    for each in named:
        if each not in present:
            raise bad_request(
                "InvalidParameter",
                f"The provided instanceId {each} is not an active Virtual Machine Scale Set VM instanceId.",
                "instanceIds",
            )
    return [present[each] for each in dict.fromkeys(named)]


def _of_instance(deed: Deed) -> Action:
    return lambda context, body: deed(*of(context))


def of(context: Context) -> tuple[ScaleSet, list[Json]]:
    """The set and the one instance that an instance's id names."""
    set_id = str(context.id.parent)
    document = context.store.document("instance", set_id, context.id.name)
    body = context.store.get(set_id)
    if document is None or body is None:
        raise ArmError(404, "NotFound", f"The entity {context.id.name} was not found.")
    return ScaleSet(context.store, body["id"], body), [document]


SET_ACTIONS: dict[str, Action] = {
    **{name: _of_set(deed) for name, deed in DEEDS.items()},
    "manualupgrade": _of_set(bring, ids_needed=True),
    "delete": _of_set(remove, ids_needed=True),
}
"""POST <set>/<action>."""

SET_VIEWS: dict[str, Action] = {
    "instanceView": lambda context, body: views.summary(ScaleSet(context.store, body["id"], body)),
    "skus": lambda context, body: views.skus(ScaleSet(context.store, body["id"], body)),
}
"""GET <set>/<view>."""

INSTANCE_ACTIONS: dict[str, Action] = {name: _of_instance(deed) for name, deed in DEEDS.items()}
"""POST <set>/virtualMachines/<id>/<action>."""


def _view(context: Context, body: Json) -> Json:
    scale_set, (document,) = of(context)
    return views.instance_view(scale_set, document)


INSTANCE_VIEWS: dict[str, Action] = {"instanceView": _view}
"""GET <set>/virtualMachines/<id>/<view>."""
