"""Cases of autoscale settings, load balancers, galleries, and of several resources together."""

from typing import Any

from tests.unit.rules.cases.case import REMOVED, Case, edited
from tests.unit.rules.cases.models import (
    ADDRESS,
    AUTOSCALE,
    BALANCER,
    BALANCER_ID,
    CUSTOM_SCRIPT,
    EXTENSIONS,
    GALLERY_IMAGE,
    GALLERY_IMAGE_VERSION,
    NETWORK,
    PROBE,
    TOGETHER,
)

_PROFILE = "profiles[0]"
_RULE = f"{_PROFILE}.rules[0]"
_TRIGGER = f"{_RULE}.metricTrigger"
_CAPACITY = f"{_PROFILE}.capacity"
_PLAIN: dict[str, Any] = AUTOSCALE["profiles"][0]
_SCHEDULE = {"timeZone": "W. Europe Standard Time", "days": ["Monday"], "hours": [8], "minutes": [0]}
_WEEKLY = {"frequency": "Week", "schedule": _SCHEDULE}
_MORNINGS = edited(
    AUTOSCALE,
    {
        "profiles[1]": {**_PLAIN, "name": "mornings", "recurrence": _WEEKLY},
        "profiles[2]": {**_PLAIN, "name": '{"name":"default","for":"mornings"}', "recurrence": edited(_WEEKLY, {"schedule.hours": [12]})},
    },
)
_MORNING = "profiles[1].recurrence"
_DATED = edited(
    AUTOSCALE, {"profiles[1]": {**_PLAIN, "name": "sale", "fixedDate": {"start": "2026-11-27T00:00:00Z", "end": "2026-11-30T00:00:00Z"}}}
)

_FRONT = {"id": f"{BALANCER_ID}/frontendIPConfigurations/front"}
_POOL = {"id": f"{BALANCER_ID}/backendAddressPools/web"}
_OUTBOUND = {"name": "out", "protocol": "All", "frontendIPConfigurations": [_FRONT], "backendAddressPool": _POOL}
_NAT_RULE = {
    "name": "ssh",
    "protocol": "Tcp",
    "backendPort": 22,
    "frontendIPConfiguration": _FRONT,
    "backendAddressPool": _POOL,
    "frontendPortRangeStart": 50_000,
    "frontendPortRangeEnd": 50_009,
}
_NAT_POOL = {
    "name": "ssh",
    "protocol": "Tcp",
    "backendPort": 22,
    "frontendIPConfiguration": _FRONT,
    "frontendPortRangeStart": 50_000,
    "frontendPortRangeEnd": 50_011,
}
_HTTP = "loadBalancingRules[0]"
_SECOND = {**BALANCER["loadBalancingRules"][0], "name": "https", "frontendPort": 443, "backendPort": 8443}
_INTERNAL_FRONT = {"name": "front", "subnet": {"id": f"{NETWORK}/virtualNetworks/net/subnets/web"}}
_REGIONS = "publishingProfile.targetRegions"

_LB = "load_balancers[0]"
_SET = "scale_set"
_SET_POOLS = f"{_SET}.{ADDRESS}.loadBalancerBackendAddressPools"
_SMALL = {"subnets[0].addressPrefix": "10.0.0.0/28"}  # 11 addresses
_DOWNLOADING = edited(
    TOGETHER, {f"{_SET}.{EXTENSIONS}[0]": CUSTOM_SCRIPT, "subnets[0].natGateway": REMOVED, f"{_LB}.outboundRules": [_OUTBOUND]}
)


def _numbered(port: int) -> dict[str, Any]:
    """A rule of the set's pool for one port."""
    return {**BALANCER["loadBalancingRules"][0], "name": f"rule-{port}", "frontendPort": port, "backendPort": port}


KEPT = {"scale_set": TOGETHER["scale_set"], "before": BALANCER, "after": edited(BALANCER)}
"""A load balancer that doesn't change, with the scale set whose health probe it has."""

