"""Azure's answers take the place of what the rules guess by names."""

from typing import Any

import pytest

from azure_scaleset.rules import UNKNOWN, Severity, check
from azure_scaleset.rules.checks import with_answers
from tests.unit.rules.cases.case import edited
from tests.unit.rules.cases.models import LINUX, PROFILE

STORAGE = f"{PROFILE}.storageProfile"
REFERENCE = {"publisher": "Canonical", "offer": "ubuntu-24_04-lts", "sku": "server", "version": "latest"}
PREMIUM = edited(LINUX, {"sku.name": "Standard_D2_v5", f"{STORAGE}.osDisk.managedDisk.storageAccountType": "Premium_LRS"})
TRUSTED = edited(
    LINUX, {f"{STORAGE}.imageReference": {**REFERENCE, "sku": "server-gen1"}, f"{PROFILE}.securityProfile.securityType": "TrustedLaunch"}
)
RETIRED = edited(LINUX, {"sku.name": "Standard_A3"})
ARM = edited(LINUX, {f"{STORAGE}.imageReference": {**REFERENCE, "sku": "server-arm64"}})
UPGRADED = edited(
    LINUX,
    {
        f"{STORAGE}.imageReference": REFERENCE,
        "upgradePolicy": {"mode": "Rolling", "automaticOSUpgradePolicy": {"enableAutomaticOSUpgrade": True}},
        f"{PROFILE}.networkProfile.healthProbe.id": UNKNOWN,
    },
)


def size(**capabilities: str) -> dict[str, Any]:
    """A size of Azure's list."""
    return {"capabilities": [{"name": name, "value": value} for name, value in capabilities.items()]}


def image(**properties: Any) -> dict[str, Any]:
    """A version of a platform image."""
    return {"properties": properties}


@pytest.mark.parametrize(
    ("rule", "model", "offered", "version", "told"),
    [
        ("K6", PREMIUM, UNKNOWN, UNKNOWN, ["warning"]),
        ("K6", PREMIUM, size(PremiumIO="True"), UNKNOWN, []),
        ("K6", PREMIUM, size(PremiumIO="False"), UNKNOWN, ["error"]),
        ("C2", TRUSTED, UNKNOWN, UNKNOWN, ["warning"]),
        ("C2", TRUSTED, UNKNOWN, image(hyperVGeneration="V2"), []),
        ("C2", TRUSTED, UNKNOWN, image(hyperVGeneration="V1"), ["error"]),
        ("G11", ARM, size(CpuArchitectureType="x64"), UNKNOWN, ["warning"]),
        ("G11", ARM, size(CpuArchitectureType="x64"), image(architecture="x64"), []),
        ("G11", ARM, size(CpuArchitectureType="x64"), image(architecture="Arm64"), ["error"]),
        ("Q7", RETIRED, UNKNOWN, UNKNOWN, ["warning"]),
        ("Q7", RETIRED, None, UNKNOWN, []),
        ("U14", UPGRADED, UNKNOWN, image(), ["warning"]),
        ("U14", UPGRADED, UNKNOWN, image(automaticOSUpgradeProperties={"automaticOSUpgradeSupported": False}), ["warning"]),
        ("U14", UPGRADED, UNKNOWN, image(automaticOSUpgradeProperties={"automaticOSUpgradeSupported": True}), []),
    ],
)
def test_a_problem_is_told_once_by_whom_knows_best(rule: str, model: Any, offered: Any, version: Any, told: list[str]) -> None:
    """The guess where nobody answers, the answer alone where somebody does."""
    found = with_answers(check(model), model, size=offered, image=version)

    assert [problem.severity.value for problem in found if problem.rule == rule] == told


def test_all_else_stays() -> None:
    """What is refused as it is written is told beside what Azure says."""
    model = edited(PREMIUM, {"sku.capacity": -1, f"{STORAGE}.dataDisks": [{"lun": 0}, {"lun": 0}, {"lun": 1}]})

    found = with_answers(check(model), model, size=size(MaxDataDiskCount="2"), image=UNKNOWN)

    assert [problem.rule for problem in found if problem.severity is Severity.ERROR] == ["S12", "K2", "K1"]
