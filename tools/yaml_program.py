"""A stack of this project as a YAML program that consumes the package through its plugin: the same resources, by the same names."""

import enum
import json
import typing
from collections.abc import Mapping
from typing import Any

import yaml

from azure_scaleset.arguments import NetworkAttachment, ScaleSetArgs
from azure_scaleset.network_arguments import NetworkArgs
from azure_scaleset.shape import element, fields, plain
from azure_scaleset.staged_arguments import StagedScaleSetArgs
from stacks import images, settings

PASSWORD = "adminPassword"
"""The program's configuration key of a Windows administrator's password: a secret."""
SSH_KEY = "sshPublicKey"
"""That of a Linux administrator's public key."""


def text(project: str, stack: str, keys: Mapping[str, Any]) -> str:
    """The program's `Pulumi.yaml`. *keys*: those of the stack file, without namespace and credentials."""
    # A round trip, because the writer would make references of parts that occur twice.
    return yaml.safe_dump(json.loads(json.dumps(program(project, stack, keys))), sort_keys=False, width=200)


def program(project: str, stack: str, keys: Mapping[str, Any]) -> dict[str, Any]:
    """The program as a document."""
    windows = str(keys["os"]).lower() == "windows"
    credential = {"password": "Placeholder-1"} if windows else {"sshPublicKeys": ["ssh-ed25519 placeholder"]}
    read = settings.read({**keys, "admin": {**keys.get("admin", {}), **credential}}, project, stack)
    tags = {"stack": "${pulumi.stack}", **_escaped(read.tags)}
    place = {"resourceGroupName": "${group.name}", "location": read.location, "tags": tags}
    pools = [*read.attachment.get("backend_pool_ids", []), *(["${network.backendPoolId}"] if "load_balancer" in read.network else [])]
    attachment = {
        **_camel(read.attachment, NetworkAttachment),
        "subnetId": "${network.subnetId}",
        **({"backendPoolIds": pools} if pools else {}),
        **({"healthProbeId": "${network.probeId}"} if read.probe_is_health_signal else {}),
    }
    scale_set = {**place, "network": attachment, **_camel(read.scale_set, ScaleSetArgs)}
    scale_set["admin"] = {
        **scale_set["admin"],
        **({"password": f"${{{PASSWORD}}}"} if windows else {"sshPublicKeys": [f"${{{SSH_KEY}}}"]}),
    }
    image: dict[str, Any] = {}
    if read.image is not None:
        maker = read.image.key[0].upper() + read.image.key[1:]
        arguments = {**place, **_camel(read.image.arguments, images.TYPES[read.image.key])}
        image[f"{read.name}-image"] = {"type": f"azure-scaleset:index:{maker}", "properties": arguments}
        scale_set["image"] = f"${{{read.name}-image.imageId}}"
    component = {"type": "azure-scaleset:index:ScaleSet", "properties": scale_set}
    outputs = {"scaleSetId": f"${{{read.name}.scaleSetId}}", "address": "${network.address}"}
    if read.staged is not None:
        staged = {"scaleSet": scale_set, **_camel(read.staged, StagedScaleSetArgs)}
        component = {"type": "azure-scaleset:index:StagedScaleSet", "properties": staged}
        outputs = {"scaleSetIds": f"${{{read.name}.scaleSetIds}}", "address": f"${{{read.name}.address}}"}
    return {
        "name": project,
        "runtime": "yaml",
        "config": {PASSWORD: {"type": "string", "secret": True}} if windows else {SSH_KEY: {"type": "string"}},
        "resources": {
            "group": {
                "type": "azure-native:resources:ResourceGroup",
                "properties": {"resourceGroupName": "${pulumi.project}-${pulumi.stack}", "location": read.location, "tags": tags},
            },
            "network": {"type": "azure-scaleset:index:Network", "properties": {**place, **_camel(read.network, NetworkArgs)}},
            **image,
            read.name: component,
        },
        "outputs": {"resourceGroupName": "${group.name}", **outputs},
    }


def _camel(value: Any, of: Any) -> Any:
    """*value* of the type *of* with the names that it has outside of Python: what `shape.read` undoes."""
    of = plain(of)
    if typing.is_typeddict(of) and isinstance(value, Mapping):
        return {name: _camel(value[python], hint) for name, (python, hint, _) in fields(of).items() if python in value}
    if isinstance(value, enum.Enum):
        return value.value
    if isinstance(value, Mapping) and typing.get_origin(of) is dict:
        return {key: _camel(item, element(of)) for key, item in value.items()}
    if isinstance(value, list) and typing.get_args(of):
        return [_camel(item, element(of)) for item in value]
    return _escaped(value)


def _escaped(value: Any) -> Any:
    """*value* without anything that YAML programs would fill in."""
    if isinstance(value, str):
        return value.replace("${", "$${")
    if isinstance(value, Mapping):
        return {key: _escaped(item) for key, item in value.items()}
    return [_escaped(item) for item in value] if isinstance(value, list) else value
