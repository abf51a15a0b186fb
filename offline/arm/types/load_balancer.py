"""Load balancers, with frontends, pools, probes and rules as children in their body."""

from __future__ import annotations

from azure.mgmt.network import models

from offline.arm.errors import ArmError, bad_request
from offline.arm.http import Json
from offline.arm.network import balancer_rules, common, frontends, routing
from offline.arm.references import references, users
from offline.arm.registry import Context, ResourceType, register

_NAME = "Microsoft.Network/loadBalancers"
_CHILDREN: tuple[tuple[str, type, bool], ...] = (
    ("frontendIPConfigurations", models.FrontendIPConfiguration, False),
    ("backendAddressPools", models.BackendAddressPool, True),
    ("loadBalancingRules", models.LoadBalancingRule, False),
    ("probes", models.Probe, False),
    ("outboundRules", models.OutboundRule, False),
    ("inboundNatRules", models.InboundNatRule, True),
    ("inboundNatPools", models.InboundNatPool, False),
)
"""Kind, model, and whether it can be written by its own id."""
_RULES = ("loadBalancingRules", "outboundRules", "inboundNatRules")


def _put(context: Context, new: Json, old: Json | None) -> Json:
    body = common.finish(context, new, _NAME, old)
    sku = (body.get("sku") or {}).get("name", "Basic")
    if sku == "Basic":
        raise bad_request(
            "BasicLoadBalancerRetired",
            "Basic load balancers can't be created any more, and one without sku is Basic: use sku Standard.",
            "sku.name",
        )
    body["sku"] = {"tier": "Regional", **body["sku"]}
    body = frontends.with_addresses(context, body, old)
    balancer_rules.check(body)
    for scale_set in users(context.store, context.id.text, common.SCALE_SET):
        _check_kept(old or {}, body, scale_set)
        balancer_rules.check_shared_pools(body, scale_set)
    context.store.log("routing", context.id.text, **routing.told(body))
    return body


def _check_kept(old: Json, new: Json, scale_set: Json) -> None:
    """What a scale set uses stays: its pools, its health probe, and the rules of that probe."""
    for kind, *_ in _CHILDREN:
        for child in common.removed(old, new, kind):
            if common.names(scale_set, child["id"]):
                raise bad_request(
                    "LoadBalancerInUseByVirtualMachineScaleSet",
                    f"Cannot remove {child['id']} from load balancer since it is in use by virtual machine scale set {scale_set['id']}.",
                )
    for rule in common.removed(old, new, "loadBalancingRules"):
        probe = (rule["properties"].get("probe") or {}).get("id")
        if probe and common.names(scale_set, probe):
            raise _rule_in_use(rule, probe, scale_set)
    before = {str(rule.get("name")).lower(): rule["properties"] for rule in common.children(old, "loadBalancingRules")}
    for rule in common.children(new, "loadBalancingRules"):
        was = before.get(str(rule.get("name")).lower()) or {}
        probe = (was.get("probe") or {}).get("id")
        if probe and common.names(scale_set, probe) and was.get("backendPort") != rule["properties"].get("backendPort"):
            # The documentation says that it can't be; Azure's words are not known (I13).
            raise bad_request(
                "OperationNotAllowed",
                f"The backend port of load balancing rule {rule['id']} cannot be changed because its probe is a scale set's health probe.",
            )


def _rule_in_use(rule: Json, probe: str, scale_set: Json) -> ArmError:
    return bad_request(
        "CannotRemoveRuleUsedByProbeUsedByVMSS",
        f"Load balancing rule {rule['id']} cannot be removed because its probe {probe} is used as health probe by virtual machine scale set {scale_set['id']}.",
    )


def _get(context: Context, body: Json) -> Json:
    """With, in each frontend, pool and probe, the rules that use it."""
    using: dict[str, dict[str, list[Json]]] = {}
    for kind in _RULES:
        for rule in common.children(body, kind):
            for target in dict.fromkeys(reference.target.lower() for reference in references(rule)):
                using.setdefault(target, {}).setdefault(kind, []).append({"id": rule["id"]})
    properties = dict(body["properties"])
    for kind in ("frontendIPConfigurations", "backendAddressPools", "probes"):
        if kind in properties:
            properties[kind] = [
                {**each, "properties": {**each["properties"], **using.get(each["id"].lower(), {})}} for each in properties[kind]
            ]
    return {**body, "properties": properties}


def _delete(context: Context, old: Json) -> None:
    found = users(context.store, context.id.text, common.SCALE_SET)
    if found:
        used = next(reference.target for reference in references(found[0]) if reference.target.lower().startswith(context.id.key))
        raise bad_request(
            "LoadBalancerInUseByVirtualMachineScaleSet",
            f"Cannot delete load balancer {context.id.text} since its child resources {used} are in use by virtual machine scale set {found[0]['id']}.",
        )
    context.store.log("routing", old["id"], **routing.told({}))


register(ResourceType(_NAME, models.LoadBalancer, on_put=_put, on_delete=_delete, on_get=_get, patch_model=models.TagsObject))
for _kind, _model, _writable in _CHILDREN:
    register(ResourceType(f"{_NAME}/{_kind}", _model, tracked=False, collection=_kind, writable=_writable))
