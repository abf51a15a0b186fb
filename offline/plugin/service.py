"""The engine's protocol: messages in, messages out. What is done is in the other modules."""

from __future__ import annotations

import json
import os
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

import grpc
from google.protobuf import empty_pb2
from pulumi.runtime.proto import plugin_pb2, provider_pb2, provider_pb2_grpc

from offline.arm.http import Json
from offline.plugin import projection, values
from offline.plugin.answers import answering
from offline.plugin.client import Client
from offline.plugin.defaults import CREATE_BEFORE_DELETE, Naming, fill_in
from offline.plugin.difference import Change, difference
from offline.plugin.first_use import ONE_IMPORT
from offline.plugin.settings import Settings
from offline.plugin.tokens import ResourceType, resource_type, token_of
from offline.plugin.validation import problems

_STABLE = ("name", "location")
"""Outputs that never change in an update, so that a preview can pass them on."""
_NAMING_MODES: dict[int, Literal["propose", "enforce", "disable"]] = {0: "propose", 1: "enforce", 2: "disable"}


class AzureNative(provider_pb2_grpc.ResourceProviderServicer):
    """One provider: the engine starts a process for each."""

    def __init__(self, version: str, state: Path) -> None:
        self._version = version
        self._client = Client(state)
        self._settings: Settings | None = None
        self._group_locations: dict[str, str] = {}

    @cached_property
    def settings(self) -> Settings:
        """The configuration; raises ValueError before `Configure`."""
        if self._settings is None:
            raise ValueError("the provider is not configured")
        return self._settings

    @answering
    def GetPluginInfo(self, request: Any, context: Any) -> Any:
        return plugin_pb2.PluginInfo(version=self._version)

    @answering
    def GetSchema(self, request: Any, context: Any) -> Any:
        with ONE_IMPORT:
            from offline.plugin.schema import package

        return provider_pb2.GetSchemaResponse(schema=json.dumps(package(self._version)))

    @answering
    def CheckConfig(self, request: Any, context: Any) -> Any:
        return provider_pb2.CheckResponse(inputs=request.news)

    @answering
    def DiffConfig(self, request: Any, context: Any) -> Any:
        return provider_pb2.DiffResponse()

    @answering
    def Configure(self, request: Any, context: Any) -> Any:
        self._settings = Settings.of(request.variables, os.environ)
        return provider_pb2.ConfigureResponse(supportsPreview=True, supports_autonaming_configuration=True)

    @answering
    def Cancel(self, request: Any, context: Any) -> Any:
        return empty_pb2.Empty()

    @answering
    def Invoke(self, request: Any, context: Any) -> Any:
        with ONE_IMPORT:
            from offline.plugin.functions import invoke

        answer = invoke(request.tok, values.read(request.args), self._client, self.settings)
        response = provider_pb2.InvokeResponse()
        getattr(response, "return").CopyFrom(values.write(answer))
        return response

    @answering
    def Check(self, request: Any, context: Any) -> Any:
        of = _type(request)
        given = values.read(request.news)
        naming = _naming(request)
        inputs = fill_in(of, given, values.read(request.olds), naming, self.settings.location, self._location_of)
        failures = [provider_pb2.CheckFailure(reason=problem) for problem in problems(of, inputs)]
        return provider_pb2.CheckResponse(inputs=values.write(inputs), failures=failures)

    @answering
    def Diff(self, request: Any, context: Any) -> Any:
        old, new = values.read(request.old_inputs), values.read(request.news)
        changes = difference(_type(request), old, new, values.read(request.olds))
        replaces = [path for path, change in changes.items() if change.replaces]
        return provider_pb2.DiffResponse(
            changes=provider_pb2.DiffResponse.DIFF_SOME if changes else provider_pb2.DiffResponse.DIFF_NONE,
            diffs=sorted({path.split(".")[0].split("[")[0] for path in changes}),
            replaces=replaces,
            deleteBeforeReplace=bool(replaces) and old.get(CREATE_BEFORE_DELETE) is not True,
            detailedDiff={path: _property_diff(change) for path, change in changes.items()},
            hasDetailedDiff=True,
        )

    @answering
    def Create(self, request: Any, context: Any) -> Any:
        of, inputs = _type(request), values.read(request.properties)
        if request.preview:
            return provider_pb2.CreateResponse(properties=values.write(_expected(of, inputs)))
        resource_id, outputs = self._resources(of).create(inputs)
        return provider_pb2.CreateResponse(id=resource_id, properties=values.write(outputs))

    @answering
    def Update(self, request: Any, context: Any) -> Any:
        of, inputs = _type(request), values.read(request.news)
        if request.preview:
            old = values.read(request.olds)
            outputs = _expected(of, inputs) | {name: old[name] for name in _STABLE if name in old}
        else:
            outputs = self._resources(of).update(inputs)
        return provider_pb2.UpdateResponse(properties=values.write(outputs))

    @answering
    def Read(self, request: Any, context: Any) -> Any:
        inputs = values.read(request.inputs) if request.HasField("inputs") and request.inputs.fields else None
        found = self._resources(_type(request)).read(request.id, inputs, values.read(request.properties))
        if found is None:
            return provider_pb2.ReadResponse()
        return provider_pb2.ReadResponse(id=request.id, inputs=values.write(found[0]), properties=values.write(found[1]))

    @answering
    def Delete(self, request: Any, context: Any) -> Any:
        self._resources(_type(request)).delete(request.id)
        return empty_pb2.Empty()

    def _resources(self, of: ResourceType) -> Any:
        if of.is_blob:
            with ONE_IMPORT:
                from offline.plugin.blobs import Blobs

            return Blobs(self._client, of, self.settings.subscription)
        with ONE_IMPORT:
            from offline.plugin.resources import Resources

        return Resources(self._client, of, self.settings.subscription)

    def _location_of(self, group: str) -> str | None:
        if group not in self._group_locations:
            found = self._client.store.get(f"/subscriptions/{self.settings.subscription}/resourceGroups/{group}")
            if found is None:
                return None
            self._group_locations[group] = found["location"]
        return self._group_locations[group]


def _type(request: Any) -> ResourceType:
    return resource_type(token_of(request.urn))


def _expected(of: ResourceType, inputs: Json) -> Json:
    version = {"azureApiVersion": of.api_version} if of.api_version else {}
    return projection.preview(inputs, of.outputs) | version


def _property_diff(change: Change) -> Any:
    kind = change.kind.upper() + ("_REPLACE" if change.replaces else "")
    # Paths are of inputs: the CLI then shows the old input, not the old output of that name.
    return provider_pb2.PropertyDiff(kind=provider_pb2.PropertyDiff.Kind.Value(kind), inputDiff=True)


def _naming(request: Any) -> Naming:
    name = request.urn.rsplit("::", 1)[-1]
    if not request.HasField("autonaming"):
        return Naming(name, request.randomSeed)
    options = request.autonaming
    return Naming(name, request.randomSeed, _NAMING_MODES[options.mode], options.proposed_name)


def register(server: grpc.Server, provider: AzureNative) -> None:
    """Adds the provider to a server."""
    provider_pb2_grpc.add_ResourceProviderServicer_to_server(provider, server)
