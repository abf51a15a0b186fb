"""The subscription that the smoke tests use, when they are asked for."""

import os
import time

import pytest
from azure.core.exceptions import ClientAuthenticationError
from azure.identity import DefaultAzureCredential
from azure.mgmt.compute import ComputeManagementClient

from tests.azure.cloud import Access

REGION = os.environ.get("AZURE_SCALESET_SMOKE")
SUBSCRIPTION = os.environ.get("ARM_SUBSCRIPTION_ID")


@pytest.fixture(scope="session", autouse=True)
def asked_for() -> None:
    """Skips everything here unless AZURE_SCALESET_SMOKE names a region and ARM_SUBSCRIPTION_ID a subscription: it makes real resources."""
    if not REGION or not SUBSCRIPTION:
        pytest.skip("opt-in: set AZURE_SCALESET_SMOKE to a region and ARM_SUBSCRIPTION_ID to a subscription, and sign in with az")


@pytest.fixture
def access(asked_for: None) -> Access:
    """The subscription, by the credentials that azure-identity finds; without any the test is skipped."""
    credential = DefaultAzureCredential()
    try:
        credential.get_token("https://management.azure.com/.default")
    except ClientAuthenticationError as error:
        pytest.skip(f"no credentials for Azure: {error.message.splitlines()[0]}")
    return Access(
        credential=credential,
        subscription=str(SUBSCRIPTION),
        region=str(REGION),
        blob_endpoint="https://{account}.blob.core.windows.net",
        wait=time.sleep,
        image_versions=_two_newest,
        client_options={},
    )


def _two_newest(compute: ComputeManagementClient) -> tuple[str, str]:
    listed = compute.virtual_machine_images.list(str(REGION), "Canonical", "ubuntu-24_04-lts", "server")
    versions = sorted((str(each.name) for each in listed), key=lambda name: [int(part) for part in name.split(".")])
    return versions[-2], versions[-1]
