"""Deployments of templates to a resource group."""

from typing import Any

import pytest

from offline.arm.deployments.template import camel_case
from tests.unit.offline.arm import GROUP, PUBLIC_IP, Arm, scale_set, virtual_network

DEPLOYMENT = "Microsoft.Resources/deployments/first"
NET = f"{GROUP}/providers/Microsoft.Network/virtualNetworks/net"
SUBNETS = f"{NET}/subnets"


def resource(kind: str, name: str, body: Any, *after: str, **more: Any) -> Any:
    """A resource of a template."""
    return {"type": f"Microsoft.Network/{kind}", "apiVersion": "2024-05-01", "name": name, "dependsOn": list(after), **body, **more}


def network(name: str = "net", *after: str, **more: Any) -> Any:
    """A virtual network of a template."""
    return resource("virtualNetworks", name, virtual_network(("web", "10.0.0.0/24")), *after, **more)


def subnet(name: str, *after: str, part: int = 9) -> Any:
    """A subnet 10.0.<part>.0/24 of a template, as a resource of its own."""
    return resource("virtualNetworks/subnets", f"net/{name}", {"properties": {"addressPrefix": f"10.0.{part}.0/24"}}, *after)


def sent(*resources: Any, values: Any = None, **sections: Any) -> Any:
    """The body of a deployment; `sections` of its template, `values` of its parameters."""
    head = {"$schema": "https://schema.management.azure.com/schemas/2015-01-01/deploymentTemplate.json#", "contentVersion": "1.0.0.0"}
    properties = {"mode": "incremental", "template": {**head, "resources": list(resources), **sections}, "parameters": values or {}}
    return {"properties": properties}


def deployed(arm: Arm, body: Any, name: str = DEPLOYMENT) -> Any:
    """`properties` of a deployment when it has ended."""
    arm.made(name, body)
    while True:
        properties = arm.read(name)["properties"]
        if properties["provisioningState"] not in ("Accepted", "Running"):
            return properties


def order(arm: Arm) -> list[str]:
    """Names of what was put, in order, without the deployment."""
    return [
        each["subject"].rpartition("/")[2]
        for each in arm.store.events("PUT")
        if "/deployments/" not in each["subject"] and each["subject"] != GROUP
    ]


def test_resources_are_made_in_order_of_what_they_wait_for(arm: Arm) -> None:
    """Whatever the order they are written in; `dependsOn` names an id, a type with names, or a name."""
    body = sent(
        subnet("late", "[resourceId('Microsoft.Network/publicIPAddresses', 'address')]"),
        resource("publicIPAddresses", "address", PUBLIC_IP, "Microsoft.Network/virtualNetworks/subnets/net/early"),
        subnet("early", "net", part=8),
        network(),
    )
    done = deployed(arm, body)
    assert (done["provisioningState"], order(arm)) == ("Succeeded", ["net", "net", "address", "net"])
    assert [each["name"] for each in arm.read(SUBNETS)["value"]] == ["web", "early", "late"]


def test_outputs_and_references(arm: Arm) -> None:
    """A reference waits for what it names; outputs show what came of it, secure parameters are not shown."""
    reads = {"tags": {"prefix": "[reference('net').addressSpace.addressPrefixes[0]]"}}
    body = sent(
        resource("publicIPAddresses", "address", PUBLIC_IP | reads),
        network(),
        values={"secret": {"value": "x"}, "plain": {"value": "y"}},
        parameters={"secret": {"type": "securestring"}, "plain": {"type": "string"}, "free": {"type": "int", "defaultValue": 7}},
        variables={"id": "[resourceId('Microsoft.Network/publicIPAddresses', 'address')]"},
        outputs={
            "whole": {"type": "string", "value": "[reference(variables('id'), '2024-05-01', 'Full').tags.prefix]"},
            "free": {"type": "int", "value": "[parameters('free')]"},
        },
    )
    done = deployed(arm, body)
    assert order(arm) == ["net", "address"]
    assert done["outputs"] == {"whole": {"type": "String", "value": "10.0.0.0/16"}, "free": {"type": "Int", "value": 7}}
    assert done["parameters"] == {
        "secret": {"type": "SecureString"},
        "plain": {"type": "String", "value": "y"},
        "free": {"type": "Int", "value": 7},
    }


def test_nested_resources_and_conditions(arm: Arm) -> None:
    """A child stands in its parent and waits for it; a resource whose condition is false is not made."""
    child = {"type": "subnets", "apiVersion": "2024-05-01", "name": "inner", "properties": {"addressPrefix": "10.0.8.0/24"}}
    body = sent(
        network(resources=[child]), network("other", condition="[equals(parameters('other'), 'yes')]"), values={"other": {"value": "no"}}
    )
    body["properties"]["template"]["parameters"] = {"other": {"type": "string", "allowedValues": ["yes", "no"]}}
    assert deployed(arm, body)["outputResources"] == [{"id": NET}, {"id": f"{SUBNETS}/inner"}]


