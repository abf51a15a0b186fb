"""Autoscale of a scale set, and the number of instances that an update must keep."""

from collections.abc import Collection, Sequence
from typing import Any

import pulumi
from pulumi_azure_native import monitor

from azure_scaleset import review_rounds
from azure_scaleset.arguments import Autoscale, AutoscaleRule, Metric
from azure_scaleset.review import checked
from azure_scaleset.rollout.change import made
from azure_scaleset.rules import check_autoscale

DEFAULT_RULES: list[AutoscaleRule] = [{"metric": Metric.CPU, "above": 75}, {"metric": Metric.CPU, "below": 25}]


def live_capacity(
    group: pulumi.Input[str], scale_set_name: str, initial: int, parent: pulumi.Resource, ready: Sequence[pulumi.Resource] = ()
) -> pulumi.Output[int]:
    """The number of instances that the scale set has in Azure now; *initial* where it doesn't exist.

    With autoscale this is what an update must send: Azure's PUT takes the number literally, and the one in Pulumi's state is that of the last update (T1).
    It is read when all that the model waits for (*ready*) is there, so the moment in which autoscale's own change is undone is that between the registration of the
    scale set and its PUT: a second or two. Less can't be had: azure-native sends the whole model, without a condition (no `If-Match`) and without leaving the number out.
    """

    async def read(known: Sequence[str]) -> int:
        resource_group_name = known[0]
        try:
            found = await pulumi.runtime.invoke_async(
                "azure-native:compute:getVirtualMachineScaleSet",
                {"resourceGroupName": resource_group_name, "vmScaleSetName": scale_set_name},
                pulumi.InvokeOptions(parent=parent),
            )
        except Exception as error:
            # The engine gives errors of a provider as text only.
            if "ResourceNotFound" in str(error) or "ResourceGroupNotFound" in str(error):
                return initial
            raise
        return int(found["sku"]["capacity"])

    # A preview shows the number of now, also where what is ready is not known yet.
    waits = [] if pulumi.runtime.is_dry_run() else [made(each) for each in ready]
    return pulumi.Output.all(group, *waits).apply(read)


def sent_capacity(autoscale: Autoscale, live: pulumi.Output[int]) -> pulumi.Output[int]:
    """The number of instances that an update sends, where there are *live* ones: so many, within the limits of the setting that is sent with it."""
    sent: pulumi.Output[int] = pulumi.Output.all(live, autoscale.get("at_least", 0)).apply(
        lambda known: min(max(known[0], _minimum(autoscale, known[1])), autoscale["maximum"])
    )
    return sent


def setting(
    name: str,
    autoscale: Autoscale,
    initial: int,
    scale_set_id: pulumi.Output[str],
    common: dict[str, Any],
    parent: pulumi.Resource,
    ignored: Collection[str],
) -> "monitor.AutoscaleSetting":
    """The autoscale setting of the scale set. *ignored*: rule ids whose errors are only told."""
    inputs: dict[str, Any] = {
        "autoscale_setting_name": f"{name}-autoscale",
        "target_resource_uri": scale_set_id,
        # Azure's default is false.
        "enabled": True,
        "profiles": [
            {**profile, "rules": [_rule(rule, scale_set_id) for rule in autoscale.get("rules", DEFAULT_RULES)]}
            for profile in limits(autoscale, initial)["profiles"]
        ],
    }
    review = checked(f"AutoscaleSetting '{name}-autoscale'", check_autoscale, inputs, parent, ignored)
    made = monitor.AutoscaleSetting(f"{name}-autoscale", **inputs, **common, opts=pulumi.ResourceOptions(parent=parent, hooks=review))
    review_rounds.follow(made)
    return made


def limits(autoscale: Autoscale, initial: int) -> dict[str, Any]:
    """The inputs of the setting that tell how many instances there may be."""

    def capacity(at_least: int) -> dict[str, str]:
        minimum = _minimum(autoscale, at_least)
        return {"minimum": str(minimum), "maximum": str(autoscale["maximum"]), "default": str(max(initial, minimum))}

    at_least: Any = autoscale.get("at_least", 0)
    known = capacity(at_least) if isinstance(at_least, int) else pulumi.Output.from_input(at_least).apply(capacity)
    return {"profiles": [{"name": "default", "capacity": known}]}


def _minimum(autoscale: Autoscale, at_least: int) -> int:
    return min(max(autoscale["minimum"], at_least), autoscale["maximum"])


def _rule(rule: AutoscaleRule, scale_set_id: pulumi.Output[str]) -> dict[str, Any]:
    out = "above" in rule
    return {
        "metric_trigger": {
            "metric_name": rule["metric"].value,
            "metric_resource_uri": scale_set_id,
            "operator": "GreaterThan" if out else "LessThan",
            "threshold": rule["above"] if out else rule["below"],
            "statistic": "Average",
            "time_aggregation": "Average",
            "time_grain": "PT1M",
            "time_window": "PT5M",
        },
        "scale_action": {
            "direction": "Increase" if out else "Decrease",
            "type": "ChangeCount",
            "value": str(rule.get("change", 1)),
            "cooldown": "PT5M",
        },
    }
