"""What every Azure client finds before it finds resources: the tenant, its subscriptions, the locations, the providers, the endpoints."""

from __future__ import annotations

import uuid

from offline.arm.errors import ArmError, bad_request
from offline.arm.http import Json
from offline.arm.registry import TYPES

TENANT = str(uuid.uuid5(uuid.NAMESPACE_DNS, "tenant.offline.azure"))
"""The one tenant."""

DEPLOYER = str(uuid.uuid5(uuid.NAMESPACE_DNS, "deployer.offline.azure"))
"""Object id and client id of who deploys: owner of both subscriptions, without rights on data."""

AUDIENCE = "https://localhost/"
"""The resource that tokens for this Azure are asked for."""

SUBSCRIPTIONS: dict[str, str] = {
    "00000000-0000-0000-0000-000000000001": "Offline",
    "00000000-0000-0000-0000-000000000002": "Offline second",
}
"""Subscription id -> display name. Two, so that programs with two providers can be tried."""

LOCATIONS: dict[str, str] = {
    "eastus": "East US",
    "eastus2": "East US 2",
    "westus2": "West US 2",
    "westus3": "West US 3",
    "centralus": "Central US",
    "northeurope": "North Europe",
    "westeurope": "West Europe",
    "uksouth": "UK South",
    "francecentral": "France Central",
    "germanywestcentral": "Germany West Central",
    "swedencentral": "Sweden Central",
    "switzerlandnorth": "Switzerland North",
    "southeastasia": "Southeast Asia",
    "australiaeast": "Australia East",
    "japaneast": "Japan East",
}
"""Location name -> display name: the ones this Azure has."""


_API_VERSIONS: dict[str, list[str]] = {
    "Microsoft.Authorization": ["2022-04-01"],
    "Microsoft.Compute": ["2024-11-01", "2024-07-01", "2024-03-01"],
    "Microsoft.Insights": ["2022-10-01"],
    "Microsoft.ManagedIdentity": ["2024-11-30", "2023-01-31"],
    "Microsoft.Network": ["2024-05-01", "2024-03-01"],
    "Microsoft.Resources": ["2025-04-01", "2024-11-01"],
    "Microsoft.Storage": ["2024-01-01", "2023-05-01"],
}
"""Namespace -> versions that clients are told of, newest first; every other one is accepted, too."""


def known_subscription(subscription: str) -> None:
    """Refuses a subscription that is none of ours."""
    if subscription.lower() not in SUBSCRIPTIONS:
        raise ArmError(404, "SubscriptionNotFound", f"The subscription '{subscription}' could not be found.")


def region(text: str) -> str:
    """The name of a location, written in any of Azure's ways (`West Europe`, `westeurope`)."""
    return text.replace(" ", "").lower()


def location(text: str, resource_type: str) -> str:
    """`region`; refuses one that does not exist."""
    name = region(text)
    if name not in LOCATIONS:
        raise bad_request(
            "LocationNotAvailableForResourceType",
            f"The provided location '{text}' is not available for resource type '{resource_type}'. "
            f"List of available regions for the resource type is '{','.join(LOCATIONS)}'.",
            "location",
        )
    return name


def subscription(subscription_id: str) -> Json:
    """GET /subscriptions/<id>."""
    known_subscription(subscription_id)
    return {
        "id": f"/subscriptions/{subscription_id.lower()}",
        "subscriptionId": subscription_id.lower(),
        "tenantId": TENANT,
        "displayName": SUBSCRIPTIONS[subscription_id.lower()],
        "state": "Enabled",
        "authorizationSource": "RoleBased",
        "managedByTenants": [],
        "subscriptionPolicies": {"locationPlacementId": "Internal_2014-09-01", "quotaId": "Internal_2014-09-01", "spendingLimit": "Off"},
    }


def subscriptions() -> list[Json]:
    """The items of GET /subscriptions."""
    return [subscription(each) for each in SUBSCRIPTIONS]


def tenants() -> list[Json]:
    """The items of GET /tenants."""
    return [{"id": f"/tenants/{TENANT}", "tenantId": TENANT, "displayName": "Offline", "tenantCategory": "Home", "countryCode": "NL"}]


def locations(subscription_id: str) -> list[Json]:
    """The items of GET /subscriptions/<id>/locations."""
    root = f"/subscriptions/{subscription_id}/locations"
    return [
        {"id": f"{root}/{name}", "name": name, "displayName": shown, "regionalDisplayName": shown, "metadata": {"regionType": "Physical"}}
        for name, shown in LOCATIONS.items()
    ]


def providers(subscription_id: str) -> list[Json]:
    """The items of GET /subscriptions/<id>/providers: every namespace of the registry, registered, with its types."""
    namespaces: dict[str, list[str]] = {}
    for resource_type in TYPES.values():
        namespace, _, kind = resource_type.name.partition("/")
        namespaces.setdefault(namespace, []).append(kind)
    return [
        {
            "id": f"/subscriptions/{subscription_id}/providers/{namespace}",
            "namespace": namespace,
            "registrationState": "Registered",
            "registrationPolicy": "RegistrationRequired",
            "resourceTypes": [
                {"resourceType": kind, "locations": list(LOCATIONS.values()), "apiVersions": _API_VERSIONS.get(namespace, ["2024-11-01"])}
                for kind in sorted(kinds)
            ],
        }
        for namespace, kinds in sorted(namespaces.items())
    ]


def endpoints(base: str) -> list[Json]:
    """GET /metadata/endpoints of an ARM at `base` (`https://localhost:8443`): one cloud, its token audience, its suffixes."""
    return [
        {
            "name": "offline",
            "portal": base,
            "resourceManager": f"{base}/",
            "authentication": {
                "loginEndpoint": f"{base}/",
                "audiences": [AUDIENCE, f"{base}/"],
                "tenant": "common",
                "identityProvider": "AAD",
            },
            "media": f"{base}/",
            "graph": f"{base}/",
            "graphAudience": f"{base}/",
            "batch": f"{base}/",
            "gallery": f"{base}/",
            "activeDirectoryDataLake": f"{base}/",
            "sqlManagement": f"{base}/",
            "vmImageAliasDoc": f"{base}/aliases.json",
            "suffixes": {
                "storage": "core.windows.net",
                "keyVaultDns": "vault.azure.net",
                "acrLoginServer": "azurecr.io",
                "sqlServerHostname": "database.windows.net",
            },
        }
    ]
