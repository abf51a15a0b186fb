"""The bare side of the benchmark: makes the resources that stand in `resources.json`, with pulumi_azure_native alone."""

import importlib
import json
from pathlib import Path
from typing import Any

import pulumi


def make(number: int, resource: dict[str, Any]) -> None:
    """One resource, by its token and inputs."""
    _, module, name = resource["type"].split(":")
    of_type = getattr(importlib.import_module(f"pulumi_azure_native.{module}"), name)
    python_names = {camel(python): python for python in of_type._internal_init.__annotations__}
    inputs = {python_names[key]: value for key, value in resource["inputs"].items() if key in python_names}
    if "source" in inputs:
        inputs["source"] = pulumi.StringAsset("payload")
    of_type(f"{resource['name']}-{number}", **inputs)


def camel(name: str) -> str:
    """`vm_scale_set_name` -> `vmScaleSetName`."""
    first, *rest = name.rstrip("_").split("_")
    return first + "".join(part.capitalize() for part in rest)


if __name__ == "__main__":
    for position, each in enumerate(json.loads(Path("resources.json").read_text())):
        make(position, each)
