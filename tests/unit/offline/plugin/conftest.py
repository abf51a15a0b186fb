"""A plugin for each test."""

from pathlib import Path

import pytest

from tests.unit.offline.plugin.engine import Engine


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    """A plugin in front of an Azure with a resource group."""
    found = Engine(tmp_path / "azure.db")
    found.make("azure-native:resources:ResourceGroup", {"resourceGroupName": "rg", "location": "westeurope"})
    return found
