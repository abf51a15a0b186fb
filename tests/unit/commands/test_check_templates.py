"""ARM templates."""

from typing import Any

import pytest

from azure_scaleset.commands.checked_file import resources_in
from azure_scaleset.commands.template_file import Template
from azure_scaleset.rules.value import UNKNOWN

SET = "Microsoft.Compute/virtualMachineScaleSets"


def template(*resources: Any, **more: Any) -> dict[str, Any]:
    """A template."""
    return {
        "$schema": "https://schema.management.azure.com/…/deploymentTemplate.json#",
        "contentVersion": "1.0.0.0",
        "resources": list(resources),
        **more,
    }


def read(document: Any) -> list[tuple[str, Any]]:
    """Name and inputs of each resource."""
    found = resources_in(document)
    assert found is not None
    return [(each.name, each.inputs) for each in found]


def test_parameters_and_variables() -> None:
    """A plain default or variable counts, also through another; other expressions aren't known."""
    document = template(
        {
            "type": SET,
            "name": "[parameters('NAME')]",
            "sku": {"capacity": "[variables('count')]", "name": "[concat('a', 'b')]"},
            "tags": {"kept": "[[literal]", "none": "[parameters('given')]"},
        },
        parameters={
            "name": {"type": "string", "defaultValue": "web"},
            "count": {"type": "int", "defaultValue": 3},
            "given": {"type": "string"},
        },
        variables={"count": "[parameters('count')]"},
    )

    assert read(document) == [
        ("web", {"vmScaleSetName": "web", "sku": {"capacity": 3, "name": UNKNOWN}, "tags": {"kept": "[literal]", "none": UNKNOWN}})
    ]


@pytest.mark.parametrize("kind", ["securestring", "secureObject"])
def test_secure_parameters_are_not_read(kind: str) -> None:
    """Their default neither."""
    document = template(
        {"type": SET, "name": "web", "properties": {"virtualMachineProfile": "[parameters('secret')]"}},
        parameters={"secret": {"type": kind, "defaultValue": "hunter2"}},
    )

    assert read(document) == [("web", {"vmScaleSetName": "web", "virtualMachineProfile": UNKNOWN})]


def test_a_variable_that_names_itself() -> None:
    """Isn't known."""
    assert Template({"variables": {"a": "[variables('a')]"}}).resolved("[variables('a')]") is UNKNOWN


def test_resources_within_a_resource() -> None:
    """Their type and name are completed by the owner's."""
    extension = {"type": "extensions", "name": "app", "properties": {"type": "CustomScript"}}

    assert read(template({"type": SET, "name": "web", "resources": [extension]})) == [
        ("web", {"vmScaleSetName": "web"}),
        ("web/app", {"vmScaleSetName": "web", "vmssExtensionName": "app", "type": "CustomScript"}),
    ]


def test_symbolic_names() -> None:
    """The resources are a map; what exists already is not the template's."""
    document = {**template(), "resources": {"a": {"type": SET, "name": "web"}, "b": {"type": SET, "name": "x", "existing": True}}}

    assert read(document) == [("web", {"vmScaleSetName": "web"})]


def test_a_loop_in_the_properties_makes_an_unknown_list() -> None:
    """It isn't spelt out."""
    disks = {"copy": [{"name": "dataDisks", "count": 2, "input": {"lun": "[copyIndex('dataDisks')]"}}], "osDisk": {}}

    assert read(template({"type": SET, "name": "web", "properties": {"virtualMachineProfile": {"storageProfile": disks}}})) == [
        ("web", {"vmScaleSetName": "web", "virtualMachineProfile": {"storageProfile": {"osDisk": {}, "dataDisks": UNKNOWN}}})
    ]


@pytest.mark.parametrize(("scope", "capacity"), [("inner", 5), ("outer", 2)])
def test_a_nested_deployment(scope: str, capacity: int) -> None:
    """With parameters of its own, or those of the outer template."""
    inner = template({"type": SET, "name": "web", "sku": {"capacity": "[parameters('count')]"}}, parameters={"count": {"type": "int"}})
    deployment = {
        "type": "Microsoft.Resources/deployments",
        "name": "inner",
        "properties": {
            "expressionEvaluationOptions": {"scope": scope},
            "parameters": {"count": {"value": "[parameters('large')]"}},
            "template": inner,
        },
    }
    parameters = {"count": {"type": "int", "defaultValue": 2}, "large": {"type": "int", "defaultValue": 5}}

    assert read(template(deployment, parameters=parameters)) == [("web", {"vmScaleSetName": "web", "sku": {"capacity": capacity}})]


def test_properties_that_are_an_expression_are_not_absent() -> None:
    """Nothing is known of the set, and no rule says that something is missing."""
    found = resources_in(template({"type": SET, "name": "web", "properties": "[variables('all')]"}))

    assert found is not None
    assert found[0].inputs is UNKNOWN
