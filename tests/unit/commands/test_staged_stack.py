"""What a stack's state, and the balancer in Azure, tell of a staged scale set."""

from typing import Any

import pytest

from azure_scaleset.commands.failure import CommandError
from azure_scaleset.commands.staged import production, stack
from azure_scaleset.commands.staged.guard import left_to_follow, refuse_all_but_the_switch, refuse_other_changes
from azure_scaleset.commands.staged.production import Production
from azure_scaleset.commands.staged.stack import AUTOSCALE, COMPONENT, StagedStack
from azure_scaleset.staged_arguments import Slot

BALANCER = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Network/loadBalancers/web-lb"
POOLS = {slot: f"{BALANCER}/backendAddressPools/{slot.value}" for slot in Slot}
ROOT = f"urn:pulumi:prod::shop::{COMPONENT}"
SET = "azure-native:compute:VirtualMachineScaleSet"


def resource(kind: str, name: str, **more: Any) -> dict[str, Any]:
    """A resource below the component."""
    return {"type": kind, "urn": f"{ROOT}$azure-scaleset:index:ScaleSet${kind}::{name}", **more}


def component(**outputs: Any) -> dict[str, Any]:
    """The component with these outputs."""
    return {"type": COMPONENT, "urn": f"{ROOT}::web", "outputs": outputs}


def exported(*resources: dict[str, Any], pending: bool = False) -> dict[str, Any]:
    """An exported stack."""
    return {"deployment": {"resources": list(resources), "pending_operations": [{}] if pending else []}}


DEPLOYED = component(productionPoolIds={slot.value: pool for slot, pool in POOLS.items()}, testAddresses={"blue": "10.0.0.4"})
FRONT = resource("azure-native:network:LoadBalancer", "web-lb")


def test_the_state_tells_pools_addresses_and_scale_sets() -> None:
    """Scale sets are those that are there, whatever the outputs say: a failed update leaves old outputs."""
    state = exported(
        DEPLOYED,
        FRONT,
        resource(SET, "web-blue", id="/blue"),
        resource(SET, "web-green", id="/old", delete=True),
        resource(SET, "other", id="/other"),
        pending=True,
    )
    assert stack.read(state, "prod") == StagedStack("web", POOLS, {Slot.BLUE: "10.0.0.4"}, {Slot.BLUE: "/blue"}, unfinished=True)


def test_the_state_tells_whose_the_balancer_is_and_whether_autoscale_follows() -> None:
    """Without a production balancer here it is one of the stack's owner."""
    setting = resource("azure-native:monitor:AutoscaleSetting", "web-blue-autoscale")
    assert [
        (found.elsewhere, found.autoscaled) for found in (stack.read(exported(DEPLOYED, each), "prod") for each in (FRONT, setting))
    ] == [
        (False, False),
        (True, True),
    ]


@pytest.mark.parametrize(
    ("state", "message"),
    [
        (
            exported(),
            "Stack prod has no staged scale set in its state. Expected one. Next: pulumi up --stack prod, which deploys the first version.",
        ),
        (
            exported(DEPLOYED, DEPLOYED),
            "Stack prod has 2 staged scale sets in its state. Expected one. Next: pulumi up --stack prod, which deploys the first version.",
        ),
        (
            exported(component()),
            "The first update of stack prod has not come to its end: web has no pools in its state. Next: pulumi up --stack prod",
        ),
    ],
)
def test_a_state_without_one_is_refused(state: dict[str, Any], message: str) -> None:
    """With the next command."""
    with pytest.raises(CommandError) as refused:
        stack.read(state, "prod")
    assert str(refused.value) == message


def balancer(*rules: tuple[str, str, int | None]) -> dict[str, Any]:
    """A balancer as ARM shows it: name of the rule, slot, idle timeout."""
    listed = [
        {
            "name": name,
            "properties": {
                "backendAddressPool": {"id": POOLS[Slot(slot)].upper()},
                **({"idleTimeoutInMinutes": minutes} if minutes else {}),
            },
        }
        for name, slot, minutes in rules
    ]
    return {"id": BALANCER, "properties": {"loadBalancingRules": listed}}


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (balancer(("http", "green", None)), Production(Slot.GREEN, 240)),
        (balancer(("http", "blue", 10), ("https", "blue", 30)), Production(Slot.BLUE, 1800)),
        (balancer(), Production(None, 240)),
        ({"id": BALANCER}, Production(None, 240)),
    ],
)
def test_the_balancer_tells_who_serves(body: dict[str, Any], expected: Production) -> None:
    """Ids in any case; the longest idle timeout counts, four minutes where none is said."""
    assert production.read(body, POOLS) == expected


def test_rules_that_lead_to_both_slots_are_told() -> None:
    """Which rule leads where."""
    with pytest.raises(CommandError) as refused:
        production.read(balancer(("http", "blue", None), ("https", "green", None)), POOLS)
    assert str(refused.value) == (
        f"The rules of {BALANCER} lead to both slots (blue: http; green: https). Next: pulumi up of the stack that has the balancer, so that all lead to one."
    )


STATE = stack.read(exported(DEPLOYED, FRONT), "prod")


def step(name: str, kind: str = SET) -> dict[str, Any]:
    """A step of a preview."""
    return {"op": "update", "urn": resource(kind, name)["urn"]}


def test_a_deployment_touches_its_slot_only() -> None:
    """Other resources may change with it, but neither the live slot nor the balancer in front of it."""
    refuse_other_changes([step("web-green"), step("web-green-model"), step("network-nsg"), step("web-test-lb")], STATE, Slot.GREEN)
    with pytest.raises(CommandError) as refused:
        refuse_other_changes([step("web-green"), step("web-blue"), step("web-lb", "azure-native:network:LoadBalancer")], STATE, Slot.GREEN)
    assert str(refused.value).startswith("Deploying green would change what serves production: web-blue, web-lb. ")


def test_a_switch_touches_no_slot() -> None:
    """Only the balancer."""
    refuse_all_but_the_switch([step("web-lb", "azure-native:network:LoadBalancer")], STATE)
    with pytest.raises(CommandError, match=r"^The switch would not be all: web-blue, web-blue-rollout would be changed, too\."):
        refuse_all_but_the_switch([step("web-blue"), step("web-blue-rollout")], STATE)


@pytest.mark.parametrize(
    ("steps", "left"),
    [
        ([], False),
        ([step("web-blue-autoscale", AUTOSCALE), step("web-green-autoscale", AUTOSCALE)], True),
        ([step("web-blue-autoscale", AUTOSCALE), step("web-green")], False),
        ([step("other-autoscale", AUTOSCALE)], False),
        ([step("web-blue")], False),
    ],
)
def test_what_a_switch_leaves_is_autoscale_of_the_slots_alone(steps: list[dict[str, Any]], left: bool) -> None:
    """With anything beside it, the update is none that a switch may make."""
    assert left_to_follow(steps, STATE) is left
