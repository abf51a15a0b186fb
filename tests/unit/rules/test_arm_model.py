"""Azure Resource Manager's bodies in azure-native's input shape."""

from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import yaml
from azure.mgmt.compute import models as compute
from azure.mgmt.monitor import models as monitor
from azure.mgmt.network import models as network

from azure_scaleset.rules.arm_model import ACRONYMS, inputs_of
from azure_scaleset.rules.resource_kind import ResourceKind
from azure_scaleset.rules.value import UNKNOWN
from offline.arm.shapes import nest
from offline.arm.shapes.describe import shape

FILES = sorted((Path(__file__).parents[2] / "fixtures" / "models").glob("*.yaml"))
NAMES = {"resourceGroupName", "vmScaleSetName"}


def read(file: Path) -> dict[str, Any]:
    """The inputs of a model that Azure accepts, without the names."""
    inputs: dict[str, Any] = yaml.safe_load(file.read_text(encoding="utf-8"))["inputs"]
    return {key: value for key, value in inputs.items() if key not in NAMES}


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.stem))
def test_a_body_comes_back_as_its_inputs(file: Path) -> None:
    """Nested by Azure's own description of the body, and lifted again: what azure-native was given."""
    inputs = read(file)

    assert inputs_of(nest(inputs, compute.VirtualMachineScaleSet), ResourceKind.SCALE_SET) == inputs


def as_the_azure_cli_prints(value: Any, key: str = "") -> Any:
    """*value* with each run of capitals in its properties' names as one capital; maps of the user's stay."""
    if key in ("settings", "protectedSettings", "tags"):
        return value
    if isinstance(value, dict):
        return {one_capital(name): as_the_azure_cli_prints(item, name) for name, item in value.items()}
    return [as_the_azure_cli_prints(item) for item in value] if isinstance(value, list) else value


def one_capital(name: str) -> str:
    """`enableIPForwarding` -> `enableIpForwarding`."""
    found = [
        letter.lower() if index and name[index - 1].isupper() and not (index + 1 < len(name) and name[index + 1].islower()) else letter
        for index, letter in enumerate(name)
    ]
    return "".join(found)


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.stem))
def test_what_the_azure_cli_prints_is_read(file: Path) -> None:
    """Properties lifted, capitals in its own manner, what isn't there as null, the handler's type under another name."""
    inputs = read(file)
    printed = as_the_azure_cli_prints(inputs)
    for extension in printed.get("virtualMachineProfile", {}).get("extensionProfile", {}).get("extensions", []):
        extension |= {"typePropertiesType": extension.pop("type", None), "type": None}

    read_back = inputs_of(printed, ResourceKind.SCALE_SET)

    assert read_back == inputs


def test_names_come_from_the_id() -> None:
    """Group and name of what Azure answers; what Azure alone says is no input."""
    id = "/subscriptions/s/resourceGroups/web-group/providers/Microsoft.Compute/virtualMachineScaleSets/web"
    body = {
        "id": id,
        "name": "web",
        "type": "Microsoft.Compute/virtualMachineScaleSets",
        "etag": '"1"',
        "properties": {"overprovision": False},
    }

    assert inputs_of(body, ResourceKind.SCALE_SET) == {"resourceGroupName": "web-group", "vmScaleSetName": "web", "overprovision": False}


def test_names_of_a_child_come_from_its_name() -> None:
    """`set/extension`, as templates name a child."""
    body = {"name": "web/app", "properties": {"publisher": "Microsoft.Azure.Extensions", "type": "CustomScript"}}

    assert inputs_of(body, ResourceKind.EXTENSION) == {
        "vmScaleSetName": "web",
        "vmssExtensionName": "app",
        "publisher": "Microsoft.Azure.Extensions",
        "type": "CustomScript",
    }


def test_the_type_of_an_extension_is_that_of_its_handler() -> None:
    """Azure Resource Manager's type beside it is none."""
    body = {"name": "app", "type": "Microsoft.Compute/virtualMachineScaleSets/extensions", "typePropertiesType": "CustomScript"}

    assert inputs_of(body, ResourceKind.EXTENSION) == {"vmssExtensionName": "app", "type": "CustomScript"}


