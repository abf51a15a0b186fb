"""What other languages and editors read of the components."""

from importlib.metadata import version

import azure_scaleset
from azure_scaleset.plugin import components
from stacks import schema
from tools import components_document, package_schema
from tools.schema_changes import default


def test_every_input_output_and_enum_value_is_documented() -> None:
    """No property of the package is without a description: they are the reference in every language."""
    found = package_schema.schema()
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


def test_every_input_says_whether_it_is_needed_and_its_default() -> None:
    """`Required`, `Optional` or `Conditional` begins each description, as the schema has it, and more than the word follows; what is optional tells its default."""
    found = package_schema.schema()
    wrong = []
    for token, owner in [*found["resources"].items(), *found["types"].items()]:
        inputs, required = owner.get("inputProperties", owner.get("properties", {})), owner.get("requiredInputs", owner.get("required", []))
        for name, value in inputs.items():
            first, _, rest = str(value["description"]).partition(".")
            expected = ("Required",) if name in required else ("Optional", "Conditional")
            told = first.startswith(expected) and (rest.strip() or ": " in first)
            if not told or (first.startswith("Optional") and default(value) is None):
                wrong.append(f"{token}.{name}: {value['description']}")

    assert wrong == []


def test_the_committed_schema_is_up_to_date() -> None:
    """components/schema.json is what `python -m tools.package_schema` writes today: a change of what other languages see is seen in review."""
    assert package_schema.FILE.read_text() == package_schema.text()


def test_the_reference_is_up_to_date() -> None:
    """docs/components.md is what `python -m tools.package_schema` writes today."""
    assert components_document.FILE.read_text() == components_document.text(package_schema.schema(), components_document.recorded_states())


def test_one_version() -> None:
    """What is installed, and what the plugin tells the engine, is the version in components/pyproject.toml."""
    assert version("azure-scaleset") == package_schema.version() == package_schema.schema()["version"]


def test_public_names() -> None:
    """The package exports its components and its error, sorted; the plugin hosts the components."""
    assert azure_scaleset.__all__ == sorted(azure_scaleset.__all__)
    assert [each.__name__ for each in components()] == [name for name in azure_scaleset.__all__ if name != "ArgumentError"]
    assert {f"azure-scaleset:index:{each.__name__}" for each in components()} == set(package_schema.schema()["resources"])


def test_the_editors_schema_is_up_to_date() -> None:
    """stacks/schema.json is what `python -m stacks.schema` writes today."""
    assert schema.FILE.read_text() == schema.text()
