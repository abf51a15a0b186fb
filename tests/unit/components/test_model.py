"""The scale set's model from its arguments."""

from typing import Any

from azure_scaleset import model, problems
from azure_scaleset.arguments import ScaleSetArgs
from azure_scaleset.shape import fields, read_fields

LINUX = {
    "resourceGroupName": "g",
    "os": "Linux",
    "image": "Ubuntu2404",
    "size": "Standard_D2s_v5",
    "admin": {"sshPublicKeys": ["ssh-ed25519 AAAA"]},
    "network": {"subnetId": "subnet", "backendPoolIds": ["pool"], "healthProbeId": "probe"},
}
WINDOWS = {**LINUX, "os": "Windows", "image": "Win2022Datacenter", "admin": {"password": "Correct-Horse-1"}}


def read(given: dict[str, Any]) -> ScaleSetArgs:
    """Arguments as the component reads them."""
    found: list[str] = []
    result: Any = read_fields(given, fields(ScaleSetArgs), "", found)
    assert found == []
    return result  # type: ignore[no-any-return]  # read_fields gives what its table says


def test_linux_defaults() -> None:
    """A minimal Linux set: no password login, trusted launch, rolling with the probe as health signal, also while one of the two is unhealthy, no surplus
    machines, no public address."""
    assert model.inputs("web", read(LINUX), "Ubuntu2404", 2, None, []) == {
        "orchestrationMode": "Uniform",
        "sku": {"name": "Standard_D2s_v5", "tier": "Standard", "capacity": 2},
        "overprovision": False,
        "singlePlacementGroup": False,
        "upgradePolicy": {
            "mode": "Rolling",
            "rollingUpgradePolicy": {
                "maxBatchInstancePercent": 20,
                "maxUnhealthyInstancePercent": 50,
                "maxUnhealthyUpgradedInstancePercent": 20,
                "pauseTimeBetweenBatches": "PT0S",
            },
        },
        "virtualMachineProfile": {
            "osProfile": {
                "computerNamePrefix": "web",
                "adminUsername": "azureuser",
                "linuxConfiguration": {
                    "disablePasswordAuthentication": True,
                    "provisionVMAgent": True,
                    "ssh": {"publicKeys": [{"path": "/home/azureuser/.ssh/authorized_keys", "keyData": "ssh-ed25519 AAAA"}]},
                },
            },
            "storageProfile": {
                "imageReference": {"publisher": "Canonical", "offer": "ubuntu-24_04-lts", "sku": "server", "version": "latest"},
                "osDisk": {"createOption": "FromImage", "caching": "ReadWrite", "managedDisk": {"storageAccountType": "StandardSSD_LRS"}},
            },
            "networkProfile": {
                "networkInterfaceConfigurations": [
                    {
                        "name": "nic",
                        "primary": True,
                        "ipConfigurations": [
                            {
                                "name": "primary",
                                "primary": True,
                                "subnet": {"id": "subnet"},
                                "loadBalancerBackendAddressPools": [{"id": "pool"}],
                            }
                        ],
                    }
                ],
                "healthProbe": {"id": "probe"},
            },
            "diagnosticsProfile": {"bootDiagnostics": {"enabled": True}},
            "securityProfile": {"securityType": "TrustedLaunch", "uefiSettings": {"secureBootEnabled": True, "vTpmEnabled": True}},
        },
    }


def test_without_a_health_signal_the_mode_is_manual() -> None:
    """Rolling needs a signal: without one nothing reaches the instances by itself."""
    inputs = model.inputs("web", read({**LINUX, "network": {"subnetId": "subnet"}}), "Ubuntu2404", 2, None, [])

    assert inputs["upgradePolicy"] == {"mode": "Manual"}


def test_a_generation_1_image_gets_no_security_type() -> None:
    """Standard is never sent, since that needs a feature of the subscription."""
    image = "Canonical:UbuntuServer:14.04.4-LTS:latest"
    inputs = model.inputs("web", read({**LINUX, "image": image}), image, 2, None, [])

    assert "securityProfile" not in inputs["virtualMachineProfile"]


def test_computer_name_prefix_fits_the_system() -> None:
    """Windows takes 9 characters and not only digits, Linux more."""
    assert [
        model.computer_name_prefix("Web-Frontend", read(WINDOWS)),
        model.computer_name_prefix("2026", read(WINDOWS)),
        model.computer_name_prefix("Web-Frontend", read(LINUX)),
        model.computer_name_prefix("web", read({**WINDOWS, "computerNamePrefix": "iis"})),
    ] == ["webfronte", "vm2026", "webfrontend", "iis"]


def test_the_name_changes_exactly_with_what_azure_cannot_change() -> None:
    """Size, capacity and a newer image keep the name; the admin's name and the kind of image don't."""
    name = model.physical_name("web", read(LINUX))
    custom = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Compute/images/i"

    kept: list[dict[str, Any]] = [
        {"size": "Standard_D4s_v5"},
        {"capacity": 9},
        {"image": "Canonical:ubuntu-24_04-lts:server:24.4.1"},
        {"zones": ["1"]},
    ]
    changed: list[dict[str, Any]] = [
        {"admin": {"username": "other", "sshPublicKeys": ["ssh-ed25519 A"]}},
        {"image": custom},
        {"security": {"type": "Standard"}},
    ]

    assert [model.physical_name("web", read({**LINUX, **change})) == name for change in kept + changed] == [True] * 4 + [False] * 3


def test_overrides_are_merged() -> None:
    """Maps merge at every depth, lists and scalars are replaced: no field of Azure is out of reach."""
    inputs = model.merge(
        {"overprovision": False, "sku": {"tier": "Standard", "capacity": 2}, "zones": ["1"]}, {"zones": ["2"], "sku": {"tier": "Basic"}}
    )

    assert inputs == {"overprovision": False, "sku": {"tier": "Basic", "capacity": 2}, "zones": ["2"]}


def test_all_problems_of_the_arguments_at_once() -> None:
    """What the arguments alone tell is reported together, each by its argument."""
    args = read(
        {
            **WINDOWS,
            "image": "Ubuntu2404",
            "admin": {"sshPublicKeys": ["ssh-ed25519 A"]},
            "computerNamePrefix": "toolongforwindows",
            "cloudInit": [{"script": "true"}],
            "zones": ["4"],
            "capacity": 1,
            "autoscale": {"minimum": 2, "maximum": 5, "rules": [{"metric": "Percentage CPU"}]},
            "upgrade": {"maxBatchInstancePercent": 3},
        }
    )

    assert [problem.split(" ")[0] for problem in problems.find("web", args)] == [
        "computerNamePrefix",
        "image",
        "admin.password",
        "admin.sshPublicKeys",
        "cloudInit",
        "upgrade.maxBatchInstancePercent",
        "capacity",
        "autoscale.rules[0]",
        "zones[0]",
    ]
