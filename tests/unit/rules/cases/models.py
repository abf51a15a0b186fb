"""The valid models that the cases edit: no rule says anything about them."""

import base64
from typing import Any

from tests.unit.rules.cases.case import REMOVED, edited

SUBSCRIPTION = "/subscriptions/00000000-0000-0000-0000-000000000000"
GROUP = f"{SUBSCRIPTION}/resourceGroups/shop"
NETWORK = f"{GROUP}/providers/Microsoft.Network"
COMPUTE = f"{GROUP}/providers/Microsoft.Compute"
SCALE_SET_ID = f"{COMPUTE}/virtualMachineScaleSets/web"
BALANCER_ID = f"{NETWORK}/loadBalancers/balancer"
PASSWORD = "Correct-horse-7-battery"

PROFILE = "virtualMachineProfile"
OS = f"{PROFILE}.osProfile"
STORAGE = f"{PROFILE}.storageProfile"
OS_DISK = f"{STORAGE}.osDisk"
DATA_DISKS = f"{STORAGE}.dataDisks"
IMAGE = f"{STORAGE}.imageReference"
NICS = f"{PROFILE}.networkProfile.networkInterfaceConfigurations"
ADDRESS = f"{NICS}[0].ipConfigurations[0]"
EXTENSIONS = f"{PROFILE}.extensionProfile.extensions"
PROBE = f"{PROFILE}.networkProfile.healthProbe.id"
SECURITY = f"{PROFILE}.securityProfile"
AUTOMATIC = "upgradePolicy.automaticOSUpgradePolicy.enableAutomaticOSUpgrade"


def encoded(text: str | bytes) -> str:
    """Base64 of *text*."""
    return base64.b64encode(text.encode() if isinstance(text, str) else text).decode()


def ssh_key(kind: str, *fields: bytes) -> str:
    """A public key line of *kind* with *fields*."""
    body = b"".join(len(field).to_bytes(4) + field for field in (kind.encode(), *fields))
    return f"{kind} {encoded(body)} somebody@somewhere"


