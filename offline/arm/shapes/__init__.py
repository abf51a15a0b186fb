"""Bodies of ARM described by Azure's own Python SDK: what a model looks like, checks on it, and azure-native's flattened form of it."""

from offline.arm.shapes.check import check
from offline.arm.shapes.describe import shape
from offline.arm.shapes.description import Field, Kind, Shape
from offline.arm.shapes.flat import flatten, nest, properties
from offline.arm.shapes.leniency import as_typed

__all__ = ["Field", "Kind", "Shape", "as_typed", "check", "flatten", "nest", "properties", "shape"]
