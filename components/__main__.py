"""Hosts the components for Pulumi programs in any language."""

from importlib.metadata import version

from pulumi.provider.experimental import component_provider_host

from azure_scaleset import Network, ScaleSet, StagedScaleSet

if __name__ == "__main__":
    component_provider_host(name="azure-scaleset", version=version("azure-scaleset"), components=[Network, ScaleSet, StagedScaleSet])
