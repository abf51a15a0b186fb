"""What other languages and editors read of the components."""

from importlib.metadata import version
from typing import Any

from pulumi.provider.experimental.analyzer import Analyzer
from pulumi.provider.experimental.schema import generate_schema

import azure_scaleset
from azure_scaleset import Network, ScaleSet, StagedScaleSet
from stacks import schema


def package_schema() -> dict[str, Any]:
    """The schema that the plugin gives."""
    result = Analyzer("azure-scaleset").analyze([Network, ScaleSet, StagedScaleSet])
    found: dict[str, Any] = generate_schema(
        name="azure-scaleset",
        version=version("azure-scaleset"),
        namespace=None,
        components=result["component_definitions"],
        type_definitions=result["type_definitions"],
        dependencies=list(result["dependencies"]),
    ).to_json()
    return found


def test_every_input_output_and_enum_value_is_documented() -> None:
    """No property of the package is without a description: they are the reference in every language."""
    found = package_schema()
    bare = []
    for token, resource in found["resources"].items():
        bare += [
            f"{token}.{name}"
            for name, value in {**resource["inputProperties"], **resource["properties"]}.items()
            if not value.get("description")
        ]
    for token, of_type in found["types"].items():
        bare += [f"{token}.{name}" for name, value in of_type.get("properties", {}).items() if not value.get("description")]
        bare += [f"{token}.{value['name']}" for value in of_type.get("enum", []) if not value.get("description")]

    assert bare == []


def test_tokens() -> None:
    """The components' tokens are the names that programs in every language use."""
    assert sorted(package_schema()["resources"]) == [
        "azure-scaleset:index:Network",
        "azure-scaleset:index:ScaleSet",
        "azure-scaleset:index:StagedScaleSet",
    ]


def test_public_names() -> None:
    """The package exports its components and its error, sorted."""
    assert azure_scaleset.__all__ == ["ArgumentError", "Network", "ScaleSet", "StagedScaleSet"]


def test_the_editors_schema_is_up_to_date() -> None:
    """stacks/schema.json is what `python -m stacks.schema` writes today."""
    assert schema.FILE.read_text() == schema.text()
