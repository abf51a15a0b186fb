"""The backend pools that rules and scale sets refer to, by id."""

from __future__ import annotations

from collections.abc import Iterator

from offline.arm.http import Json


def of_ip_configurations(scale_set: Json) -> Iterator[set[str]]:
    """For each IP configuration in a scale set's model, the ids (lower case) of the pools it is in."""
    profile = (scale_set.get("properties") or {}).get("virtualMachineProfile") or {}
    for interface in (profile.get("networkProfile") or {}).get("networkInterfaceConfigurations") or []:
        for configuration in (interface.get("properties") or {}).get("ipConfigurations") or []:
            yield {key(pool) for pool in (configuration.get("properties") or {}).get("loadBalancerBackendAddressPools") or []}


def of_rule(rule: Json) -> list[str]:
    """The pools of a rule (ids in lower case), written in either of Azure's ways."""
    properties = rule["properties"]
    found = [properties.get("backendAddressPool"), *(properties.get("backendAddressPools") or [])]
    return list(dict.fromkeys(key(each) for each in found if each))


def key(reference: Json | None) -> str:
    """The id that a reference holds, in lower case; empty where there is none."""
    return str((reference or {}).get("id", "")).lower()
