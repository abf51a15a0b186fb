"""Stacks that Azure would refuse, each for several reasons, and what a preview must say of each."""

from dataclasses import dataclass
from typing import Any

from offline.arm.http import Json
from tests.engine.several_sets import linux, windows

Problems = dict[str, list[tuple[str, str]]]
"""Name of a scale set -> rule and property of each problem."""

_PROFILE = "virtualMachineProfile"
_OS = f"{_PROFILE}.osProfile"
_STORAGE = f"{_PROFILE}.storageProfile"
_EXTENSIONS = f"{_PROFILE}.extensionProfile.extensions"
_ROLLING = "upgradePolicy.rollingUpgradePolicy"
_LINUX_SCRIPT = {"publisher": "Microsoft.Azure.Extensions", "type": "CustomScript", "typeHandlerVersion": "2.1"}


@dataclass(frozen=True)
class WrongStack:
    """A stack: one of the program's own with other settings, or the sets of a program with several."""

    what: str
    problems: Problems
    stack: str = "linux-script"
    keys: Json | None = None
    """Keys of the stack file."""
    sets: Json | None = None
    """Sets of the program with several."""


def profile(**properties: Any) -> Json:
    """Overrides of the machines' profile: the checks of arguments don't see them."""
    return {_PROFILE: properties}


