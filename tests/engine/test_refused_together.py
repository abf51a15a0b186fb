"""A preview refuses what Azure would refuse of a scale set together with what the same program makes around it, though no id of it is known yet."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.engine.project import KEY, Project
from tests.engine.several_sets import SeveralSets, by_name, linux
from tests.engine.test_refused_previews import problems
from tests.engine.test_yaml_program import COMPONENTS, Run
from tests.engine.test_yaml_program import pulumi as pulumi  # the fixture

PROGRAM = f'''
"""A scale set with a network of the library, and one with resources of the program itself."""

from pulumi_azure_native import network, resources

from azure_scaleset import Network, ScaleSet

group = resources.ResourceGroup("group", resource_group_name="around", location="westeurope")
place = {{"resource_group_name": group.name, "location": "westeurope"}}
linux = {{**place, "os": "Linux", "image": "Ubuntu2204", "size": "Standard_D2s_v5", "admin": {{"ssh_public_keys": ["{KEY}"]}}}}

net = Network(
    "net",
    {{**place, "subnet_prefix": "10.0.0.0/28", "load_balancer": {{"rules": [{{"port": 80}}], "probe": {{"port": 80, "path": "/health"}}}}}},
)
ScaleSet(
    "ours",
    {{
        **linux,
        "capacity": 2,
        "autoscale": {{"minimum": 2, "maximum": 12}},
        "network": {{"subnet_id": net.subnet_id, "backend_pool_ids": [net.backend_pool_id], "health_probe_id": net.probe_id}},
    }},
)

vnet = network.VirtualNetwork(
    "vnet",
    **place,
    virtual_network_name="vnet",
    address_space={{"address_prefixes": ["10.1.0.0/16"]}},
    subnets=[{{"name": "instances", "address_prefix": "10.1.0.0/24", "default_outbound_access": False}}],
)
balancer = "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/around/providers/Microsoft.Network/loadBalancers/own"
address = network.PublicIPAddress(
    "address", **place, public_ip_address_name="address", sku={{"name": "Standard"}}, public_ip_allocation_method="Static"
)
own = network.LoadBalancer(
    "own",
    **place,
    load_balancer_name="own",
    sku={{"name": "Standard"}},
    frontend_ip_configurations=[{{"name": "front", "public_ip_address": {{"id": address.id}}}}],
    backend_address_pools=[{{"name": "pool"}}],
    probes=[{{"name": "unused", "protocol": "Tcp", "port": 80, "interval_in_seconds": 5}}],
    inbound_nat_pools=[
        {{
            "name": "ssh",
            "protocol": "Tcp",
            "frontend_ip_configuration": {{"id": f"{{balancer}}/frontendIPConfigurations/front"}},
            "frontend_port_range_start": 50000,
            "frontend_port_range_end": 50002,
            "backend_port": 22,
        }}
    ],
)
ScaleSet(
    "theirs",
    {{
        **linux,
        "capacity": 5,
        "extensions": [
            {{"custom": {{"publisher": "Microsoft.Azure.Extensions", "type": "CustomScript", "version": "2.1", "settings": {{
                "fileUris": ["https://example.com/install.sh"], "commandToExecute": "sh install.sh"}}}}}}
        ],
        "network": {{
            "subnet_id": vnet.subnets.apply(lambda found: found[0].id),
            "backend_pool_ids": [own.backend_address_pools.apply(lambda found: found[0].id)],
            "health_probe_id": own.probes.apply(lambda found: found[0].id),
        }},
        "overrides": {{"virtualMachineProfile": {{"networkProfile": {{"networkInterfaceConfigurations": [{{
            "name": "nic", "primary": True, "ipConfigurations": [{{
                "name": "primary", "primary": True,
                "subnet": {{"id": vnet.subnets.apply(lambda found: found[0].id)}},
                "loadBalancerBackendAddressPools": [{{"id": own.backend_address_pools.apply(lambda found: found[0].id)}}],
                "loadBalancerInboundNatPools": [{{"id": own.inbound_nat_pools.apply(lambda found: found[0].id)}}],
            }}]}}]}}}}}},
    }},
)
'''


SUBNET = "net-vnet.subnets[0].addressPrefix"


def test_a_first_preview_reviews_both_sides(make_project: Callable[[str], Project]) -> None:
    """The room of the subnet, and a balancer's ports and probes, are held against the scale sets, each of which is told its own problems."""
    project = make_project("linux-script")
    (project.folder / "__main__.py").write_text(PROGRAM)
    project.write_settings({"config": {}})

    printed = project.pulumi("preview", "--json", check=False)

    told = by_name(printed.stdout)
    assert printed.returncode != 0
    assert {name: problems(text) for name, text in told.items() if problems(text)} == {
        "ours": [("S11", SUBNET)],
        "theirs": [("L4", "own.inboundNatPools[0].frontendPortRangeEnd")],
    }
    assert "L12: vnet.subnets[0].natGateway" not in told["ours"]


