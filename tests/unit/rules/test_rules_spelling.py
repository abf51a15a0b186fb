"""The models of the cases are spelt as azure-native spells them: so are the properties that the rules read."""

from typing import Any

import pulumi_azure_native.compute as compute
import pulumi_azure_native.monitor as monitor
import pulumi_azure_native.network as network
import pytest

from azure_scaleset.rules.rule import Target
from tests.unit.rules.cases.case import Case, edited
from tests.unit.rules.test_fixtures import misspelt_properties
from tests.unit.rules.test_rules import BY_NAME, CASES, identity

ARGUMENTS: dict[Target, Any] = {
    Target.SCALE_SET: compute.VirtualMachineScaleSetArgs,
    Target.EXTENSION: compute.VirtualMachineScaleSetExtensionInitArgs,
    Target.AUTOSCALE: monitor.AutoscaleSettingArgs,
    Target.LOAD_BALANCER: network.LoadBalancerArgs,
    Target.GALLERY_IMAGE: compute.GalleryImageArgs,
    Target.GALLERY_IMAGE_VERSION: compute.GalleryImageVersionArgs,
}


def parts(target: Target, model: Any) -> list[tuple[Any, Any]]:
    """The resources of a model, each with the class of its inputs."""
    if target is Target.LIVE:
        return [(model["scale_set"], ARGUMENTS[Target.SCALE_SET])]
    if target is Target.LIVING:
        return [(model[side], ARGUMENTS[Target.SCALE_SET]) for side in ("old", "new", "live")]
    if target is Target.KEPT:
        balancers = [(model[side], ARGUMENTS[Target.LOAD_BALANCER]) for side in ("before", "after")]
        return [(model["scale_set"], ARGUMENTS[Target.SCALE_SET]), *balancers]
    if target is not Target.TOGETHER:
        return [(model, ARGUMENTS[target])]
    lists = (
        ("load_balancers", network.LoadBalancerArgs),
        ("subnets", network.SubnetInitArgs),
        ("extensions", ARGUMENTS[Target.EXTENSION]),
    )
    return [
        (model["scale_set"], ARGUMENTS[Target.SCALE_SET]),
        (model["autoscale"], ARGUMENTS[Target.AUTOSCALE]),
        *((each, arguments) for name, arguments in lists for each in model[name]),
    ]


@pytest.mark.parametrize("case", CASES, ids=identity)
def test_properties_of_cases_exist(case: Case) -> None:
    """A rule that reads a property by a wrong name would find nothing in real inputs."""
    target = BY_NAME[case.rule].target
    models = [part for edit in (case.wrong, case.right) for part in parts(target, edited(case.on, case.given, edit))]

    assert [
        told for model, arguments in models for told in misspelt_properties(model, arguments, "") if told.endswith("no such property")
    ] == []