WRONG_STACKS = [
    WrongStack(
        "names of Linux",
        {
            "web": [
                ("N2", f"{_OS}.computerNamePrefix"),
                ("N7", f"{_OS}.adminUsername"),
                ("N13", f"{_OS}.linuxConfiguration.ssh.publicKeys[0].path"),
            ]
        },
        keys={"overrides": profile(osProfile={"computerNamePrefix": "_web", "adminUsername": "root"})},
    ),
    WrongStack(
        "names and times of Windows",
        {
            "web": [
                ("N1", f"{_OS}.computerNamePrefix"),
                ("N6", f"{_OS}.adminUsername"),
                ("N19", f"{_OS}.windowsConfiguration.enableAutomaticUpdates"),
                ("N20", f"{_OS}.windowsConfiguration.timeZone"),
            ]
        },
        stack="windows-script",
        keys={
            "overrides": profile(
                osProfile={
                    "computerNamePrefix": "webserver-01",
                    "adminUsername": "operator-of-all-servers",
                    "windowsConfiguration": {
                        "timeZone": "Europe/Berlin",
                        "enableAutomaticUpdates": False,
                        "patchSettings": {"patchMode": "AutomaticByOS"},
                    },
                }
            )
        },
    ),
    WrongStack(
        "rolling upgrades without a signal",
        {
            "web": [
                ("U2", "upgradePolicy.mode"),
                ("U4", f"{_ROLLING}.maxBatchInstancePercent"),
                ("U5", f"{_ROLLING}.pauseTimeBetweenBatches"),
                ("U6", "overprovision"),
                ("U7", f"{_ROLLING}.enableCrossZoneUpgrade"),
            ]
        },
        stack="linux-cloud-init",
        keys={
            "probeIsHealthSignal": False,
            "overrides": {
                "overprovision": True,
                "upgradePolicy": {
                    "mode": "Rolling",
                    "rollingUpgradePolicy": {
                        "maxBatchInstancePercent": 200,
                        "pauseTimeBetweenBatches": "5 minutes",
                        "maxSurge": True,
                        "enableCrossZoneUpgrade": True,
                    },
                },
            },
        },
    ),
    WrongStack(
        "extensions",
        {
            "web": [
                ("CL2", f"{_EXTENSIONS}[0].protectedSettings.commandToExecute"),
                ("X1", f"{_EXTENSIONS}[1]"),
                ("X3", f"{_EXTENSIONS}[1].provisionAfterExtensions[0]"),
                ("X4", f"{_EXTENSIONS}[1].typeHandlerVersion"),
                ("X5", f"{_EXTENSIONS}[2].type"),
                ("X12", f"{_PROFILE}.extensionProfile.extensionsTimeBudget"),
            ]
        },
        keys={
            "overrides": profile(
                extensionProfile={
                    "extensionsTimeBudget": "PT5M",
                    "extensions": [
                        {
                            **_LINUX_SCRIPT,
                            "name": "first",
                            "settings": {"commandToExecute": "id"},
                            "protectedSettings": {"commandToExecute": "id"},
                        },
                        {
                            **_LINUX_SCRIPT,
                            "name": "second",
                            "typeHandlerVersion": "2.1.3",
                            "settings": {"commandToExecute": "id"},
                            "provisionAfterExtensions": ["third"],
                        },
                        {
                            "name": "other",
                            "publisher": "Microsoft.Compute",
                            "type": "CustomScriptExtension",
                            "typeHandlerVersion": "1.10",
                            "settings": {"commandToExecute": "hostname"},
                        },
                    ],
                }
            )
        },
    ),
    WrongStack(
        "autoscale and placement",
        {
            "web": [
                ("A3", "autoscale.profiles[0].capacity.maximum"),
                ("O4", "platformFaultDomainCount"),
                ("R5", "scaleInPolicy.rules"),
                ("S7", "zones[1]"),
            ]
        },
        keys={
            "autoscale": {"minimum": 2, "maximum": 200},
            "overrides": {
                "singlePlacementGroup": True,
                "platformFaultDomainCount": 9,
                "scaleInPolicy": {"rules": ["OldestVM", "NewestVM"]},
                "zones": ["1", "4"],
            },
        },
    ),
    WrongStack(
        "size and image that Azure doesn't have",
        {
            "web": [("G3", f"{_STORAGE}.imageReference"), ("S7", "sku.name")],
            "arm": [("C2", f"{_PROFILE}.securityProfile.securityType"), ("G11", "sku.name"), ("K2", f"{_STORAGE}.dataDisks")],
            "old": [
                ("C5", f"{_PROFILE}.securityProfile.encryptionAtHost"),
                ("K6", f"{_STORAGE}.osDisk.managedDisk.storageAccountType"),
            ],
        },
        sets={
            "web": linux(image="Canonical:0001-com-ubuntu-server-jammy:22_04-lts-gen2:22.04.1", size="Standard_D3s_v5"),
            "arm": linux(
                size="Standard_D2ps_v5",
                overrides=profile(
                    storageProfile={"dataDisks": [{"lun": lun, "createOption": "Empty", "diskSizeGB": 32} for lun in range(5)]}
                ),
            ),
            "old": linux(
                image="Canonical:0001-com-ubuntu-server-jammy:22_04-lts:latest",
                size="Standard_A2_v2",
                overrides=profile(
                    securityProfile={"encryptionAtHost": True},
                    storageProfile={"osDisk": {"managedDisk": {"storageAccountType": "Premium_LRS"}}},
                ),
            ),
        },
    ),
    WrongStack(
        "disks and spot machines",
        {
            "web": [
                ("K1", f"{_STORAGE}.dataDisks[1].lun"),
                ("K3", f"{_STORAGE}.dataDisks[0].diskSizeGB"),
                ("K6", f"{_STORAGE}.osDisk.managedDisk.storageAccountType"),
                ("P1", f"{_PROFILE}.evictionPolicy"),
                ("P1", f"{_PROFILE}.billingProfile.maxPrice"),
            ]
        },
        sets={
            "web": linux(
                overrides=profile(
                    evictionPolicy="Delete",
                    billingProfile={"maxPrice": 0.1},
                    storageProfile={
                        "osDisk": {"managedDisk": {"storageAccountType": "UltraSSD_LRS"}},
                        "dataDisks": [{"lun": 0, "createOption": "Empty"}, {"lun": 0, "createOption": "Empty", "diskSizeGB": 64}],
                    },
                )
            )
        },
    ),
    WrongStack(
        "documents and security",
        {
            "web": [
                ("C1", f"{_PROFILE}.securityProfile.uefiSettings.secureBootEnabled"),
                ("C1", f"{_PROFILE}.securityProfile.uefiSettings.vTpmEnabled"),
                ("D1", f"{_OS}.customData"),
                ("D9", f"{_PROFILE}.userData"),
                ("R1", f"{_PROFILE}.scheduledEventsProfile.terminateNotificationProfile.notBeforeTimeout"),
                ("R3", "automaticRepairsPolicy.enabled"),
            ]
        },
        sets={
            "web": linux(
                security={"type": "Standard"},
                overrides={
                    "automaticRepairsPolicy": {"enabled": True},
                    **profile(
                        osProfile={"customData": "#cloud-config"},
                        userData="color=blue",
                        securityProfile={"uefiSettings": {"secureBootEnabled": True, "vTpmEnabled": True}},
                        scheduledEventsProfile={"terminateNotificationProfile": {"enable": True, "notBeforeTimeout": "PT1H"}},
                    ),
                },
            )
        },
    ),
    WrongStack(
        "two of three sets",
        {
            "front": [("G2", f"{_STORAGE}.imageReference.version"), ("S12", "sku.capacity")],
            "back": [("O14", f"{_PROFILE}.networkProfile.networkInterfaceConfigurations"), ("U1", "upgradePolicy.mode")],
        },
        sets={
            "front": linux(overrides={"sku": {"capacity": -1}, **profile(storageProfile={"imageReference": {"version": "newest"}})}),
            "middle": linux(),
            "back": linux(
                overrides={
                    "upgradePolicy": {"mode": "Blue"},
                    **profile(
                        networkProfile={
                            "networkInterfaceConfigurations": [
                                {"name": name, "ipConfigurations": [{"name": name, "subnet": {"id": "$subnet"}}]} for name in ("a", "b")
                            ]
                        }
                    ),
                }
            ),
        },
    ),
]
"""Stacks that are wrong from the start."""