def test_a_changed_network_is_held_against_a_set_that_stays(make_project: Callable[[str], Project]) -> None:
    """The set itself doesn't change, so it has no review: a preview that makes its subnet too small is refused all the same, and one that changes a tag isn't."""
    several = SeveralSets.make(make_project("linux-script"))
    several.write({"web": linux()})
    several.up()
    program = several.project.folder / "__main__.py"
    text, network = program.read_text(), '"load_balancer": balanced}'
    assert network in text

    program.write_text(text.replace(network, f'"tags": {{"team": "a"}}, {network}'))
    several.preview()
    program.write_text(text.replace(network, f'"subnet_prefix": "10.0.0.0/30", {network}'))

    assert {name: problems(said) for name, said in several.refused().items() if problems(said)} == {
        "web": [("S11", "network-vnet.subnets[0].addressPrefix")]
    }


@pytest.mark.parametrize("changes", [False, True], ids=["that stays", "that changes too"])
def test_a_rule_with_the_health_probe_of_a_set(make_project: Callable[[str], Project], changes: bool) -> None:
    """Another port is another rule: Azure would not let the old one go, whose probe is the set's health signal. The preview says so; `up` would stop half-way."""
    several = SeveralSets.make(make_project("linux-script"))
    probed = linux(network={"subnetId": "$subnet", "backendPoolIds": ["$pool"], "healthProbeId": "$probe"})
    program = several.project.folder / "__main__.py"
    text = program.read_text().replace('"pool": net.backend_pool_id,', '"pool": net.backend_pool_id, "probe": net.probe_id,')
    program.write_text(text)
    several.write({"web": probed})
    several.up()
    program.write_text(text.replace('"rules": [{"port": 80}]', '"rules": [{"port": 8080}]'))
    several.write({"web": {**probed, **({"userData": "color=blue"} if changes else {})}})

    told = several.refused()
    done = several.project.pulumi("up", "--yes", "--skip-preview", check=False)

    assert {name: problems(said) for name, said in told.items() if problems(said)} == {"web": [("L3", "network-lb.loadBalancingRules")]}
    assert "CannotRemoveRuleUsedByProbeUsedByVMSS" in done.stdout


def test_a_set_that_is_left_out_is_held_against_changes_as_it_is(make_project: Callable[[str], Project]) -> None:
    """With `--target` the set keeps its two instances, for which the smaller subnet has room, whatever the program wants; without it has none."""
    several = SeveralSets.make(make_project("linux-script"))
    several.write({"web": linux()})
    several.up()
    program = several.project.folder / "__main__.py"
    text, network = program.read_text(), '"load_balancer": balanced}'
    program.write_text(text.replace(network, f'"subnet_prefix": "10.0.0.0/28", {network}'))
    several.write({"web": linux(capacity=40, zones=["1"])})

    alone = several.project.pulumi("preview", "--json", "--target", "**VirtualNetwork::network-vnet")

    assert {name: problems(said) for name, said in by_name(alone.stdout).items() if problems(said)} == {}
    assert ("S11", "network-vnet.subnets[0].addressPrefix") in problems(several.refused()["web"])


