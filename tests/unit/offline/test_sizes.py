"""The list of sizes."""

from pathlib import Path

import pytest

from offline.arm.app import Azure
from offline.arm.http import Request, Response
from offline.arm.store import Store
from offline.arm.tenant import SUBSCRIPTIONS

PATH = f"/subscriptions/{next(iter(SUBSCRIPTIONS))}/providers/Microsoft.Compute/skus"


def get(folder: Path, condition: str | None) -> Response:
    """The answer to the list with `$filter`."""
    query = {"api-version": "2021-07-01", **({"$filter": condition} if condition is not None else {})}
    return Azure(Store(folder / "azure.db")).handle(Request("GET", PATH, query))


def test_a_size_has_its_capabilities_in_a_location(tmp_path: Path) -> None:
    """Each is listed once a location, with zones and what it can."""
    answer = get(tmp_path, "location eq 'westeurope'")

    assert answer.body is not None
    found = [each for each in answer.body["value"] if each["name"] == "Standard_B2s"]
    assert [(each["locations"], each["locationInfo"][0]["zones"], each["restrictions"]) for each in found] == [
        (["westeurope"], ["1", "2", "3"], [])
    ]
    assert {each["name"]: each["value"] for each in found[0]["capabilities"]} == {
        "MaxDataDiskCount": "4",
        "HyperVGenerations": "V1,V2",
        "CpuArchitectureType": "x64",
        "PremiumIO": "True",
        "AcceleratedNetworkingEnabled": "False",
        "EncryptionAtHostSupported": "True",
    }


@pytest.mark.parametrize(
    ("size", "told"),
    [
        ("Standard_D2s_v5", {"EncryptionAtHostSupported": "True"}),
        ("Standard_D2ps_v5", {"EncryptionAtHostSupported": "True", "TrustedLaunchDisabled": "True"}),
        ("Standard_A1_v2", {"EncryptionAtHostSupported": "False"}),
    ],
)
def test_what_is_told_of_security(tmp_path: Path, size: str, told: dict[str, str]) -> None:
    """Encryption at host of each size; of trusted launch only that there is none."""
    answer = get(tmp_path, "location eq 'westeurope'")

    assert answer.body is not None
    (found,) = [each["capabilities"] for each in answer.body["value"] if each["name"] == size]
    assert {each["name"]: each["value"] for each in found if each["name"] in ("EncryptionAtHostSupported", "TrustedLaunchDisabled")} == told


@pytest.mark.parametrize(("condition", "status"), [("location eq 'atlantis'", 400), ("name eq 'Standard_B2s'", 501)])
def test_another_filter_is_refused(tmp_path: Path, condition: str, status: int) -> None:
    """A place that there isn't, and what this Azure doesn't filter by."""
    assert get(tmp_path, condition).status == status
