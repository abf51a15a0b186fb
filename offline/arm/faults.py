"""Faults on order: what goes wrong in this Azure because somebody asked for it. They are kept in the store, like everything else.

A kind and its fields (all optional unless said otherwise; `instances` are instance ids or numbers; `payload` is a text that what the instance gets must hold:
settings, protected settings, `forceUpdateTag`, the decoded script; `times` is how often, for ever where it is left out):

* `extensionFails`: `extension` (name), `instances`, `payload`, `exitCode` (1), `output`, `times`
* `runsTwice`: an extension's script runs twice (T13): `extension`, `instances`, `payload`, `times`
* `stuck`: an instance does not end its work before the time budget of its extensions: `instances`, `payload`, `times`
* `appUnhealthy`: `instances`, `payload`, `customData` (a text in it), `imageVersion`, `state` ("unhealthy" or "unknown")
* `generalizationFails`: a scheduled job that should deprovision or sysprep a machine fails: `machine` (its name), `times`
* `buildStepFails`: a step of an image build fails: `template` (its name), `step` (the name of a customizer or validator), `text` (a part of its commands or
  URI), `exitCode` (1), `output`, `times`
* `rolesLate`: roles on resources count only `seconds` after they were assigned (60)
* `noSpotCapacity`: an evicted spot instance can't be restored: `times`
* `tokensEnd`: an access token is refused (401) when it is older than `after` (3600) seconds of the virtual clock, whatever the client thinks
* `appDrains`: the application fails its probe, and still serves what it has begun, when a command that holds `command` has run on its instance, till one that
  holds `undo` has, or a restart or a new disk: `instances`
* `refuse`: a call is refused: `method`, `path` (a part of it), `nth` (1: the next such call), `times` (1), `status` (429), `code`, `message`, `retryAfter`
* `loseAnswer`: a call is carried out and its answer lost: `method`, `path`, `nth` (1), `times` (1), `how` ("reset": the connection breaks; "error": a 500)
"""

from __future__ import annotations

from typing import Any

from offline.arm.agenda import RETRY_AFTER
from offline.arm.errors import ArmError
from offline.arm.http import Json, Request, Response
from offline.arm.payload_text import text_of, text_of_custom_data, text_of_extension
from offline.arm.store import Store


class AnswerLost(ConnectionResetError):
    """A call was carried out, and its answer is lost on order."""


_OWNER = "faults"
_SETS = "Microsoft.Compute/virtualMachineScaleSets"

KINDS: dict[str, Json] = {
    "extensionFails": {"extension": None, "instances": None, "payload": None, "exitCode": 1, "output": "failed on order", "times": None},
    "runsTwice": {"extension": None, "instances": None, "payload": None, "times": None},
    "stuck": {"instances": None, "payload": None, "times": None},
    "appUnhealthy": {"instances": None, "payload": None, "customData": None, "imageVersion": None, "state": "unhealthy"},
    "generalizationFails": {"machine": None, "times": None},
    "buildStepFails": {"template": None, "step": None, "text": None, "exitCode": 1, "output": "failed on order", "times": None},
    "rolesLate": {"seconds": 60},
    "noSpotCapacity": {"times": None},
    "tokensEnd": {"after": 3600},
    "appDrains": {"instances": None, "command": "drain", "undo": "undrain"},
    "refuse": {
        "method": None,
        "path": "",
        "nth": 1,
        "times": 1,
        "status": 429,
        "code": None,
        "message": "refused on order",
        "retryAfter": RETRY_AFTER,
    },
    "loseAnswer": {"method": None, "path": "", "nth": 1, "times": 1, "how": "reset"},
}
"""Kind -> its fields with their defaults."""

_CODES = {409: "Conflict", 429: "TooManyRequests", 500: "InternalServerError"}


def add(store: Store, kind: str, **fields: Any) -> str:
    """Orders a fault; gives its id. Raises ValueError for a kind or a field that there is not."""
    if kind not in KINDS:
        raise ValueError(f"'{kind}' is no kind of fault: {', '.join(KINDS)}")
    unknown = sorted(fields.keys() - KINDS[kind].keys())
    if unknown:
        raise ValueError(f"'{kind}' has no field '{unknown[0]}': {', '.join(KINDS[kind])}")
    number = str(store.count_up(_OWNER, "number"))
    store.put_document("fault", _OWNER, number, {"id": number, "kind": kind, **KINDS[kind], **fields})
    _probe_all(store)
    return number


def ordered(store: Store) -> list[Json]:
    """The faults that are in force: `{"id", "kind", <fields>}`."""
    return store.documents("fault", _OWNER)


def clear(store: Store, fault_id: str | None = None) -> None:
    """Takes a fault back, or all; what fails by it no longer does from now on. Raises KeyError for an id that there is not."""
    if fault_id is not None and store.document("fault", _OWNER, fault_id) is None:
        raise KeyError(fault_id)
    for fault in ordered(store):
        if fault_id in (None, fault["id"]):
            store.delete_document("fault", _OWNER, fault["id"])
    _probe_all(store)


def _probe_all(store: Store) -> None:
    for each in store.resources(resource_type=_SETS):
        store.plan(each["id"], "probeAll", 0)