SECRET_VALUES = {"password": "hunter2", "agentKey": "hunter2-agent", "command": "powershell.exe -Key hunter2-command"}
"""The first is a password that Azure refuses."""

SECRET_STACK = WrongStack(
    "a password and protected settings",
    {
        "web": [
            ("N9", f"{_OS}.adminPassword"),
            ("U12", "upgradePolicy.automaticOSUpgradePolicy.enableAutomaticOSUpgrade"),
            ("U13", f"{_OS}.windowsConfiguration.enableAutomaticUpdates"),
            ("X6", f"{_EXTENSIONS}[0].protectedSettingsFromKeyVault"),
        ]
    },
    sets={
        "web": windows(
            overrides={
                "upgradePolicy": {"automaticOSUpgradePolicy": {"enableAutomaticOSUpgrade": True}},
                **profile(
                    extensionProfile={
                        "extensions": [
                            {
                                "name": "agent",
                                "publisher": "Contoso.Agents",
                                "type": "Agent",
                                "typeHandlerVersion": "1.0",
                                "protectedSettings": {"key": "$agentKey", "command": "$command"},
                                "protectedSettingsFromKeyVault": {
                                    "secretUrl": "https://v.vault.azure.net/secrets/a",
                                    "sourceVault": {"id": "/v"},
                                },
                            }
                        ]
                    }
                ),
            }
        )
    },
)
"""Its secrets are those of `SECRET_VALUES`."""

MADE = {"web": linux(zones=["1", "2"], customData="#cloud-config\n"), "still": linux()}
"""Sets that Azure takes."""

CHANGED = WrongStack(
    "what can't be changed",
    {
        "web": [
            ("D4", f"{_OS}.customData"),
            ("I1", "platformFaultDomainCount"),
            ("I3", f"{_OS}.adminUsername"),
            ("I3", f"{_OS}.computerNamePrefix"),
            ("I5", f"{_STORAGE}.osDisk.managedDisk.storageAccountType"),
            ("I9", "zones"),
            ("I12", "location"),
            ("X4", f"{_EXTENSIONS}[0].typeHandlerVersion"),
        ],
        "still": [("I12", "location")],
    },
    sets={
        "still": linux(location="northeurope"),
        "web": linux(
            location="northeurope",
            zones=["1"],
            computerNamePrefix="other",
            admin={**linux()["admin"], "username": "operator"},
            osDisk={"storageAccountType": "Premium_LRS"},
            overrides={
                "platformFaultDomainCount": 5,
                **profile(
                    extensionProfile={
                        "extensions": [
                            {**_LINUX_SCRIPT, "name": "script", "typeHandlerVersion": "2.1.3", "settings": {"commandToExecute": "id"}}
                        ]
                    }
                ),
            },
        ),
    },
)
"""What becomes of them: Azure would refuse each of these changes."""
