"""What keeps a VM from being captured."""

from typing import Any

import pytest

from azure_scaleset.capture.checks import refusals, remarks
from azure_scaleset.capture.vm import PREPARING, Extension
from azure_scaleset.capture.wanted import Wanted
from tests.unit.capture.vms import vm

MANAGED = Wanted(managed_image="golden")


@pytest.mark.parametrize(
    ("fields", "wanted", "expected"),
    [
        ({"scale_set": "/x/web"}, Wanted(), "instance of the scale set web"),
        ({"os": ""}, Wanted(), "doesn't tell the system"),
        ({"disk_id": None}, Wanted(), "VHD in a storage account"),
        ({"ephemeral": True}, Wanted(), "ephemeral"),
        ({"encrypted": True}, Wanted(), "az vm encryption disable"),
        ({"security": "ConfidentialVM"}, Wanted(), "confidential"),
        ({}, MANAGED, "trusted launch, and of such a VM Azure makes no managed image"),
        ({"security": "Standard", "architecture": "Arm64"}, MANAGED, "Arm64"),
        ({"provisioning": "Failed"}, Wanted(), "provisioning of build has failed"),
        ({"agent_ready": False}, Wanted(), "agent of build doesn't answer"),
        ({"mark": PREPARING, "power": "deallocated"}, Wanted(), "nobody can tell"),
    ],
)
def test_refusal(fields: Any, wanted: Wanted, expected: str) -> None:
    """Each reason is said once, with what to do."""
    (found,) = refusals(vm(**fields), wanted, None)
    assert expected in found


def test_all_reasons_are_told_at_once() -> None:
    """Nobody mends one mistake after the other."""
    assert len(refusals(vm(ephemeral=True, encrypted=True, scale_set="/x/web"), MANAGED, None)) == 4


def test_definition_must_fit() -> None:
    """One of another generation, and of another security type, is named."""
    definition = {"name": "old", "properties": {"osType": "Linux", "hyperVGeneration": "V1"}}
    assert [each.partition(",")[0] for each in refusals(vm(), Wanted(), definition)] == [
        "the VM build is of generation V2",
        "the VM build is of trusted launch",
    ]


FITTING = {
    "osType": "Linux",
    "osState": "Generalized",
    "hyperVGeneration": "V2",
    "features": [{"name": "SecurityType", "value": "TrustedLaunch"}],
}


@pytest.mark.parametrize(
    ("fields", "properties", "expected"),
    [
        ({}, {}, []),
        ({}, {"osState": "Specialized"}, ["The image of the VM build is generalized"]),
        ({"architecture": "Arm64"}, {}, ["the VM build is of Arm64"]),
        ({"security": "Standard"}, {}, ["the VM build is not of trusted launch"]),
        (
            {"security": "Standard"},
            {"features": [{"name": "SecurityType", "value": "TrustedLaunchSupported"}]},
            ["the VM build is not of trusted launch"],
        ),
        ({"security": "Standard"}, {"features": []}, []),
        ({}, {"features": []}, ["the VM build is of trusted launch"]),
    ],
)
def test_definition_must_be_for_such_a_vm(fields: Any, properties: Any, expected: list[str]) -> None:
    """Specialized ones, ones of another architecture, and of another security type either way are refused before anything is done to the VM."""
    found = refusals(vm(**fields), Wanted(), {"name": "web", "properties": {**FITTING, **properties}})
    assert [each.partition(",")[0] for each in found] == expected


@pytest.mark.parametrize("fields", [{}, {"power": "stopped", "agent_ready": False}, {"generalized": True, "provisioning": "Failed"}])
def test_nothing_hinders(fields: Any) -> None:
    """One that runs, one that is off and is started first, one that was generalized before."""
    assert refusals(vm(**fields), Wanted(), None) == []


def test_remarks() -> None:
    """What is lost, what goes along, what stays."""
    plan = {"name": "a", "publisher": "b", "product": "c"}
    told = remarks(vm(extensions=(Extension("/id", "script"),), data_disks=2, plan=plan), Wanted(delete_vm=True))
    assert [each.split()[0] for each in told] == ["Extensions", "2", "The", "The"]
