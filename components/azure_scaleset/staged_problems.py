"""What is wrong with the arguments of a staged scale set, before anything is made."""

from collections.abc import Callable, Mapping

from azure_scaleset.arguments import ScaleSetArgs
from azure_scaleset.extensions import definitions
from azure_scaleset.network_arguments import BalancerRule, Transport
from azure_scaleset.network_problems import balancer_problems, rule_problems
from azure_scaleset.shape import legible
from azure_scaleset.staged_arguments import Slot, StagedScaleSetArgs
from azure_scaleset.staged_model import is_internal, read_slot, slot_name, test_rules

FindInScaleSet = Callable[[str, ScaleSetArgs], list[str]]
"""What is wrong with the arguments of one scale set of this name."""


def find(name: str, args: StagedScaleSetArgs, find_in_scale_set: FindInScaleSet, shared: str = "scaleSet.") -> list[str]:
    """All that is wrong with arguments of the right shape. *shared*: what stands before an argument that both slots have, in messages."""
    found: list[str] = []
    slots = {slot: read_slot(name, args, slot, found) for slot in Slot}
    found = [type(problem)(problem.replace(" scaleSet.", f" {shared}")) for problem in found]
    if legible(found):
        found += _of_slots({slot: [*find_in_scale_set(slot_name(name, slot), each), *_slot(each)] for slot, each in slots.items()}, shared)
        found += _empty(args["active"], slots[args["active"]])
    if "load_balancer" in args:
        found += balancer_problems(args["load_balancer"])
    return found + _test(args)


def _of_slots(found: Mapping[Slot, list[str]], shared: str) -> list[str]:
    """What is wrong with both is told once, as of what they share."""
    both = [problem for problem in found[Slot.BLUE] if problem in found[Slot.GREEN]]
    own = [f"slots.{slot.value}.{problem}" for slot in Slot for problem in found[slot] if problem not in both]
    return [f"{shared}{problem}" for problem in both] + own


def _slot(args: ScaleSetArgs) -> list[str]:
    problems = []
    if "adopt" in args:
        problems.append("adopt is given. The slots of a staged scale set are made by it, and none can be taken over: remove it.")
    if "health_probe_id" in args["network"]:
        problems.append(
            "network.healthProbeId is given. A probe that is a health signal keeps its rule where it is (T4), and a switch moves the rule: remove it. The "
            "application health extension is the signal."
        )
    elif not definitions.health_extension(args.get("extensions", [])):
        problems.append(
            "extensions has no applicationHealth, which tells when a slot may go live. Add one: there is no balancer here that tells what to ask."
        )
    return problems


def _empty(active: Slot, args: ScaleSetArgs) -> list[str]:
    """A slot that serves has instances."""
    if "autoscale" in args or args.get("capacity", 1) > 0:
        return []
    return [
        f"slots.{active.value}.capacity is 0, and the slot is active: it would serve nothing. Give it instances, or make the other one active."
    ]


def _test(args: StagedScaleSetArgs) -> list[str]:
    test, rules = args.get("test", {}), test_rules(args)
    problems = rule_problems(test["rules"], "test.rules") if test.get("rules") else []
    if test and not rules and "rules" not in test:
        problems.append(
            "test.rules is missing. Only a public production balancer of this component tells which ports a test front end has. Give the ports."
        )
    if rules and "load_balancer" not in args and "probe" not in test:
        problems.append("test.probe is missing. With productionPoolIds no other probe is known. Tell what the test balancer asks.")
    if is_internal(args) and "rules" in test:
        taken = {_target(rule) for rule in args["load_balancer"]["rules"]}
        problems += [
            f"test.rules[{index}] leads to port {_target(rule)[0]}, as a rule of the production balancer does. Both are on one internal balancer, as Azure allows only "
            "one (L7), and there two rules can't lead to one port (L7b): give it a backendPort on which the application listens, too."
            for index, rule in enumerate(rules)
            if _target(rule) in taken
        ]
    return problems


def _target(rule: BalancerRule) -> tuple[int, Transport]:
    return rule.get("backend_port", rule["port"]), rule.get("protocol", Transport.TCP)
