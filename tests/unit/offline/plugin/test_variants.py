"""Objects that may have one of several shapes (`type: Shell`): checked, flattened, foreseen and described by the shape that they say they have."""

from typing import Any

from azure.mgmt.imagebuilder.models import ImageTemplate

from offline.arm.shapes import flatten, nest
from offline.plugin.projection import inputs_of, preview
from offline.plugin.schema import package
from offline.plugin.tokens import TYPES
from offline.plugin.validation import problems
from offline.plugin.values import UNKNOWN

TEMPLATE = TYPES["azure-native:virtualmachineimages:VirtualMachineImageTemplate"]


def template(**properties: Any) -> dict[str, Any]:
    """The inputs of a template, as a program gives them."""
    own = {
        "resourceGroupName": "rg",
        "imageTemplateName": "web",
        "location": "westeurope",
        "identity": {"type": "UserAssigned", "userAssignedIdentities": ["/identity"]},
        "source": {"type": "PlatformImage", "publisher": "a", "offer": "b", "sku": "c", "version": "latest"},
        "customize": [{"type": "Shell", "name": "install", "inline": ["true"]}],
        "distribute": [
            {"type": "SharedImage", "runOutputName": "x", "galleryImageId": "/image", "versioning": {"scheme": "Latest", "major": 1}}
        ],
    }
    return {**own, **properties}


def test_right_inputs_have_no_problem() -> None:
    """Each object is checked by its own shape."""
    assert problems(TEMPLATE, template()) == []


def test_a_property_of_another_kind_is_missed() -> None:
    """A kind that there is not, and what a kind requires."""
    wrong = template(customize=[{"type": "Bash"}], distribute=[{"type": "SharedImage", "runOutputName": "x"}])
    assert sorted(problems(TEMPLATE, wrong)) == [
        "'customize[0].type' should be one of File, PowerShell, WindowsRestart, Shell, WindowsUpdate but got 'Bash'",
        "missing required property 'distribute[0].galleryImageId'",
    ]


def test_nesting_and_flattening_keep_the_kinds() -> None:
    """Whole floats become integers within them, too."""
    values = {name: value for name, value in template().items() if name not in TEMPLATE.parameters}
    values["distribute"][0]["versioning"]["major"] = 1.0
    body = nest(values, ImageTemplate)
    assert body["properties"]["distribute"][0]["versioning"] == {"scheme": "Latest", "major": 1}
    assert flatten(body, ImageTemplate)["customize"] == values["customize"]


def test_preview_and_refresh_know_the_kinds() -> None:
    """What Azure adds to the source is unknown in a preview, and no input after a refresh."""
    foreseen = preview(template(), TEMPLATE.outputs)
    source = {**template()["source"], "exactVersion": "1.0.0"}
    assert foreseen["source"]["exactVersion"] is UNKNOWN
    assert inputs_of({"source": source}, TEMPLATE.outputs)["source"] == template()["source"]


def test_schema_names_the_kinds() -> None:
    """For YAML programs: one of the shapes, told apart by a constant."""
    described = package("3.29.0")
    items = described["resources"][TEMPLATE.token]["inputProperties"]["customize"]["items"]
    shell = described["types"]["azure-native:virtualmachineimages:ImageTemplateShellCustomizer"]["properties"]
    assert (items["discriminator"]["propertyName"], items["discriminator"]["mapping"]["Shell"], shell["type"]) == (
        "type",
        "#/types/azure-native:virtualmachineimages:ImageTemplateShellCustomizer",
        {"type": "string", "const": "Shell"},
    )