def test_names_that_are_not_known_stay_so() -> None:
    """An expression of a template in the name."""
    assert inputs_of({"name": UNKNOWN, "properties": {}}, ResourceKind.LOAD_BALANCER) == {"loadBalancerName": UNKNOWN}


def test_of_unknown_properties_nothing_is_known() -> None:
    """They are not absent: of the whole, and of an item."""
    assert inputs_of({"name": "lb", "properties": UNKNOWN}, ResourceKind.LOAD_BALANCER) is UNKNOWN
    assert inputs_of({"properties": {"probes": [{"name": "p", "properties": UNKNOWN}]}}, ResourceKind.LOAD_BALANCER) == {
        "probes": [UNKNOWN]
    }


def test_a_balancer_and_an_autoscale_setting_are_lifted() -> None:
    """At every depth; the properties of a webhook are the user's."""
    rules = [{"name": "web", "properties": {"frontendPort": 80, "probe": {"id": "/probes/p"}}}]
    hooks = [{"webhooks": [{"serviceUri": "https://example.com", "properties": {"Key": "v"}}]}]
    dimensions = [{"DimensionName": "VM", "Operator": "Equals", "Values": ["a"]}]
    setting = {"profiles": [{"rules": [{"metricTrigger": {"dimensions": dimensions}}]}], "notifications": hooks}

    assert inputs_of({"name": "lb", "properties": {"loadBalancingRules": rules}}, ResourceKind.LOAD_BALANCER) == {
        "loadBalancerName": "lb",
        "loadBalancingRules": [{"name": "web", "frontendPort": 80, "probe": {"id": "/probes/p"}}],
    }
    assert inputs_of({"name": "auto", "properties": setting}, ResourceKind.AUTOSCALE) == {
        "autoscaleSettingName": "auto",
        "profiles": [{"rules": [{"metricTrigger": {"dimensions": [{"dimensionName": "VM", "operator": "Equals", "values": ["a"]}]}}]}],
        "notifications": hooks,
    }


def names_in(model: type[Any]) -> set[str]:
    """Every property that can be written in a body of *model*, as azure-native calls it."""
    found: set[str] = set()
    seen: set[str] = set()
    waiting = [shape(model)]
    while waiting:
        each = waiting.pop()
        if each.name in seen:
            continue
        seen.add(each.name)
        for field in (field for field in each.fields.values() if not field.read_only):
            found.add(field.alias)
            kind = field.kind
            while kind.item:
                kind = kind.item
            waiting += [kind.shape] if kind.shape else []
    return found


def test_every_name_with_two_capitals_in_a_row_is_known() -> None:
    """Of the models that the Azure CLI prints in its own letter case; no two are the same but for case."""
    models = (compute.VirtualMachineScaleSet, compute.VirtualMachineScaleSetExtension, compute.GalleryImage, compute.GalleryImageVersion)
    names = {name for model in (*models, monitor.AutoscaleSettingResource) for name in names_in(model)}
    everything = names | names_in(network.LoadBalancer) | names_in(network.VirtualNetwork)

    assert sorted(name for name in names if any(a.isupper() and b.isupper() for a, b in pairwise(name))) == sorted(ACRONYMS)
    assert len({name.casefold() for name in everything}) == len(everything)


@pytest.mark.parametrize(
    ("token", "kind"),
    [
        ("azure-native:compute:VirtualMachineScaleSet", ResourceKind.SCALE_SET),
        ("azure-native:compute/v20240701:VirtualMachineScaleSetExtension", ResourceKind.EXTENSION),
        ("azure-native_compute_v20240701:compute:VirtualMachineScaleSet", ResourceKind.SCALE_SET),
        ("azure-native:insights:AutoscaleSetting", ResourceKind.AUTOSCALE),
        ("azure:compute/linuxVirtualMachineScaleSet:LinuxVirtualMachineScaleSet", None),
        ("aws:lb:LoadBalancer", None),
        (None, None),
    ],
)
def test_kind_of_a_token(token: Any, kind: ResourceKind | None) -> None:
    """azure-native's, of any version; no other provider's."""
    assert ResourceKind.of_token(token) is kind