@pytest.mark.parametrize(("where", "name"), [("inner", "own"), ("outer", "theirs")])
def test_a_nested_deployment(arm: Arm, where: str, name: str) -> None:
    """It is a resource that is waited for; its expressions see its own parameters or the outer ones, as it says."""
    inner = sent(network("[variables('name')]"), variables={"name": "own"})["properties"]
    nested = {
        "type": "Microsoft.Resources/deployments",
        "apiVersion": "2022-09-01",
        "name": "second",
        "properties": {**inner, "expressionEvaluationOptions": {"scope": where}},
    }
    assert deployed(arm, sent(nested, variables={"name": "theirs"}))["provisioningState"] == "Succeeded"
    assert order(arm) == [name]


def test_what_fails_keeps_back_what_waits_for_it(arm: Arm) -> None:
    """And nothing else; the error has Azure's code with the refusal in its details, and the operations say the same."""
    wrong = resource("publicIPAddresses", "wrong", {**PUBLIC_IP, "properties": {"typo": 1}})
    done = deployed(arm, sent(wrong, network("after", "wrong"), network()))
    details = [each["code"] for each in done["error"]["details"]]
    assert (done["provisioningState"], done["error"]["code"], details, order(arm)) == (
        "Failed",
        "DeploymentFailed",
        ["InvalidRequestContent"],
        ["net"],
    )
    listed = arm.read(f"{DEPLOYMENT}/operations")["value"]
    states = {each["properties"]["targetResource"]["resourceName"]: each["properties"]["provisioningState"] for each in listed}
    assert states == {"wrong": "Failed", "net": "Succeeded"}


def test_a_deployment_is_repeated_and_deleted(arm: Arm) -> None:
    """The second run updates; deleting the record leaves what it made."""
    deployed(arm, sent(network()))
    assert deployed(arm, sent(network()))["provisioningState"] == "Succeeded"
    assert [arm.call("DELETE", DEPLOYMENT).status, arm.call("GET", DEPLOYMENT).status, arm.call("GET", NET).status] == [200, 404, 200]


def test_an_active_deployment_is_not_overwritten(arm: Arm) -> None:
    """409 until it has ended, which takes as long as what it makes."""
    instances = {
        "type": "Microsoft.Compute/virtualMachineScaleSets",
        "apiVersion": "2024-11-01",
        "name": "web",
        **scale_set(f"{SUBNETS}/web"),
    }
    body = sent(network(), {**instances, "dependsOn": ["net"]})
    arm.made(DEPLOYMENT, body)
    assert arm.refused("PUT", DEPLOYMENT, body)[:2] == (409, "DeploymentActive")
    while arm.read(DEPLOYMENT)["properties"]["provisioningState"] != "Succeeded":
        assert arm.store.seconds < 120
    assert deployed(arm, body)["provisioningState"] == "Succeeded"


@pytest.mark.parametrize(
    ("body", "code", "part"),
    [
        (sent(network("net", "none")), "InvalidTemplate", "'none' is not defined in the template"),
        (sent(network(), network()), "InvalidTemplate", "defined multiple times"),
        (sent(network("a", "b"), network("b", "a")), "InvalidTemplate", "Circular dependency"),
        (sent(network(), values={"x": {"value": 1}}), "InvalidTemplate", "do not correspond to any parameters"),
        (sent(network(), parameters={"x": {"type": "int"}}), "InvalidTemplate", "'x' is not provided"),
        (
            sent(network(), parameters={"x": {"type": "int"}}, values={"x": {"value": "1"}}),
            "InvalidTemplate",
            "Expected a value of type 'Int'",
        ),
        (
            sent(network(), parameters={"x": {"type": "string", "allowedValues": ["a"]}}, values={"x": {"value": "b"}}),
            "InvalidTemplate",
            "not part of the allowed value(s): 'a'",
        ),
        (sent(subnet("x") | {"name": "x"}), "InvalidTemplate", "incorrect segment lengths"),
        (sent(network(copy={"name": "x", "count": 2})), "NotImplemented", "'copy' of a template's resource"),
        (sent(resource("dnsZones", "x", {})), "NotImplemented", "the resource type 'Microsoft.Network/dnsZones'"),
        (sent(network()) | {"properties": {**sent(network())["properties"], "mode": "Complete"}}, "NotImplemented", "mode 'Complete'"),
    ],
)
def test_a_wrong_template_is_refused(arm: Arm, body: Any, code: str, part: str) -> None:
    """By the deployment and by `validate`, before anything is made."""
    for method, path in (("PUT", DEPLOYMENT), ("POST", f"{DEPLOYMENT}/validate")):
        answer = arm.call(method, path, body)
        error = (answer.body or {})["error"]
        assert (error["code"], part in error["message"]) == (code, True), error
    assert order(arm) == []


def test_a_good_template_is_validated(arm: Arm) -> None:
    """Nothing is made, and no deployment is kept."""
    answer = arm.call("POST", f"{DEPLOYMENT}/validate", sent(network()))
    assert (answer.status, order(arm), arm.call("GET", DEPLOYMENT).status) == (200, [], 404)


@pytest.mark.parametrize(
    ("name", "shown"), [("VMSS", "vmss"), ("LBName", "lbName"), ("Plain", "plain"), ("plain", "plain"), ("ID1", "id1")]
)
def test_outputs_begin_small(name: str, shown: str) -> None:
    """As ARM writes them."""
    assert camel_case(name) == shown
