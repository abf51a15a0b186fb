"""The arguments of `ScaleSetExtension`."""

from typing import NotRequired, TypedDict

import pulumi

from azure_scaleset.extensions.arguments import Extension
from azure_scaleset.extensions.context import OperatingSystem
from azure_scaleset.payload_store import PayloadStore
from azure_scaleset.rollout.arguments import Rollout


class ScaleSetExtensionArgs(TypedDict):
    """Arguments of `ScaleSetExtension`."""

    scale_set_id: pulumi.Input[str]
    """Required. Resource id of a scale set that exists: made by hand, by `az`, by Terraform, by another program. One of the component `ScaleSet` is refused: it
    has its extensions in its own model, and each of its updates would remove this one (X18)."""

    os: OperatingSystem
    """Required. The operating system of its instances."""

    extension: Extension
    """Required. What is added. `after` may name extensions that the scale set has."""

    payload_store: NotRequired[PayloadStore]
    """Conditional: required where local content is uploaded (`files`, a large `script`, a `source`). Container and identity from which the instances read; the
    identity must be assigned to the scale set already, because its model is never touched."""

    rollout: NotRequired[Rollout]
    """Optional. How `up` brings the extension to the running instances, and what it waits for. Default: it waits for all of them."""

    ignore_rules: NotRequired[list[str]]
    """Optional. Ids of rules (docs/rules.md) that are wrong about the extension: what they find is told, and sent all the same. Default: none."""