CASES = [
    # Autoscale: profiles
    Case("profile_counts", AUTOSCALE, {"profiles": []}, "profiles", {}),
    Case(
        "profile_counts",
        AUTOSCALE,
        {f"{_PROFILE}.rules": _PLAIN["rules"] * 6},
        f"{_PROFILE}.rules",
        {f"{_PROFILE}.rules": _PLAIN["rules"] * 5},
        name="rules",
    ),
    Case("profile_counts", _DATED, {"profiles[1].name": "default"}, "profiles[1].name", {}, name="names"),
    Case("capacity_order", AUTOSCALE, {f"{_CAPACITY}.minimum": "4"}, f"{_CAPACITY}.minimum", {f"{_CAPACITY}.minimum": "3"}),
    Case(
        "capacity_order",
        AUTOSCALE,
        {f"{_CAPACITY}.maximum": "1001"},
        f"{_CAPACITY}.maximum",
        {f"{_CAPACITY}.maximum": "1000"},
        name="limit",
    ),
    Case("capacity_order", AUTOSCALE, {f"{_CAPACITY}.default": "three"}, f"{_CAPACITY}.default", {f"{_CAPACITY}.default": 3}, name="word"),
    Case(
        "capacity_room",
        AUTOSCALE,
        {_CAPACITY: {"minimum": "3", "default": "3", "maximum": "3"}},
        _CAPACITY,
        {_CAPACITY: {"minimum": "3", "default": "3", "maximum": "4"}},
    ),
    Case("recurrence", _MORNINGS, {f"{_MORNING}.frequency": "Day"}, f"{_MORNING}.frequency", {f"{_MORNING}.frequency": "week"}),
    Case(
        "recurrence",
        _MORNINGS,
        {f"{_MORNING}.schedule.days": ["Mon"]},
        f"{_MORNING}.schedule.days[0]",
        {f"{_MORNING}.schedule.days": ["Sunday"]},
        name="days",
    ),
    Case(
        "recurrence",
        _MORNINGS,
        {f"{_MORNING}.schedule.hours": [24]},
        f"{_MORNING}.schedule.hours[0]",
        {f"{_MORNING}.schedule.hours": [23]},
        name="hours",
    ),
    Case(
        "recurrence",
        _MORNINGS,
        {f"{_MORNING}.schedule.minutes": [0, 30]},
        f"{_MORNING}.schedule.minutes",
        {f"{_MORNING}.schedule.minutes": [59]},
        name="minutes",
    ),
    Case(
        "recurrence",
        _MORNINGS,
        {f"{_MORNING}.schedule.timeZone": "Europe/Zurich"},
        f"{_MORNING}.schedule.timeZone",
        {f"{_MORNING}.schedule.timeZone": "UTC"},
        name="zone",
    ),
    Case("recurrence_ends", _MORNINGS, {"profiles[2].name": '{"name":"default","for":"nights"}'}, _MORNING, {}),
    Case("plain_default", AUTOSCALE, {"profiles[1]": {**_PLAIN, "name": "other"}}, "profiles[1]", {"profiles[1]": _DATED["profiles"][1]}),
    Case("fixed_date", _DATED, {"profiles[1].recurrence": _WEEKLY}, "profiles[1].recurrence", {}, also=("A12",)),
    Case(
        "fixed_date",
        _DATED,
        {"profiles[1].fixedDate.end": "2026-11-27T00:00:00Z"},
        "profiles[1].fixedDate",
        {"profiles[1].fixedDate.end": "2027-11-27T00:00:00Z"},
        name="order",
    ),
    Case(
        "predictive",
        AUTOSCALE,
        {"predictiveAutoscalePolicy.scaleMode": "On"},
        "predictiveAutoscalePolicy.scaleMode",
        {"predictiveAutoscalePolicy.scaleMode": "Enabled"},
    ),
    Case(
        "predictive",
        AUTOSCALE,
        {"predictiveAutoscalePolicy.scaleLookAheadTime": "PT61M"},
        "predictiveAutoscalePolicy.scaleLookAheadTime",
        {"predictiveAutoscalePolicy.scaleLookAheadTime": "PT1H"},
        name="ahead",
    ),
    Case(
        "predictive_metric",
        AUTOSCALE,
        {f"{_PROFILE}.rules[{index}].metricTrigger.metricName": "Network In Total" for index in (0, 1)},
        "predictiveAutoscalePolicy",
        {},
        given={"predictiveAutoscalePolicy.scaleMode": "Enabled"},
    ),
    Case("enabled_given", AUTOSCALE, {"enabled": REMOVED}, "enabled", {"enabled": False}),
    Case(
        "notifications",
        AUTOSCALE,
        {"notifications[0].webhooks[0].serviceUri": "http://shop.example/hook?code=1"},
        "notifications[0].webhooks[0].serviceUri",
        {"notifications[0].webhooks[0].serviceUri": "https://shop.example/hook?code=1"},
    ),
    Case(
        "notifications",
        AUTOSCALE,
        {"notifications[0].email.customEmails": ["shop"]},
        "notifications[0].email.customEmails[0]",
        {"notifications[0].email.customEmails": ["shop@shop.example"]},
        name="mail",
    ),
    # Autoscale: rules
    Case("rule_durations", AUTOSCALE, {f"{_TRIGGER}.timeWindow": "PT12H1M"}, f"{_TRIGGER}.timeWindow", {f"{_TRIGGER}.timeWindow": "PT12H"}),
    Case(
        "rule_durations",
        AUTOSCALE,
        {f"{_TRIGGER}.timeGrain": "PT11M"},
        f"{_TRIGGER}.timeWindow",
        {f"{_TRIGGER}.timeGrain": "PT5M"},
        name="grain",
    ),
    Case(
        "rule_durations",
        AUTOSCALE,
        {f"{_RULE}.scaleAction.cooldown": "PT30S"},
        f"{_RULE}.scaleAction.cooldown",
        {f"{_RULE}.scaleAction.cooldown": "PT1M"},
        name="cooldown",
    ),
    Case("rule_window", AUTOSCALE, {f"{_TRIGGER}.timeWindow": "PT4M"}, f"{_TRIGGER}.timeWindow", {f"{_TRIGGER}.timeWindow": "PT5M"}),
    Case("rule_choices", AUTOSCALE, {f"{_TRIGGER}.statistic": "Mean"}, f"{_TRIGGER}.statistic", {f"{_TRIGGER}.statistic": "Max"}),
    Case("rule_value", AUTOSCALE, {f"{_RULE}.scaleAction.value": "0"}, f"{_RULE}.scaleAction.value", {f"{_RULE}.scaleAction.value": "1"}),
    Case(
        "rule_metric",
        AUTOSCALE,
        {f"{_TRIGGER}.metricName": "CPU Percentage"},
        f"{_TRIGGER}.metricName",
        {f"{_TRIGGER}.metricName": "Network In Total"},
    ),
    Case(
        "rule_resource",
        AUTOSCALE,
        {f"{_TRIGGER}.metricResourceUri": f"{AUTOSCALE['targetResourceUri']}2"},
        f"{_TRIGGER}.metricResourceUri",
        {},
    ),
    Case(
        "rule_resource",
        AUTOSCALE,
        {f"{_TRIGGER}.dividePerInstance": True},
        f"{_TRIGGER}.dividePerInstance",
        {f"{_TRIGGER}.dividePerInstance": False},
        name="divided",
    ),
    Case("rule_counterpart", AUTOSCALE, {f"{_PROFILE}.rules[1]": REMOVED}, f"{_PROFILE}.rules", {}),
    Case(
        "rule_thresholds",
        AUTOSCALE,
        {f"{_PROFILE}.rules[1].metricTrigger.threshold": 75},
        f"{_PROFILE}.rules",
        {f"{_PROFILE}.rules[1].metricTrigger.threshold": 74},
    ),
    # Load balancer
    Case("front_end", BALANCER, {"frontendIPConfigurations": []}, "frontendIPConfigurations", {}),
    Case("basic_sku", BALANCER, {"sku.name": "Basic"}, "sku.name", {"sku.name": "Standard"}),
    Case("sku_given", BALANCER, {"sku": REMOVED}, "sku.name", {}),
    Case(
        "front_end_zones",
        BALANCER,
        {"frontendIPConfigurations[0].zones": ["1"]},
        "frontendIPConfigurations[0].zones",
        {"frontendIPConfigurations[0]": {**_INTERNAL_FRONT, "zones": ["1"]}},
    ),
    Case(
        "outbound_public",
        BALANCER,
        {"frontendIPConfigurations[0]": _INTERNAL_FRONT},
        "outboundRules",
        {},
        given={"outboundRules": [_OUTBOUND]},
    ),
    Case(
        "outbound_snat",
        BALANCER,
        {f"{_HTTP}.disableOutboundSnat": REMOVED},
        f"{_HTTP}.disableOutboundSnat",
        {},
        given={"outboundRules": [_OUTBOUND]},
    ),
    Case(
        "outbound_ports",
        BALANCER,
        {"outboundRules[0].allocatedOutboundPorts": 1001},
        "outboundRules[0].allocatedOutboundPorts",
        {"outboundRules[0].allocatedOutboundPorts": 1000},
        given={"outboundRules": [_OUTBOUND]},
    ),
    Case(
        "outbound_ports",
        BALANCER,
        {"outboundRules[0].idleTimeoutInMinutes": 121},
        "outboundRules[0].idleTimeoutInMinutes",
        {"outboundRules[0].idleTimeoutInMinutes": 120},
        given={"outboundRules": [_OUTBOUND]},
        name="idle",
    ),
    Case("probe_ranges", BALANCER, {"probes[0].intervalInSeconds": 4}, "probes[0].intervalInSeconds", {"probes[0].intervalInSeconds": 5}),
    Case("probe_ranges", BALANCER, {"probes[0].port": 65_536}, "probes[0].port", {"probes[0].port": 65_535}, name="port"),
    Case("probe_path", BALANCER, {"probes[0].requestPath": REMOVED}, "probes[0].requestPath", {}),
    Case(
        "probe_path",
        BALANCER,
        {"probes[0].protocol": "Tcp"},
        "probes[0].requestPath",
        {"probes[0].protocol": "Tcp", "probes[0].requestPath": REMOVED},
        name="tcp",
    ),
    # Load balancer: inbound
    Case(
        "nat_rule_ports",
        BALANCER,
        {"inboundNatRules[0].frontendPortRangeEnd": REMOVED},
        "inboundNatRules[0].frontendPortRangeEnd",
        {},
        given={"inboundNatRules": [_NAT_RULE]},
    ),
    Case(
        "nat_rule_ports",
        BALANCER,
        {"inboundNatRules[0].frontendPort": 2222},
        "inboundNatRules[0].frontendPort",
        {"inboundNatRules[0].frontendPort": 0},
        given={"inboundNatRules": [_NAT_RULE]},
        name="single",
    ),
    Case(
        "ports_apart",
        BALANCER,
        {"inboundNatRules[0].frontendPortRangeStart": 80},
        "inboundNatRules[0]",
        {"inboundNatRules[0].frontendPortRangeStart": 81},
        given={"inboundNatRules": [_NAT_RULE]},
    ),
    Case(
        "backend_ports",
        BALANCER,
        {"loadBalancingRules[1].backendPort": 8080},
        "loadBalancingRules[1].backendPort",
        {"loadBalancingRules[1].enableFloatingIP": True, "loadBalancingRules[1].backendPort": 8080},
        given={"loadBalancingRules[1]": _SECOND},
    ),
    Case("rule_ports", BALANCER, {f"{_HTTP}.frontendPort": 65_535}, f"{_HTTP}.frontendPort", {f"{_HTTP}.frontendPort": 65_534}),
    Case(
        "all_ports",
        BALANCER,
        {f"{_HTTP}.frontendPort": 80},
        f"{_HTTP}.frontendPort",
        {},
        given={
            "frontendIPConfigurations[0]": _INTERNAL_FRONT,
            f"{_HTTP}.protocol": "All",
            f"{_HTTP}.frontendPort": 0,
            f"{_HTTP}.backendPort": 0,
        },
    ),
    Case(
        "all_ports",
        BALANCER,
        {},
        f"{_HTTP}.protocol",
        {"frontendIPConfigurations[0]": _INTERNAL_FRONT},
        given={f"{_HTTP}.protocol": "All", f"{_HTTP}.frontendPort": 0, f"{_HTTP}.backendPort": 0},
        name="public",
    ),
    Case("rule_protocol", BALANCER, {f"{_HTTP}.protocol": "Http"}, f"{_HTTP}.protocol", {f"{_HTTP}.protocol": "tcp"}),
    # Compute gallery
    Case("gallery_names", GALLERY_IMAGE, {"galleryName": "web-shop"}, "galleryName", {"galleryName": "web.shop_1"}),
    Case("gallery_names", GALLERY_IMAGE, {"galleryImageName": "w" * 81}, "galleryImageName", {"galleryImageName": "w" * 80}, name="image"),
    Case(
        "version_name",
        GALLERY_IMAGE_VERSION,
        {"galleryImageVersionName": "1.0"},
        "galleryImageVersionName",
        {"galleryImageVersionName": "1.0.2147483647"},
    ),
    Case(
        "version_name", GALLERY_IMAGE_VERSION, {"galleryImageVersionName": "1.0.2147483648"}, "galleryImageVersionName", {}, name="number"
    ),
    Case(
        "image_security",
        GALLERY_IMAGE,
        {"hyperVGeneration": REMOVED},
        "hyperVGeneration",
        {},
        given={"features": [{"name": "SecurityType", "value": "TrustedLaunch"}]},
    ),
    Case(
        "image_security",
        GALLERY_IMAGE,
        {"features": [{"name": "SecurityType", "value": "Trusted"}]},
        "features[0].value",
        {"features": [{"name": "SecurityType", "value": "TrustedLaunchSupported"}]},
        name="value",
    ),
    Case(
        "version_source",
        GALLERY_IMAGE_VERSION,
        {"storageProfile.source.virtualMachineId": "x"},
        "storageProfile",
        {"storageProfile": {"osDiskImage": {"source": {"id": "x"}}}},
    ),
    Case("version_region", GALLERY_IMAGE_VERSION, {"location": "northeurope"}, _REGIONS, {"location": "WestEurope"}),
    Case(
        "version_replicas",
        GALLERY_IMAGE_VERSION,
        {f"{_REGIONS}[0].regionalReplicaCount": 101},
        f"{_REGIONS}[0].regionalReplicaCount",
        {f"{_REGIONS}[0].regionalReplicaCount": 100},
    ),
    Case(
        "version_storage",
        GALLERY_IMAGE_VERSION,
        {f"{_REGIONS}[0].storageAccountType": "StandardSSD_LRS"},
        f"{_REGIONS}[0].storageAccountType",
        {f"{_REGIONS}[0].storageAccountType": "Premium_LRS"},
    ),
    # Several resources
    Case(
        "subnet_room",
        TOGETHER,
        {"autoscale.profiles[0].capacity.maximum": "12"},
        "subnets[0].addressPrefix",
        {"autoscale.profiles[0].capacity.maximum": "11"},
        given=_SMALL,
        says="Expected 12",
    ),
    Case(
        "subnet_room",
        TOGETHER,
        {f"{_SET}.overprovision": True},
        "subnets[0].addressPrefix",
        {"autoscale.profiles[0].capacity.maximum": "9", f"{_SET}.overprovision": True},
        given=_SMALL,
        says="Expected 12",
        name="overprovision",
    ),
    Case(
        "subnet_room",
        TOGETHER,
        {f"{_SET}.upgradePolicy.rollingUpgradePolicy": {"maxSurge": True, "maxBatchInstancePercent": 20}},
        "subnets[0].addressPrefix",
        {f"{_SET}.upgradePolicy.rollingUpgradePolicy": {"maxSurge": True, "maxBatchInstancePercent": 19}},
        given=_SMALL,
        says="Expected 12",
        name="surge",
    ),
    Case(
        "autoscale_limit",
        TOGETHER,
        {f"{_SET}.singlePlacementGroup": True},
        "autoscale.profiles[0].capacity.maximum",
        {f"{_SET}.singlePlacementGroup": True, "autoscale.profiles[0].capacity.maximum": "100"},
        given={"autoscale.profiles[0].capacity.maximum": "101"},
    ),
    Case("autoscale_capacity", TOGETHER, {f"{_SET}.sku.capacity": 1}, "sku.capacity", {f"{_SET}.sku.capacity": 2}),
    Case("autoscale_region", TOGETHER, {"autoscale.location": "northeurope"}, "autoscale.location", {"autoscale.location": "West Europe"}),
    Case(
        "extensions_twice",
        TOGETHER,
        {"extensions": [CUSTOM_SCRIPT]},
        "extensions[0]",
        {},
        given={f"{_SET}.{EXTENSIONS}[0]": {**CUSTOM_SCRIPT, "name": "Other"}},
    ),
    Case("way_out", _DOWNLOADING, {f"{_LB}.outboundRules": []}, "subnets[0].natGateway", {}),
    Case(
        "way_out",
        edited(_DOWNLOADING, {"load_balancers": []}),
        {"subnets[0].defaultOutboundAccess": False},
        "subnets[0].natGateway",
        {},
        name="private_subnet",
    ),
    # A set and its load balancers
    Case(
        "rules_of_an_interface",
        TOGETHER,
        {f"{_LB}.loadBalancingRules": [_numbered(port) for port in range(1, 302)]},
        "virtualMachineProfile.networkProfile.networkInterfaceConfigurations[0]",
        {f"{_LB}.loadBalancingRules": [_numbered(port) for port in range(1, 301)]},
        says="301 balancing rules",
    ),
    Case("probe_used", TOGETHER, {f"{_LB}.{_HTTP}.probe": REMOVED}, PROBE, {}),
    Case("probe_used", TOGETHER, {_SET_POOLS: [{"id": f"{BALANCER_ID}/backendAddressPools/other"}]}, PROBE, {}, name="other_pool"),
    Case(
        "backend_ports_across_pools",
        TOGETHER,
        {f"{_LB}.loadBalancingRules[1].backendPort": 8080},
        "loadBalancers[0].loadBalancingRules[1].backendPort",
        {},
        given={
            f"{_SET_POOLS}[1]": {"id": f"{BALANCER_ID}/backendAddressPools/tls"},
            f"{_LB}.loadBalancingRules[1]": {**_SECOND, "backendAddressPool": {"id": f"{BALANCER_ID}/backendAddressPools/tls"}},
        },
    ),
    Case(
        "balancers_of_a_kind",
        TOGETHER,
        {"load_balancers[1]": {**BALANCER, "loadBalancerName": "second"}},
        "loadBalancers[1]",
        {"load_balancers[1]": {**BALANCER, "loadBalancerName": "second", "frontendIPConfigurations": [_INTERNAL_FRONT]}},
        given={f"{_SET_POOLS}[1]": {"id": f"{NETWORK}/loadBalancers/second/backendAddressPools/web"}},
    ),
    Case("large_set_balancer", TOGETHER, {f"{_LB}.sku.name": "Basic"}, "loadBalancers[0].sku.name", {}),
    Case(
        "nat_pool_ports",
        TOGETHER,
        {f"{_LB}.inboundNatPools[0].frontendPortRangeEnd": 50_008},
        "loadBalancers[0].inboundNatPools[0].frontendPortRangeEnd",
        {f"{_LB}.inboundNatPools[0].frontendPortRangeEnd": 50_009},
        given={
            f"{_LB}.inboundNatPools": [_NAT_POOL],
            f"{_SET}.{ADDRESS}.loadBalancerInboundNatPools": [{"id": f"{BALANCER_ID}/inboundNatPools/ssh"}],
        },
    ),
    Case(
        "nat_pool_ports",
        TOGETHER,
        {f"{_LB}.inboundNatPools[0].frontendPortRangeEnd": 50_010},
        "loadBalancers[0].inboundNatPools[0].frontendPortRangeEnd",
        {},
        given={
            f"{_SET}.overprovision": True,
            f"{_LB}.inboundNatPools": [_NAT_POOL],
            f"{_SET}.{ADDRESS}.loadBalancerInboundNatPools": [{"id": f"{BALANCER_ID}/inboundNatPools/ssh"}],
        },
        name="overprovision",
    ),
    Case(
        "nat_rule_room",
        TOGETHER,
        {f"{_LB}.inboundNatRules[0].frontendPortRangeEnd": 50_008},
        "loadBalancers[0].inboundNatRules[0].frontendPortRangeEnd",
        {},
        given={f"{_LB}.inboundNatRules": [_NAT_RULE]},
    ),
    Case(
        "outbound_ports_enough",
        TOGETHER,
        {f"{_LB}.outboundRules[0].allocatedOutboundPorts": 6_408},
        "loadBalancers[0].outboundRules[0].allocatedOutboundPorts",
        {f"{_LB}.outboundRules[0].allocatedOutboundPorts": 6_400},
        given={f"{_LB}.outboundRules": [_OUTBOUND]},
    ),
    Case(
        "address_sku",
        TOGETHER,
        {f"{_SET}.{ADDRESS}.publicIPAddressConfiguration.sku.name": "Basic"},
        f"{ADDRESS}.publicIPAddressConfiguration.sku.name",
        {f"{_SET}.{ADDRESS}.publicIPAddressConfiguration.sku.name": "Standard"},
    ),
    Case(
        "let_in",
        TOGETHER,
        {},
        "subnets[0].networkSecurityGroup",
        {f"{_LB}.frontendIPConfigurations[0]": _INTERNAL_FRONT},
        given={"subnets[0].networkSecurityGroup": REMOVED},
    ),
    # A load balancer that changes under a set
    Case(
        "rule_kept",
        KEPT,
        {"after.loadBalancingRules": [_SECOND]},
        "loadBalancingRules",
        {f"after.{_HTTP}.frontendPort": 8080},
        says="'http' goes",
    ),
    Case("port_kept", KEPT, {f"after.{_HTTP}.backendPort": 8081}, f"{_HTTP}.backendPort", {f"after.{_HTTP}.probe": REMOVED}),
    Case(
        "rule_kept",
        edited(KEPT, {f"before.{_HTTP}.probe.id": f"{BALANCER_ID}/probes/other"}),
        {f"before.{_HTTP}.probe.id": f"{BALANCER_ID}/probes/alive"},
        "loadBalancingRules",
        {f"before.{_HTTP}.probe.id": f"{BALANCER_ID}/probes/other"},
        given={"after.loadBalancingRules": []},
        name="of another probe",
    ),
]
