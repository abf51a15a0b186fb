"""The engine's side of the protocol, for tests that call the plugin in process."""

from pathlib import Path
from typing import Any

import grpc
from google.protobuf import any_pb2
from pulumi.runtime.proto import provider_pb2, status_pb2

from offline.arm.http import Json
from offline.plugin.service import AzureNative
from offline.plugin.values import read, write

SUBSCRIPTION = "00000000-0000-0000-0000-000000000001"


class Refused(Exception):
    """The plugin answered with an error; `detail` is what the engine is to record, if anything."""

    def __init__(self, message: str, detail: Any = None) -> None:
        super().__init__(message)
        self.detail = detail


class Context:
    """What the servicer needs of a call's context."""

    def __init__(self) -> None:
        self._detail: Any = None

    def set_trailing_metadata(self, metadata: tuple[tuple[str, bytes], ...]) -> None:
        """Takes the status with the detail, as the engine reads it."""
        ((name, value),) = metadata
        assert name == "grpc-status-details-bin"
        (packed,) = status_pb2.Status.FromString(value).details
        assert isinstance(packed, any_pb2.Any)
        self._detail = provider_pb2.ErrorResourceInitFailed()
        assert packed.Unpack(self._detail)

    def abort(self, code: grpc.StatusCode, message: str) -> None:
        """Ends the call."""
        assert code is grpc.StatusCode.UNKNOWN
        raise Refused(message, self._detail)


class Engine:
    """A plugin, and calls to it with plain values."""

    def __init__(self, state: Path, subscription: str = SUBSCRIPTION, **config: str) -> None:
        self.plugin = AzureNative("3.29.0", state)
        variables = {"subscriptionId": subscription, **config}
        self.plugin.Configure(
            provider_pb2.ConfigureRequest(variables={f"azure-native:config:{name}": value for name, value in variables.items()}), Context()
        )

    def check(self, token: str, inputs: Json, olds: Json | None = None, name: str = "it") -> tuple[Json, list[str]]:
        """Inputs with defaults, and failures."""
        request = provider_pb2.CheckRequest(urn=urn(token, name), news=write(inputs), olds=write(olds or {}), randomSeed=b"seed")
        answer = self.plugin.Check(request, Context())
        return read(answer.inputs), [failure.reason for failure in answer.failures]

    def diff(self, token: str, old: Json, new: Json, state: Json | None = None) -> Any:
        """The plugin's answer."""
        return self.plugin.Diff(
            provider_pb2.DiffRequest(urn=urn(token), old_inputs=write(old), news=write(new), olds=write(state or {})), Context()
        )

    def create(self, token: str, inputs: Json, preview: bool = False) -> tuple[str, Json]:
        """Id and outputs."""
        answer = self.plugin.Create(provider_pb2.CreateRequest(urn=urn(token), properties=write(inputs), preview=preview), Context())
        return answer.id, read(answer.properties)

    def make(self, token: str, inputs: Json) -> tuple[str, Json, Json]:
        """Check, then create: id, inputs and outputs."""
        checked, failures = self.check(token, inputs)
        assert failures == []
        return (*self.create(token, checked), checked)

    def update(self, token: str, resource_id: str, state: Json, new: Json, preview: bool = False) -> Json:
        """New outputs."""
        request = provider_pb2.UpdateRequest(urn=urn(token), id=resource_id, olds=write(state), news=write(new), preview=preview)
        return read(self.plugin.Update(request, Context()).properties)

    def read(self, token: str, resource_id: str, state: Json | None = None, inputs: Json | None = None) -> tuple[str, Json, Json]:
        """Id (empty: gone), inputs and outputs; without `inputs` as an import."""
        request = provider_pb2.ReadRequest(urn=urn(token), id=resource_id, properties=write(state or {}))
        if inputs is not None:
            request.inputs.CopyFrom(write(inputs))
        answer = self.plugin.Read(request, Context())
        return answer.id, read(answer.inputs), read(answer.properties)

    def delete(self, token: str, resource_id: str) -> None:
        """Removes a resource."""
        self.plugin.Delete(provider_pb2.DeleteRequest(urn=urn(token), id=resource_id), Context())

    def invoke(self, token: str, arguments: Json) -> Json:
        """Calls a function."""
        return read(getattr(self.plugin.Invoke(provider_pb2.InvokeRequest(tok=token, args=write(arguments)), Context()), "return"))


def urn(token: str, name: str = "it") -> str:
    """The URN of a resource in a component."""
    return f"urn:pulumi:dev::project::azure-scaleset:index:Network${token}::{name}"
