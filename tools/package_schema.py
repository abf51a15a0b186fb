"""`python -m tools.package_schema`: writes the package's schema, as the plugin gives it, to components/schema.json, and the reference, docs/components.md."""

import json
import tomllib
from typing import Any

from pulumi.provider.experimental.analyzer import Analyzer
from pulumi.provider.experimental.schema import generate_schema

from azure_scaleset.plugin import NAME, components
from offline.workspace import CHECKOUT
from tools import components_document

FILE = CHECKOUT / "components" / "schema.json"


def version() -> str:
    """The package's version: components/pyproject.toml is the one place that has it."""
    number: str = tomllib.loads((CHECKOUT / "components" / "pyproject.toml").read_text())["project"]["version"]
    return number


def schema() -> dict[str, Any]:
    """The schema of the components as they are now."""
    result = Analyzer(NAME).analyze(components())
    found: dict[str, Any] = generate_schema(
        name=NAME,
        version=version(),
        namespace=None,
        components=result["component_definitions"],
        type_definitions=result["type_definitions"],
        dependencies=list(result["dependencies"]),
    ).to_json()
    return found


def text() -> str:
    """The file's text: sorted, so that a difference shows what changed and nothing else."""
    return json.dumps(schema(), indent=2, ensure_ascii=False, sort_keys=True) + "\n"


if __name__ == "__main__":
    FILE.write_text(text())
    components_document.FILE.write_text(components_document.text(schema(), components_document.recorded_states()))
