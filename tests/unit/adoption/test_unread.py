"""What Azure never shows of an adopted scale set, and the refusal of an update without it."""

from typing import Any

import pytest

from azure_scaleset import problems
from azure_scaleset.arguments import ScaleSetArgs
from azure_scaleset.shape import fields, read_fields

ID = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Compute/virtualMachineScaleSets/web"
SET: dict[str, Any] = {
    "resourceGroupName": "g",
    "os": "Windows",
    "image": "Win2022Datacenter",
    "size": "Standard_D2s_v5",
    "admin": {"username": "azureuser"},
    "network": {"subnetId": "subnet"},
    "extensions": [{"name": "App", "custom": {"publisher": "p", "type": "t", "version": "1.0"}}],
}
UNREAD = ["admin.password", "customData", "extensions.App.protectedSettings"]
ADVICE = "Azure doesn't show it: an update could lose it (adopt.unread). Give it: pulumi config set --secret --path"


def found(adopt: dict[str, Any], **more: Any) -> list[str]:
    """The problems of the set with this `adopt`."""
    wrong: list[str] = []
    args: ScaleSetArgs = read_fields({**SET, "adopt": {"scaleSetId": ID, **adopt}, **more}, fields(ScaleSetArgs), "", wrong)  # type: ignore[assignment]  # it gives what its table says
    assert wrong == []
    return problems.find("web", args)


def test_as_found_nothing_is_missing() -> None:
    """Not even the password of a Windows set: nothing is sent."""
    assert found({"asFound": True, "unread": UNREAD}) == []


def test_each_is_asked_for_with_its_command() -> None:
    """All at once, before an update."""
    told = found({"unread": UNREAD})

    assert [problem.removesuffix(" (or take it off adopt.unread, if the scale set has none).") for problem in told] == [
        "admin.password is missing. Windows needs one (N15): set it with `pulumi config set --secret --path azure-scaleset:admin.password`.",
        f"admin.password is not given, and {ADVICE} 'azure-scaleset:admin.password'",
        f"customData is not given, and {ADVICE} 'azure-scaleset:customData'",
        f"extensions.App.protectedSettings is not given, and {ADVICE} 'azure-scaleset:extensions[0].custom.protectedSettings.KEY'",
    ]


def test_what_is_given_is_not_asked_for() -> None:
    """Values, and an extension of another kind under the same name, which brings its own."""
    script = [{"name": "App", "customScript": {"commandToExecute": "install"}}]
    given = {"admin": {"password": "Not-a-real-1-password"}, "customData": "text", "extensions": script}

    assert found({"unread": UNREAD}, **given) == []


@pytest.mark.parametrize(
    ("adopt", "more", "problem"),
    [
        (
            {"scaleSetId": "web"},
            {},
            "adopt.scaleSetId is 'web'. Expected /subscriptions/…/resourceGroups/…/providers/Microsoft.Compute/virtualMachineScaleSets/…, as "
            "`az vmss list --query [].id` shows it.",
        ),
        ({"unread": ["x"]}, {}, "adopt.unread[0] is 'x'. Expected admin.password, customData or extensions.NAME.protectedSettings."),
        ({}, {"resourceGroupName": "h"}, "resourceGroupName is 'h', and the scale set of adopt.scaleSetId is in 'g'. Give that one."),
        (
            {},
            {"replaceWhenImmutable": True},
            "replaceWhenImmutable is true, but an adopted scale set keeps its name, and two of one name can't be. Remove it.",
        ),
        (
            {},
            {"autoscale": {"minimum": 1, "maximum": 2}},
            "autoscale is given, but with adopt.asFound nothing is changed. Add it after asFound was taken away.",
        ),
    ],
    ids=["no id", "no such entry", "another group", "a replacement", "autoscale"],
)
def test_what_does_not_go_together(adopt: dict[str, Any], more: dict[str, Any], problem: str) -> None:
    """Each names the argument, what was given, what to do."""
    assert found({"asFound": True, **adopt}, **more) == [problem]
