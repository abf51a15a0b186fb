"""What can be asked of instances: `manualupgrade`, reimage, restart, power, delete; of a list of them through the set, or of one by its own id."""

from __future__ import annotations

from collections.abc import Callable

from offline.arm import operations
from offline.arm.compute import publishing, repairs, scaling, spot, upgrade, verbs, views, work
from offline.arm.compute.instances import instances, is_leaving
from offline.arm.compute.model import SCALE_SET, ScaleSet
from offline.arm.compute.rolling import batches, record, view
from offline.arm.errors import ArmError, bad_request, conflict
from offline.arm.http import Json
from offline.arm.registry import NO_CONTENT, OPERATION, Action, Context

Deed = Callable[[ScaleSet, list[Json], str], None]
"""Begins work on instances of a set, for an operation."""


def _each(verb: Callable[[ScaleSet, Json, str | None], None]) -> Deed:
    def act(scale_set: ScaleSet, chosen: list[Json], operation: str) -> None:
        work.refuse_busy(chosen)
        for instance in chosen:
            verb(scale_set, instance, operation)

    return act


def remove(scale_set: ScaleSet, chosen: list[Json], operation: str) -> None:
    """Deletes the instances and lowers `sku.capacity` by those that counted against it."""
    counted = {each["instanceId"] for each in scaling.members(scale_set)}
    for instance in chosen:
        verbs.delete(scale_set, instance, operation)
    scale_set.body["sku"]["capacity"] = scale_set.capacity - len([each for each in chosen if each["instanceId"] in counted])
    scale_set.store.put(scale_set.id, SCALE_SET, scale_set.body)


DEEDS: dict[str, Deed] = {
    "reimage": _each(verbs.reimage),
    # The same: data disks hold nothing in the offline Azure.
    "reimageAll": _each(verbs.reimage),
    "restart": _each(verbs.restart),
    "start": _each(verbs.start),
    "powerOff": _each(verbs.power_off),
    "deallocate": _each(verbs.deallocate),
}
"""Actions that a set and a single instance both have."""


def run(deed: Deed, scale_set: ScaleSet, chosen: list[Json]) -> Json | None:
    """Does something to instances; gives the operation that waits for it, None when there is nothing to wait for."""
    operation = operations.begin(scale_set.store)
    deed(scale_set, chosen, operation)
    if operations.waits(scale_set.store, operation):
        return {OPERATION: operation}
    operations.end(scale_set.store, operation, None)
    return None


def _of_set(deed: Deed, ids_needed: bool = False) -> Action:
    def act(context: Context, body: Json) -> Json | None:
        scale_set = ScaleSet(context.store, body["id"], body)
        named = (context.request.body or {}).get("instanceIds")
        if ids_needed and not named:
            raise bad_request("InvalidParameter", "Required parameter 'instanceIds' is missing (null).", "instanceIds")
        return run(deed, scale_set, _chosen(scale_set, named))

    return act


def _chosen(scale_set: ScaleSet, named: list[str] | None) -> list[Json]:
    """The instances that a call to the set names; where it names none, all but those that are going and those protected from the set's actions."""
    present = {each["instanceId"]: each for each in instances(scale_set.store, scale_set.id)}
    if named is None or named == ["*"]:
        return [each for each in present.values() if not (is_leaving(each) or each["protection"].get("protectFromScaleSetActions"))]
    for each in named:
        if each not in present:
            raise bad_request(
                "InvalidParameter",
                f"The provided instanceId {each} is not an active Virtual Machine Scale Set VM instanceId.",
                "instanceIds",
            )
    return [present[each] for each in dict.fromkeys(named)]


def _of_instance(deed: Deed) -> Action:
    return lambda context, body: run(deed, *of(context))


def of(context: Context) -> tuple[ScaleSet, list[Json]]:
    """The set and the one instance that an instance's id names, or the id of a Flexible set's virtual machine."""
    set_id = str(context.id.parent or (context.store.get(context.id.text) or {}).get("scaleSet"))
    document = context.store.document("instance", set_id, context.id.name)
    body = context.store.get(set_id)
    if document is None or body is None:
        raise ArmError(404, "NotFound", f"The entity {context.id.name} was not found.")
    return ScaleSet(context.store, body["id"], body), [document]


def _start_os_upgrade(context: Context, body: Json) -> None:
    """`osRollingUpgrade`: all instances to the newest version of the model's image, by the set's rolling policy."""
    scale_set = ScaleSet(context.store, body["id"], body)
    record.refuse_running(scale_set)
    publishing.start(scale_set, batches.policy_of(scale_set.properties), "User")


def _start_extension_upgrade(context: Context, body: Json) -> None:
    """`extensionRollingUpgrade`: all instances to the newest handlers. The offline Azure has one version of each, so instances are only brought to the model."""
    scale_set = ScaleSet(context.store, body["id"], body)
    record.refuse_running(scale_set)
    record.start(scale_set, "extension", instances(context.store, scale_set.id))


def _cancel(context: Context, body: Json) -> None:
    record.cancel(ScaleSet(context.store, body["id"], body))


def _set_service(context: Context, body: Json) -> None:
    repairs.set_state(ScaleSet(context.store, body["id"], body), context.request.body or {})


def uniform(act: Action) -> Action:
    """The action of a Uniform set or of its instance; a Flexible set has none of these, its machines have their own. (Azure's words for it are not known.)"""

    def checked(context: Context, body: Json) -> Json | None:
        set_body = context.store.get(str(context.id.parent)) if context.id.parent is not None else body
        if set_body is not None and ScaleSet(context.store, set_body["id"], set_body).flexible:
            name = context.request.path.rpartition("/")[2]
            raise conflict("OperationNotAllowed", f"The operation '{name}' is not allowed on a scale set with orchestration mode Flexible.")
        return act(context, body)

    return checked


SET_ACTIONS: dict[str, Action] = {
    **{name: uniform(_of_set(deed)) for name, deed in DEEDS.items()},
    "manualupgrade": _of_set(upgrade.bring, ids_needed=True),
    "delete": _of_set(remove, ids_needed=True),
    "osRollingUpgrade": _start_os_upgrade,
    "extensionRollingUpgrade": _start_extension_upgrade,
    "rollingUpgrades/cancel": _cancel,
    "setOrchestrationServiceState": _set_service,
}
"""POST <set>/<action>."""

SET_VIEWS: dict[str, Action] = {
    "instanceView": lambda context, body: views.summary(ScaleSet(context.store, body["id"], body)),
    "osUpgradeHistory": lambda context, body: view.history(ScaleSet(context.store, body["id"], body)),
    "skus": lambda context, body: views.skus(ScaleSet(context.store, body["id"], body)),
}
"""GET <set>/<view>."""


def _simulate_eviction(context: Context, body: Json) -> Json:
    scale_set, (document,) = of(context)
    spot.evict(scale_set, document)
    return {NO_CONTENT: True}


INSTANCE_ACTIONS: dict[str, Action] = {
    **{name: _of_instance(deed) for name, deed in DEEDS.items()},
    "simulateEviction": _simulate_eviction,
}
"""Actions of one instance, whichever id names it."""
UNIFORM_INSTANCE_ACTIONS: dict[str, Action] = {name: uniform(action) for name, action in INSTANCE_ACTIONS.items()}
"""POST <set>/virtualMachines/<id>/<action>."""


def _view(context: Context, body: Json) -> Json:
    scale_set, (document,) = of(context)
    return views.instance_view(scale_set, document)


INSTANCE_VIEWS: dict[str, Action] = {"instanceView": _view}
"""GET <set>/virtualMachines/<id>/<view>."""