def failure_of(store: Store, instance: Json, name: str, definition: Json) -> Json | None:
    """How an extension's run fails on order (`{"output", "exitCode"}`), None when it does not."""
    return _of_extension(store, "extensionFails", instance, name, definition)


def runs_of(store: Store, instance: Json, name: str, definition: Json) -> int:
    """How often an extension runs when it is to run: once, or twice on order."""
    return 1 if _of_extension(store, "runsTwice", instance, name, definition) is None else 2


def token_seconds(store: Store) -> float | None:
    """How long an access token lives on the virtual clock, on order; None when nobody has ordered it."""
    return min((float(fault["after"]) for fault in ordered(store) if fault["kind"] == "tokensEnd"), default=None)


def lacks_spot_capacity(store: Store) -> bool:
    """Whether there is no capacity for a spot instance, on order."""
    return any(_use(store, fault) for fault in ordered(store) if fault["kind"] == "noSpotCapacity")


def _of_extension(store: Store, kind: str, instance: Json, name: str, definition: Json) -> Json | None:
    for fault in _in_force(store, kind, instance):
        if fault["extension"] in (None, name) and _holds(fault["payload"], text_of_extension(definition)):
            return _use(store, fault)
    return None


def sticks(store: Store, profile: Json, instance: Json) -> bool:
    """Whether the work on an instance, which gets this profile, hangs on order."""
    return any(_use(store, fault) for fault in _in_force(store, "stuck", instance) if _holds(fault["payload"], text_of(profile)))


def generalization_fails(store: Store, machine: str) -> bool:
    """Whether the job that should prepare a machine for capture fails on order."""
    return any(_use(store, each) for each in ordered(store) if each["kind"] == "generalizationFails" and each["machine"] in (None, machine))


def build_step_failure(store: Store, template: str, step: str | None, text: str) -> Json | None:
    """How a step of an image build fails on order (`{"output", "exitCode"}`), None when it does not."""
    for fault in ordered(store):
        meets = fault["kind"] == "buildStepFails" and fault["template"] in (None, template) and fault["step"] in (None, step)
        if meets and _holds(fault["text"], text):
            return _use(store, fault)
    return None


def roles_delay(store: Store) -> float:
    """How many seconds after its assignment a role on resources counts: none, or what was ordered."""
    return max((float(each["seconds"]) for each in ordered(store) if each["kind"] == "rolesLate"), default=0)


def health_of(store: Store, profile: Json, instance: Json) -> str | None:
    """The state that the application of an instance with this profile reports on order, None when no fault says so."""
    for fault in _in_force(store, "appUnhealthy", instance):
        wanted = fault["imageVersion"]
        if (
            _holds(fault["payload"], text_of(profile))
            and _holds(fault["customData"], text_of_custom_data(instance["customData"]))
            and wanted in (None, instance["imageReference"].get("exactVersion"))
        ):
            return str(fault["state"])
    return None


def drains(store: Store, instance: Json, script: str) -> bool | None:
    """What a script that ran on an instance has told its application on order: True to go, False to come back, None nothing."""
    for fault in _in_force(store, "appDrains", instance):
        if fault["undo"] in script:
            return False
        if fault["command"] in script:
            return True
    return None


def _in_force(store: Store, kind: str, instance: Json) -> list[Json]:
    return [
        each
        for each in ordered(store)
        if each["kind"] == kind and (each["instances"] is None or {instance["instanceId"], instance["number"]} & {*each["instances"]})
    ]


def _holds(part: str | None, text: str) -> bool:
    return part is None or part in text


def _use(store: Store, fault: Json) -> Json:
    """Counts one use; a fault that has been used up is gone."""
    if fault["times"] == 1:
        store.delete_document("fault", _OWNER, fault["id"])
    elif fault["times"] is not None:
        store.put_document("fault", _OWNER, fault["id"], {**fault, "times": fault["times"] - 1})
    return fault


def _of_call(store: Store, kind: str, request: Request) -> Json | None:
    """The fault that meets this call; one that waits for a later such call has counted it."""
    for fault in ordered(store):
        meets = fault["kind"] == kind and fault["method"] in (None, request.method) and fault["path"].lower() in request.path.lower()
        if meets and fault["nth"] > 1:
            store.put_document("fault", _OWNER, fault["id"], {**fault, "nth": fault["nth"] - 1})
        elif meets:
            return _use(store, fault)
    return None


def refusal(store: Store, request: Request) -> Response | None:
    """The answer to a call that is refused on order, None when it is not."""
    fault = _of_call(store, "refuse", request)
    if fault is None:
        return None
    code = fault["code"] or _CODES.get(fault["status"], "Refused")
    answer = ArmError(fault["status"], code, fault["message"]).response()
    # Clients of azure-core come again whenever they are told to, whatever the status; nobody is told so who may not, or who asks for what is not there.
    return Response(answer.status, answer.body, {} if answer.status in (401, 403, 404) else {"Retry-After": str(fault["retryAfter"])})


def lost(store: Store, request: Request) -> str | None:
    """How the answer to a call that was carried out is lost on order ("reset" or "error"), None when it is not."""
    fault = _of_call(store, "loseAnswer", request)
    return None if fault is None else str(fault["how"])
