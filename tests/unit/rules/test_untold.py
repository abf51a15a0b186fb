"""What Azure never tells of a scale set that it has isn't taken for absent."""

import copy
from pathlib import Path
from typing import Any

import pytest
import yaml

from azure_scaleset.commands.checked_file import resources_in
from azure_scaleset.rules import UNKNOWN, Severity
from azure_scaleset.rules.resource_kind import ResourceKind
from azure_scaleset.rules.stack_check import check_stack
from azure_scaleset.rules.untold import with_untold
from tests.unit.rules.test_arm_model import FILES, as_the_azure_cli_prints

PROFILE = "virtualMachineProfile"
SECRET = ("adminPassword", "customData", "userData", "protectedSettings")


def answer(inputs: dict[str, Any]) -> dict[str, Any]:
    """What `az vmss show` prints of a set with *inputs*."""

    def told(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: told(item) if key not in SECRET else None for key, item in value.items()}
        return [told(item) for item in value] if isinstance(value, list) else value

    printed: dict[str, Any] = as_the_azure_cli_prints(told(copy.deepcopy(inputs)))
    for extension in (printed.get(PROFILE) or {}).get("extensionProfile", {}).get("extensions", []):
        extension["typePropertiesType"] = extension.pop("type")
    return {**printed, "type": "Microsoft.Compute/virtualMachineScaleSets", "name": "web", "provisioningState": "Succeeded"}


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.stem))
def test_a_set_that_azure_has_gives_no_error(file: Path) -> None:
    """As `az vmss show` prints it: without password, custom data, user data and protected settings."""
    found = resources_in(answer(yaml.safe_load(file.read_text(encoding="utf-8"))["inputs"]))

    assert found is not None
    assert [each.problem for each in check_stack(found) if each.problem.severity is Severity.ERROR] == []


def test_only_an_answer_has_more_than_it_tells() -> None:
    """A body that is to be sent has what it has; what an answer does tell stays."""
    sent = {PROFILE: {"osProfile": {}, "extensionProfile": {"extensions": [{"name": "a"}, UNKNOWN]}}}
    told = {**sent, "provisioningState": "Succeeded"}
    extension = {"provisioningState": "Succeeded", "protectedSettings": None}

    assert with_untold(sent, ResourceKind.SCALE_SET) == sent
    assert with_untold(told, ResourceKind.SCALE_SET)[PROFILE] == {
        "osProfile": {"adminPassword": UNKNOWN, "customData": UNKNOWN},
        "extensionProfile": {"extensions": [{"name": "a", "protectedSettings": UNKNOWN}, UNKNOWN]},
        "userData": UNKNOWN,
    }
    assert with_untold(extension, ResourceKind.EXTENSION)["protectedSettings"] is UNKNOWN
    assert with_untold(UNKNOWN, ResourceKind.SCALE_SET) is UNKNOWN
