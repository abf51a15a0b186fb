"""Pulumi components that deploy applications on Azure virtual machine scale sets."""

from azure_scaleset.errors import ArgumentError
from azure_scaleset.extension import ScaleSetExtension
from azure_scaleset.images.built_image import BuiltImage
from azure_scaleset.images.captured_image import CapturedImage
from azure_scaleset.images.gallery_image import GalleryImage
from azure_scaleset.network import Network
from azure_scaleset.scale_set import ScaleSet
from azure_scaleset.staged import StagedScaleSet

__all__ = ["ArgumentError", "BuiltImage", "CapturedImage", "GalleryImage", "Network", "ScaleSet", "ScaleSetExtension", "StagedScaleSet"]
