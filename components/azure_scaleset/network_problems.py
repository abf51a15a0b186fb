"""What is wrong with the arguments of a network, before anything is made."""

from collections.abc import Sequence

from azure_scaleset.network_arguments import BalancerRule, LoadBalancer, NetworkArgs, Outbound, ProbeProtocol, Transport
from azure_scaleset.network_model import security_rules


def find_problems(args: NetworkArgs) -> list[str]:
    """What is wrong with arguments of the right shape."""
    problems: list[str] = []
    balancer = args.get("load_balancer")
    if args.get("outbound") is Outbound.LOAD_BALANCER and (balancer is None or not balancer.get("public", True)):
        problems.append("outbound is loadBalancer, but there is no public load balancer. Add one under loadBalancer, or take natGateway.")
    if "subnet_id" in args:
        for key, name in (("address_space", "addressSpace"), ("subnet_prefix", "subnetPrefix"), ("inbound", "inbound")):
            if key in args:
                problems.append(f"{name} is given with subnetId, the network of which exists already. Remove one of the two.")
        if args.get("outbound") is Outbound.NAT_GATEWAY:
            problems.append("outbound is natGateway with subnetId. Attach the gateway to that subnet where the subnet is managed.")
    if balancer is not None:
        problems += balancer_problems(balancer)
    names = [rule["name"] for rule in security_rules(args)]
    problems += [
        f"inbound, loadBalancer.rules: two rules are named {name}. Give each a name, or a port and protocol, of its own."
        for name in sorted({name for name in names if names.count(name) > 1})
    ]
    problems += [
        f"inbound[{index}].port is {rule['port']}. Expected 1 to 65535."
        for index, rule in enumerate(args.get("inbound", []))
        if not 1 <= rule["port"] <= 65_535
    ]
    return problems


def balancer_problems(balancer: LoadBalancer) -> list[str]:
    """What is wrong with a balancer."""
    problems = rule_problems(balancer["rules"], "loadBalancer.rules")
    probe = balancer["probe"]
    for name, value, low, high in (
        ("port", probe["port"], 1, 65_535),
        ("intervalInSeconds", probe.get("interval_in_seconds", 5), 5, 2_147_483_646),
        ("threshold", probe.get("threshold", 2), 1, 100),
    ):
        if not low <= value <= high:
            problems.append(f"loadBalancer.probe.{name} is {value}. Expected {low} to {high} (L18).")
    if probe.get("protocol") in (ProbeProtocol.HTTP, ProbeProtocol.HTTPS) and "path" not in probe:
        problems.append(f"loadBalancer.probe.path is missing. With {probe['protocol'].value} it is required, as in /health.")
    if probe.get("protocol") is ProbeProtocol.TCP and "path" in probe:
        problems.append("loadBalancer.probe.path is given with Tcp, which has no path. Remove it, or use Http.")
    return problems


def rule_problems(rules: Sequence[BalancerRule], path: str) -> list[str]:
    """What is wrong with the ports of a balancer."""
    problems: list[str] = []
    if not rules:
        problems.append(f"{path} is empty. Expected at least one port; a probe that no rule uses can't be a health signal (L2).")
    for index, rule in enumerate(rules):
        for name, port, highest in (("port", rule["port"], 65_534), ("backendPort", rule.get("backend_port", rule["port"]), 65_535)):
            if not 1 <= port <= highest:
                problems.append(f"{path}[{index}].{name} is {port}. Expected 1 to {highest}.")
    backends = [(rule.get("backend_port", rule["port"]), rule.get("protocol", Transport.TCP)) for rule in rules]
    if len(set(backends)) < len(backends):
        problems.append(
            f"{path}: two rules lead to the same backend port and protocol, which Azure refuses (L7b). Give each a backendPort of its own."
        )
    return problems
