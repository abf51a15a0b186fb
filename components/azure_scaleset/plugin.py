"""The package as a plugin of the Pulumi engine: hosts the public components for programs in any language."""

from importlib.metadata import version

import pulumi
from pulumi.provider.experimental import component_provider_host

import azure_scaleset

NAME = "azure-scaleset"
"""The package's name in Pulumi, and that of the Python distribution."""


def components() -> list[type[pulumi.ComponentResource]]:
    """The components among the package's public names, in their order."""
    public = (getattr(azure_scaleset, name) for name in azure_scaleset.__all__)
    return [each for each in public if isinstance(each, type) and issubclass(each, pulumi.ComponentResource)]


def main() -> None:
    """Serves the engine until it is done."""
    component_provider_host(name=NAME, version=version(NAME), components=components())
