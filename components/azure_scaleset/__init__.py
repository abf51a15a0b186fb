"""Pulumi components that deploy applications on Azure virtual machine scale sets."""

from azure_scaleset.errors import ArgumentError
from azure_scaleset.network import Network
from azure_scaleset.scale_set import ScaleSet
from azure_scaleset.staged import StagedScaleSet

__all__ = ["ArgumentError", "Network", "ScaleSet", "StagedScaleSet"]