def test_a_raised_maximum_is_held_against_a_set_that_stays(make_project: Callable[[str], Project]) -> None:
    """Only the autoscale setting changes: its new maximum is more than the subnet has addresses for."""
    several = SeveralSets.make(make_project("linux-script"))
    program = several.project.folder / "__main__.py"
    network = '"load_balancer": balanced}'
    program.write_text(program.read_text().replace(network, f'"subnet_prefix": "10.0.0.0/28", {network}'))
    several.write({"web": linux(autoscale={"minimum": 2, "maximum": 4})})
    several.up()
    several.write({"web": linux(autoscale={"minimum": 2, "maximum": 40})})

    assert {name: problems(said) for name, said in several.refused().items() if problems(said)} == {
        "web": [("S11", "network-vnet.subnets[0].addressPrefix")]
    }


STAGED = f'''
"""A staged scale set that is put behind a second public balancer, and has no way out."""

from pulumi_azure_native import resources

from azure_scaleset import Network, StagedScaleSet

group = resources.ResourceGroup("group", resource_group_name="around", location="westeurope")
place = {{"resource_group_name": group.name, "location": "westeurope"}}
balanced = {{"rules": [{{"port": 80}}], "probe": {{"port": 80, "path": "/health"}}}}
net = Network("net", {{**place, "outbound": "none", "load_balancer": balanced}})
StagedScaleSet(
    "web",
    {{
        "active": "blue",
        "load_balancer": balanced,
        "scale_set": {{
            **place,
            "os": "Linux",
            "image": "Ubuntu2204",
            "size": "Standard_D2s_v5",
            "capacity": 2,
            "admin": {{"ssh_public_keys": ["{KEY}"]}},
            "network": {{"subnet_id": net.subnet_id, "backend_pool_ids": [net.backend_pool_id]}},
            "extensions": [
                {{"custom": {{"publisher": "Microsoft.Azure.Extensions", "type": "CustomScript", "version": "2.1", "settings": {{
                    "fileUris": ["https://example.com/install.sh"], "commandToExecute": "sh install.sh"}}}}}}
            ],
        }},
    }},
)
'''


def test_the_slots_of_a_staged_set_are_reviewed_with_its_balancers(make_project: Callable[[str], Project]) -> None:
    """A slot doesn't depend on its balancers, and no id is known yet: all the same each slot is told of the second public one, and of the way out that none of them is."""
    project = make_project("linux-script")
    (project.folder / "__main__.py").write_text(STAGED)
    project.write_settings({"config": {}})

    printed = project.pulumi("preview", "--json", check=False)

    told = by_name(printed.stdout)
    assert printed.returncode != 0
    assert {name: problems(text) for name, text in told.items() if problems(text)} == {
        "web-blue": [("L7", "web-lb")],
        "web-green": [("L7", "web-lb")],
    }
    assert {name for name, text in told.items() if "L12: net-vnet.subnets[0].natGateway" in text} == {"web-blue", "web-green"}


def test_a_yaml_program_is_reviewed_with_both_sides_too(tmp_path: Path, request: pytest.FixtureRequest) -> None:
    """Through the plugin an output of `Network` leads to what it makes: its subnet has 3 addresses for 4 instances."""
    run: Callable[..., Run] = request.getfixturevalue("pulumi")
    small = COMPONENTS.replace("capacity: 3", "capacity: 4").replace(
        "      loadBalancer:", "      subnetPrefix: 10.0.0.0/29\n      loadBalancer:"
    )
    (tmp_path / "Pulumi.yaml").write_text(small)
    (tmp_path / "install.sh").write_text("#!/bin/sh\n")
    run("stack", "init", "test")

    preview = run("preview")

    assert preview.code != 0
    assert problems(preview.output) == [("S11", "network-vnet.subnets[0].addressPrefix")]
