"""The changes whose effects are compared with what happens: round after round, one change of each of several scale sets."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from offline.arm.http import Json
from tests.engine.project import KEY
from tests.engine.several_sets import NEWER_IMAGE, linux, windows

SECRETS = {
    "password": "hunter2-Aa1-password",
    "newPassword": "hunter2-Aa1-newer",
    "agentKey": "hunter2-agent",
    "newAgentKey": "hunter2-newer",
    "command": "powershell.exe -File install.ps1 -Key hunter2-command",
}
"""Secrets of the stack; nothing that is printed may hold `hunter2`."""

_OTHER_KEY = KEY.replace("IPf7Z", "IPf8Z")
_PROFILE = "virtualMachineProfile"
_EXTENSIONS = f"{_PROFILE}.extensionProfile.extensions"
_INTERFACE = f"{_PROFILE}.networkProfile.networkInterfaceConfigurations[nic]"
_POOLS = f"{_INTERFACE}.ipConfigurations[primary].loadBalancerBackendAddressPools"
_HEALTH = {"applicationHealth": {"protocol": "http", "requestPath": "/health"}}
_SCRIPT = {"customScript": {"script": "install.sh"}}
_COMMAND = {"customScript": {"commandToExecute": "$command"}}


@dataclass(frozen=True)
class Change:
    """A change of one set, and what a preview must say of it."""

    what: str
    args: Json
    """Arguments of the set that it changes: maps are merged, all else is replaced."""
    effects: list[tuple[str, str]]
    """Kind and property of each line, worst first."""
    files: Mapping[str, str] = field(default_factory=dict)
    """File of the program -> its new text."""


def _agent(**properties: Any) -> Json:
    own = {"publisher": "Contoso.Agents", "type": "Agent", "version": "1.0", "settings": {"pool": "a"}}
    return {"custom": {**own, **properties}}


def _profile(**properties: Any) -> Json:
    return {"overrides": {_PROFILE: properties}}


_DISK = {"lun": 0, "createOption": "Empty", "diskSizeGB": 64, "managedDisk": {"storageAccountType": "StandardSSD_LRS"}}
_NOTICE = {"terminateNotificationProfile": {"enable": True, "notBeforeTimeout": "PT5M"}}

PLAIN: dict[str, Json] = {
    "driven": linux(
        capacity=6,
        upgrade={"mode": "Manual"},
        rollout={"maxUnavailable": "2"},
        extensions=[_SCRIPT],
        customData="#cloud-config\npackages: [nginx]\n",
    ),
    "kept": linux(capacity=4, upgrade={"mode": "Manual"}, rollout={"wait": False}, extensions=[_agent(forceUpdateTag="1")]),
    "automatic": linux(capacity=5, upgrade={"mode": "Automatic"}, extensions=[_agent()]),
}
"""Sets that `up` brings to the model, that it leaves alone, and that Azure brings at once."""

PLAIN_CHANGES: list[dict[str, Change]] = [
    {
        "driven": Change(
            "script edited", {}, [("updated in place", f"{_EXTENSIONS}[CustomScript]")], {"install.sh": "#!/bin/sh\necho two\n"}
        ),
        "kept": Change("forceUpdateTag", {"extensions": [_agent(forceUpdateTag="2")]}, [("updated in place", f"{_EXTENSIONS}[Agent]")]),
        "automatic": Change(
            "data disk added",
            _profile(storageProfile={"dataDisks": [_DISK]}),
            [("updated in place", f"{_PROFILE}.storageProfile.dataDisks[0]")],
        ),
    },
    {
        "driven": Change(
            "custom data",
            {"customData": "#cloud-config\npackages: [apache2]\n"},
            [("reimaged", f"{_PROFILE}.osProfile.customData")],
        ),
        "kept": Change("pool joined", {"network": {"backendPoolIds": ["$pool"]}}, [("updated in place", _POOLS)]),
        "automatic": Change(
            "identity",
            {"identity": {"userAssigned": ["$reader"]}},
            [("updated in place", "identity.type"), ("updated in place", "identity.userAssignedIdentities")],
        ),
    },
    {
        "driven": Change("pool joined", {"network": {"backendPoolIds": ["$pool"]}}, [("updated in place", _POOLS)]),
        "kept": Change(
            "identity",
            {"identity": {"userAssigned": ["$reader"]}},
            [("updated in place", "identity.type"), ("updated in place", "identity.userAssignedIdentities")],
        ),
        "automatic": Change("extension added", {"extensions": [_agent(), _SCRIPT]}, [("updated in place", f"{_EXTENSIONS}[CustomScript]")]),
    },
    {
        "driven": Change("size", {"size": "Standard_D4s_v5"}, [("restarted", "sku.name")]),
        "kept": Change("size", {"size": "Standard_D4s_v5"}, [("restarted", "sku.name")]),
        "automatic": Change("extension removed", {"extensions": [_SCRIPT]}, [("updated in place", f"{_EXTENSIONS}[Agent]")]),
    },
    {
        "driven": Change(
            "SSH key", {"admin": {"sshPublicKeys": [_OTHER_KEY]}}, [("new instances", f"{_PROFILE}.osProfile.linuxConfiguration.ssh")]
        ),
        "kept": Change("image version", {"image": NEWER_IMAGE}, [("reimaged", f"{_PROFILE}.storageProfile.imageReference")]),
        "automatic": Change("user data", {"userData": "color=blue"}, [("updated in place", f"{_PROFILE}.userData")]),
    },
    {
        "driven": Change("capacity in", {"capacity": 4}, [("deleted", "sku.capacity")]),
        "kept": Change("capacity out", {"capacity": 6}, [("new instances", "sku.capacity")]),
        "automatic": Change(
            "security group",
            {"network": {"networkSecurityGroupId": "$closed"}},
            [("updated in place", f"{_INTERFACE}.networkSecurityGroup")],
        ),
    },
    {
        "driven": Change(
            "identity",
            {"identity": {"userAssigned": ["$reader"]}},
            [("updated in place", "identity.type"), ("updated in place", "identity.userAssignedIdentities")],
        ),
        "kept": Change("mode Automatic", {"upgrade": {"mode": "Automatic"}}, [("not known", "upgradePolicy.mode")]),
        "automatic": Change("mode Manual", {"upgrade": {"mode": "Manual"}}, [("nothing", "upgradePolicy.mode")]),
    },
]
"""Rounds of changes: set -> change."""

GUARDED: dict[str, Json] = {
    "rolling": linux(
        capacity=6,
        zones=["1"],
        upgrade={"mode": "Rolling", "maxBatchInstancePercent": 40},
        rollout={"reimage": "never"},
        extensions=[_SCRIPT, _HEALTH],
        customData="#cloud-config\npackages: [nginx]\n",
    ),
    "secret": windows(
        capacity=3,
        upgrade={"mode": "Rolling"},
        extensions=[_COMMAND, _agent(protectedSettings={"key": "$agentKey"}), _HEALTH],
    ),
}
"""Sets that Azure brings to the model batch by batch; one has a password, protected settings and a secret command."""

GUARDED_CHANGES: list[dict[str, Change]] = [
    {
        "rolling": Change("image version", {"image": NEWER_IMAGE}, [("reimaged", f"{_PROFILE}.storageProfile.imageReference")]),
        "secret": Change("password", {"admin": {"password": "$newPassword"}}, [("new instances", f"{_PROFILE}.osProfile.adminPassword")]),
    },
    {
        "rolling": Change(
            "rolling percentages",
            {"upgrade": {"maxBatchInstancePercent": 20}},
            [("nothing", "upgradePolicy.rollingUpgradePolicy")],
        ),
        "secret": Change(
            "protected settings",
            {"extensions": [_COMMAND, _agent(protectedSettings={"key": "$newAgentKey"}), _HEALTH]},
            [("updated in place", f"{_EXTENSIONS}[Agent]")],
        ),
    },
    {
        "rolling": Change(
            "custom data, never reimaged",
            {"customData": "#cloud-config\npackages: [apache2]\n"},
            [("new instances", f"{_PROFILE}.osProfile.customData")],
        ),
        "secret": Change(
            "automatic repairs",
            {"overrides": {"automaticRepairsPolicy": {"enabled": True, "gracePeriod": "PT10M"}}},
            [("nothing", "automaticRepairsPolicy.enabled")],
        ),
    },
    {
        "rolling": Change("zone added", {"zones": ["1", "2"]}, [("new instances", "zones")]),
        "secret": Change(
            "termination notification",
            _profile(scheduledEventsProfile=_NOTICE),
            [("updated in place", f"{_PROFILE}.scheduledEventsProfile.terminateNotificationProfile")],
        ),
    },
    {
        "rolling": Change("pool joined", {"network": {"backendPoolIds": ["$pool"]}}, [("updated in place", _POOLS)]),
        "secret": Change("tags", {"tags": {"team": "web"}}, [("nothing", "tags")]),
    },
]
"""Rounds of changes: set -> change."""
