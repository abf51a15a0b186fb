"""The configuration of the provider."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

_PREFIX = "azure-native:config:"


@dataclass(frozen=True)
class Settings:
    """The subscription that ids are in, the default location, and who the provider says it is."""

    subscription: str
    tenant: str
    client: str
    location: str | None = None

    @staticmethod
    def of(variables: Mapping[str, str], environment: Mapping[str, str]) -> Settings:
        """From the provider's configuration, else the environment; raises ValueError that names both when there is no subscription."""

        def find(name: str, variable: str) -> str:
            return variables.get(_PREFIX + name) or environment.get(variable, "")

        subscription = find("subscriptionId", "ARM_SUBSCRIPTION_ID")
        if not subscription:
            raise ValueError(
                "no subscription: set the provider's subscriptionId (pulumi config set azure-native:subscriptionId <id>) or the environment variable ARM_SUBSCRIPTION_ID"
            )
        return Settings(
            subscription, find("tenantId", "ARM_TENANT_ID"), find("clientId", "ARM_CLIENT_ID"), variables.get(_PREFIX + "location")
        )