def rsa_key(bits: int) -> str:
    """A public key line of RSA with a modulus of *bits*."""
    return ssh_key("ssh-rsa", b"\x01\x00\x01", b"\x00" + (1 << (bits - 1) | 1).to_bytes((bits + 7) // 8))


ED25519 = ssh_key("ssh-ed25519", bytes(32))

LINUX: dict[str, Any] = {
    "resourceGroupName": "shop",
    "vmScaleSetName": "web",
    "location": "westeurope",
    "orchestrationMode": "Uniform",
    "overprovision": False,
    "singlePlacementGroup": False,
    "sku": {"name": "Standard_D2s_v5", "tier": "Standard", "capacity": 5},
    "upgradePolicy": {"mode": "Manual"},
    "virtualMachineProfile": {
        "osProfile": {
            "computerNamePrefix": "web",
            "adminUsername": "azureuser",
            "linuxConfiguration": {
                "disablePasswordAuthentication": True,
                "ssh": {"publicKeys": [{"path": "/home/azureuser/.ssh/authorized_keys", "keyData": ED25519}]},
            },
        },
        "storageProfile": {
            "imageReference": {"publisher": "Canonical", "offer": "ubuntu-24_04-lts", "sku": "server", "version": "latest"},
            "osDisk": {"createOption": "FromImage", "caching": "ReadWrite", "managedDisk": {"storageAccountType": "Premium_LRS"}},
        },
        "networkProfile": {
            "networkInterfaceConfigurations": [
                {
                    "name": "nic",
                    "primary": True,
                    "ipConfigurations": [
                        {"name": "primary", "primary": True, "subnet": {"id": f"{NETWORK}/virtualNetworks/net/subnets/web"}}
                    ],
                }
            ]
        },
    },
}

WINDOWS = edited(
    LINUX,
    {
        f"{OS}.linuxConfiguration": REMOVED,
        f"{OS}.windowsConfiguration": {"provisionVMAgent": True, "enableAutomaticUpdates": True},
        f"{OS}.adminPassword": PASSWORD,
        IMAGE: {"publisher": "MicrosoftWindowsServer", "offer": "WindowsServer", "sku": "2022-datacenter-g2", "version": "latest"},
    },
)

FLEXIBLE = edited(
    LINUX,
    {
        "orchestrationMode": "Flexible",
        "overprovision": REMOVED,
        "platformFaultDomainCount": 1,
        f"{PROFILE}.networkProfile.networkApiVersion": "2022-11-01",
    },
)

SPOT = edited(LINUX, {f"{PROFILE}.priority": "Spot", f"{PROFILE}.evictionPolicy": "Delete"})

CUSTOM_SCRIPT = {
    "name": "Script",
    "publisher": "Microsoft.Azure.Extensions",
    "type": "CustomScript",
    "typeHandlerVersion": "2.1",
    "settings": {"commandToExecute": "./install.sh"},
    "protectedSettings": {"fileUris": ["https://shop.blob.core.windows.net/code/install.sh"]},
}

CUSTOM_SCRIPT_WINDOWS = {
    "name": "Script",
    "publisher": "Microsoft.Compute",
    "type": "CustomScriptExtension",
    "typeHandlerVersion": "1.10",
    "settings": {"commandToExecute": "powershell -ExecutionPolicy Bypass -File install.ps1"},
    "protectedSettings": {"fileUris": ["https://shop.blob.core.windows.net/code/install.ps1"]},
}

DSC = {
    "name": "Configuration",
    "publisher": "Microsoft.Powershell",
    "type": "DSC",
    "typeHandlerVersion": "2.83",
    "settings": {"configuration": {"url": "https://shop.blob.core.windows.net/code/web.zip", "script": "web.ps1", "function": "Web"}},
    "protectedSettings": {},
}

HEALTH = {
    "name": "Health",
    "publisher": "Microsoft.ManagedServices",
    "type": "ApplicationHealthLinux",
    "typeHandlerVersion": "2.0",
    "settings": {"protocol": "http", "port": 8080, "requestPath": "/health"},
}

HEALTHY = edited(LINUX, {f"{EXTENSIONS}[0]": HEALTH})
ROLLING = edited(HEALTHY, {"upgradePolicy": {"mode": "Rolling", "rollingUpgradePolicy": {"maxBatchInstancePercent": 20}}})
WITH_DISK = edited(
    LINUX, {f"{DATA_DISKS}[0]": {"lun": 0, "createOption": "Empty", "diskSizeGB": 64, "managedDisk": {"storageAccountType": "Premium_LRS"}}}
)


def _rule(direction: str, operator: str, threshold: float) -> dict[str, Any]:
    return {
        "metricTrigger": {
            "metricName": "Percentage CPU",
            "metricResourceUri": SCALE_SET_ID,
            "operator": operator,
            "threshold": threshold,
            "statistic": "Average",
            "timeAggregation": "Average",
            "timeGrain": "PT1M",
            "timeWindow": "PT10M",
        },
        "scaleAction": {"direction": direction, "type": "ChangeCount", "value": "1", "cooldown": "PT5M"},
    }


AUTOSCALE: dict[str, Any] = {
    "enabled": True,
    "location": "westeurope",
    "targetResourceUri": SCALE_SET_ID,
    "profiles": [
        {
            "name": "default",
            "capacity": {"minimum": "2", "default": "3", "maximum": "10"},
            "rules": [_rule("Increase", "GreaterThan", 75), _rule("Decrease", "LessThan", 25)],
        }
    ],
}

BALANCER: dict[str, Any] = {
    "loadBalancerName": "balancer",
    "sku": {"name": "Standard"},
    "frontendIPConfigurations": [{"name": "front", "publicIPAddress": {"id": f"{NETWORK}/publicIPAddresses/front"}}],
    "backendAddressPools": [{"name": "web"}],
    "probes": [{"name": "alive", "protocol": "Http", "port": 8080, "requestPath": "/health", "intervalInSeconds": 5, "probeThreshold": 2}],
    "loadBalancingRules": [
        {
            "name": "http",
            "protocol": "Tcp",
            "frontendPort": 80,
            "backendPort": 8080,
            "frontendIPConfiguration": {"id": f"{BALANCER_ID}/frontendIPConfigurations/front"},
            "backendAddressPool": {"id": f"{BALANCER_ID}/backendAddressPools/web"},
            "probe": {"id": f"{BALANCER_ID}/probes/alive"},
            "disableOutboundSnat": True,
        }
    ],
}

GALLERY_IMAGE = {
    "galleryName": "shop",
    "galleryImageName": "web-server",
    "osType": "Linux",
    "osState": "Generalized",
    "hyperVGeneration": "V2",
}

GALLERY_IMAGE_VERSION = {
    "galleryName": "shop",
    "galleryImageName": "web-server",
    "galleryImageVersionName": "1.0.0",
    "location": "West Europe",
    "publishingProfile": {"targetRegions": [{"name": "westeurope", "regionalReplicaCount": 1, "storageAccountType": "Standard_ZRS"}]},
    "storageProfile": {"source": {"id": f"{COMPUTE}/images/web"}},
}

TOGETHER: dict[str, Any] = {
    "scale_set": edited(
        LINUX,
        {
            f"{ADDRESS}.loadBalancerBackendAddressPools": [{"id": f"{BALANCER_ID}/backendAddressPools/web"}],
            PROBE: f"{BALANCER_ID}/probes/alive",
        },
    ),
    "load_balancers": [BALANCER],
    "autoscale": AUTOSCALE,
    "subnets": [
        {
            "addressPrefix": "10.0.0.0/24",
            "natGateway": {"id": f"{NETWORK}/natGateways/out"},
            "networkSecurityGroup": {"id": f"{NETWORK}/networkSecurityGroups/web"},
        }
    ],
    "extensions": [],
}
