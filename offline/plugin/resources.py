"""Create, read, update and delete of ARM resources, as azure-native does them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from offline.arm.http import Json
from offline.arm.shapes import flatten, nest
from offline.plugin.client import AzureError, Client
from offline.plugin.projection import inputs_of, refreshed
from offline.plugin.tokens import Path, ResourceType


class PartlyDone(Exception):
    """Azure took the write and failed afterwards: the resource is there, in this state. The engine records it with the new inputs."""

    def __init__(self, resource_id: str, outputs: Json, reason: str) -> None:
        super().__init__(reason)
        self.resource_id = resource_id
        self.outputs = outputs


@dataclass(frozen=True)
class Resources:
    """The resources of one type in one subscription."""

    client: Client
    of: ResourceType
    subscription: str

    def create(self, inputs: Json) -> tuple[str, Json]:
        """Makes a resource; refuses an id that exists. Gives id and outputs."""
        resource_id = self.of.id_of(self.subscription, inputs)
        if self.client.get(resource_id, self.of.api_version) is not None:
            raise FileExistsError(f"cannot create already existing resource '{resource_id}'")
        body = self.body(resource_id, inputs)
        for path in self.of.kept:
            _put_if_missing(body, path, [])
        found = self._write(resource_id, body)
        return str(found["id"]), self._outputs(found)

    def update(self, inputs: Json) -> Json:
        """Writes a resource whole; lists whose items are resources of their own are kept when the inputs leave them out."""
        resource_id = self.of.id_of(self.subscription, inputs)
        body = self.body(resource_id, inputs)
        missing = [path for path in self.of.kept if _find(body, path) is None]
        current = self.client.read(resource_id, self.of.api_version) if missing else {}
        for path in missing:
            _put_if_missing(body, path, _find(current, path))
        return self._outputs(self._write(resource_id, body))

    def read(self, resource_id: str, inputs: Json | None, old_outputs: Json) -> tuple[Json, Json] | None:
        """Inputs and outputs as they are in Azure, None if it is gone. `inputs` None: the resource is imported."""
        found = self.client.get(resource_id, self.of.api_version)
        if found is None:
            return None
        outputs = self._outputs(found)
        if inputs is None:
            return {
                **inputs_of(outputs, self.of.inputs),
                **self.of.parameters_of(resource_id),
                "azureApiVersion": self.of.api_version,
            }, outputs
        # What is a resource of its own and was not given inline stays out of the inputs.
        ignored = {path[-1] for path in self.of.kept if path[-1] not in inputs}
        seen = {name: value for name, value in outputs.items() if name not in ignored}
        known = {name: value for name, value in old_outputs.items() if name not in ignored}
        return refreshed(inputs, inputs_of(known, self.of.inputs), inputs_of(seen, self.of.inputs)), outputs

    def delete(self, resource_id: str) -> None:
        """Removes a resource."""
        self.client.delete(resource_id, self.of.api_version)

    def get(self, inputs: Json) -> Json:
        """The outputs of a resource that a program looks up by its parameters."""
        return self._outputs(self.client.read(self.of.id_of(self.subscription, inputs), self.of.api_version))

    def body(self, resource_id: str, inputs: Json) -> Json:
        """The body of a PUT: inputs without the parameters of the id and the plugin's own, nested as ARM has them."""
        own = {*self.of.parameters, "azureApiVersion"}
        values = {name: value for name, value in inputs.items() if name not in own and not name.startswith("__")}
        body: Json = nest(_absolute(values, resource_id), self.of.sdk_model)
        return body

    def _write(self, resource_id: str, body: Json) -> Json:
        try:
            self.client.put(resource_id, self.of.api_version, body)
        except AzureError as error:
            if not error.accepted:
                raise
            found = self.client.get(resource_id, self.of.api_version)
            raise PartlyDone(resource_id, self._outputs(found or {}), str(error)) from error
        return self.client.read(resource_id, self.of.api_version)

    def _outputs(self, body: Json) -> Json:
        outputs = flatten(body, self.of.sdk_response)
        outputs.pop("id", None)
        return outputs | {"azureApiVersion": self.of.api_version}


def _absolute(value: Any, resource_id: str) -> Any:
    """References to parts of the resource itself (`$self/probes/http`) made absolute."""
    if isinstance(value, list):
        return [_absolute(item, resource_id) for item in value]
    if not isinstance(value, dict):
        return value
    return {
        name: resource_id + item.removeprefix("$self")
        if name == "id" and isinstance(item, str) and item.startswith("$self/")
        else _absolute(item, resource_id)
        for name, item in value.items()
    }


def _find(body: Json, path: Path) -> Any:
    for name in path:
        body = body.get(name) or {}
    return body or None


def _put_if_missing(body: Json, path: Path, value: Any) -> None:
    for name in path[:-1]:
        body = body.setdefault(name, {})
    if value is not None:
        body.setdefault(path[-1], value)
