"""Cases of extensions: in a model together, alone, Custom Script, DSC, health."""

import gzip

from tests.unit.rules.cases.case import REMOVED, Case, edited
from tests.unit.rules.cases.models import (
    AUTOMATIC,
    BALANCER_ID,
    CUSTOM_SCRIPT,
    CUSTOM_SCRIPT_WINDOWS,
    DSC,
    EXTENSIONS,
    HEALTH,
    HEALTHY,
    LINUX,
    PROBE,
    PROFILE,
    ROLLING,
    WINDOWS,
    encoded,
)

_SAS = "https://shop.blob.core.windows.net/code/install.sh?sv=2024-11-04&sig=" + "a" * 43 + "%3D"
_SCRIPT = edited(LINUX, {f"{EXTENSIONS}[0]": CUSTOM_SCRIPT})
_AFTER = edited(_SCRIPT, {f"{EXTENSIONS}[1]": {**HEALTH, "provisionAfterExtensions": ["Script"]}})
_VERSION_1 = {**CUSTOM_SCRIPT, "name": "Old", "publisher": "Microsoft.OSTCExtensions", "type": "CustomScriptForLinux", "typeHandlerVersion": "1.5"}
_VAULT = {"secretUrl": "https://shop.vault.azure.net/secrets/s/1", "sourceVault": {"id": "/subscriptions/s/vault"}}
_URIS = "protectedSettings.fileUris"
_IDENTITY = "protectedSettings.managedIdentity"
_SCRIPTED = edited(CUSTOM_SCRIPT, {"settings": {"script": encoded("#!/bin/sh\ntrue\n")}, "protectedSettings": REMOVED})
_SURPLUS = "doNotRunExtensionsOnOverprovisionedVMs"
_KEY = encoded(b"k" * 64)

CASES = [
    # Extensions of a model
    Case("one_of_a_handler", _SCRIPT, {f"{EXTENSIONS}[1]": {**CUSTOM_SCRIPT, "name": "Second", "type": "customScript"}}, f"{EXTENSIONS}[1]", {f"{EXTENSIONS}[1]": {**HEALTH, "provisionAfterExtensions": ["Script"]}}),
    Case("names_differ", _AFTER, {f"{EXTENSIONS}[2]": {"name": "script", "publisher": "Contoso", "type": "Agent", "typeHandlerVersion": "1.0"}}, f"{EXTENSIONS}[2].name", {f"{EXTENSIONS}[2]": {"name": "script2", "publisher": "Contoso", "type": "Agent", "typeHandlerVersion": "1.0"}}),
    Case("order_known", _AFTER, {f"{EXTENSIONS}[1].provisionAfterExtensions[1]": "Other"}, f"{EXTENSIONS}[1].provisionAfterExtensions[1]", {f"{EXTENSIONS}[1].provisionAfterExtensions[0]": "SCRIPT"}),
    Case("order_without_circle", _AFTER, {f"{EXTENSIONS}[0].provisionAfterExtensions": ["Health"]}, EXTENSIONS, {}),
    Case("order_without_circle", _SCRIPT, {f"{EXTENSIONS}[0].provisionAfterExtensions": ["Script"]}, EXTENSIONS, {}, name="itself"),
    Case("waited_for_settings", _AFTER, {f"{EXTENSIONS}[0].settings": REMOVED}, f"{EXTENSIONS}[0].settings", {f"{EXTENSIONS}[0].settings": {}}, given={f"{EXTENSIONS}[0].protectedSettings": {"commandToExecute": "true"}}),
    Case("handler_system", WINDOWS, {f"{EXTENSIONS}[0]": CUSTOM_SCRIPT}, f"{EXTENSIONS}[0].type", {f"{EXTENSIONS}[0]": CUSTOM_SCRIPT_WINDOWS}),
    Case("handler_system", LINUX, {f"{EXTENSIONS}[0]": CUSTOM_SCRIPT_WINDOWS}, f"{EXTENSIONS}[0].type", {f"{EXTENSIONS}[0]": CUSTOM_SCRIPT}, name="linux"),
    Case("time_budget", LINUX, {f"{PROFILE}.extensionProfile.extensionsTimeBudget": "PT121M"}, f"{PROFILE}.extensionProfile.extensionsTimeBudget", {f"{PROFILE}.extensionProfile.extensionsTimeBudget": "PT2H"}),
    Case("time_budget", LINUX, {f"{PROFILE}.extensionProfile.extensionsTimeBudget": "PT14M"}, f"{PROFILE}.extensionProfile.extensionsTimeBudget", {f"{PROFILE}.extensionProfile.extensionsTimeBudget": "PT15M"}, name="short"),
    Case("surplus_without_overprovisioning", LINUX, {_SURPLUS: True}, _SURPLUS, {_SURPLUS: True, "overprovision": True}),
    Case("surplus_runs_extensions", _SCRIPT, {"overprovision": REMOVED}, "overprovision", {"overprovision": True, _SURPLUS: True}),
    Case("surplus_runs_extensions", HEALTHY, {f"{EXTENSIONS}[0]": CUSTOM_SCRIPT}, "overprovision", {}, given={"overprovision": True}, name="health_only"),
    Case("both_custom_scripts", _SCRIPT, {f"{EXTENSIONS}[1]": _VERSION_1}, f"{EXTENSIONS}[1]", {f"{EXTENSIONS}": [_VERSION_1]}, also=("CL14",)),
    Case("health_system", WINDOWS, {f"{EXTENSIONS}[0]": HEALTH}, f"{EXTENSIONS}[0].type", {f"{EXTENSIONS}[0]": {**HEALTH, "type": "ApplicationHealthWindows"}}),
    Case("health_last", _AFTER, {f"{EXTENSIONS}[1].provisionAfterExtensions": []}, f"{EXTENSIONS}[1].provisionAfterExtensions", {}),
    # An extension
    Case("handler_version", CUSTOM_SCRIPT, {"typeHandlerVersion": "2.1.3"}, "typeHandlerVersion", {"typeHandlerVersion": "2.1"}),
    Case("handler_publisher", {**CUSTOM_SCRIPT, "settings": {}}, {"publisher": "Microsoft.Compute"}, "publisher", {"publisher": "Contoso"}, given={"protectedSettings": {"commandToExecute": "true"}}),
    Case("one_protected_source", {**HEALTH, "protectedSettings": {"key": "x"}}, {"protectedSettingsFromKeyVault": _VAULT}, "protectedSettingsFromKeyVault", {"protectedSettingsFromKeyVault": _VAULT, "protectedSettings": {}}),
    Case("key_vault_reference", HEALTH, {"protectedSettingsFromKeyVault.sourceVault": REMOVED}, "protectedSettingsFromKeyVault.sourceVault.id", {}, given={"protectedSettingsFromKeyVault": _VAULT}),
    Case("automatic_upgrade", CUSTOM_SCRIPT, {"enableAutomaticUpgrade": True}, "enableAutomaticUpgrade", {"enableAutomaticUpgrade": False}),
    Case("failures_suppressed", CUSTOM_SCRIPT, {"suppressFailures": True}, "suppressFailures", {"suppressFailures": False}),
    Case("secret_in_public", CUSTOM_SCRIPT, {"settings.fileUris": [_SAS], _URIS: REMOVED}, "settings.fileUris[0]", {_URIS: [_SAS]}),
    Case("custom_script_version_1", CUSTOM_SCRIPT, {"publisher": "Microsoft.OSTCExtensions", "type": "CustomScriptForLinux"}, "type", {}),
    # Custom Script for Linux
    Case("linux_keys", CUSTOM_SCRIPT, {"settings.fileUrls": []}, "settings.fileUrls", {"settings.timestamp": 1}),
    Case("linux_keys", CUSTOM_SCRIPT, {"protectedSettings.timestamp": 1}, "protectedSettings.timestamp", {"settings.skipDos2Unix": True}, name="protected"),
    Case("linux_types", CUSTOM_SCRIPT, {_URIS: "https://shop.example/install.sh"}, _URIS, {_URIS: ["https://shop.example/install.sh"]}),
    Case("linux_types", CUSTOM_SCRIPT, {"settings.timestamp": "1"}, "settings.timestamp", {"settings.timestamp": 1.0}, name="timestamp"),
    Case("linux_given_twice", CUSTOM_SCRIPT, {"protectedSettings.commandToExecute": "true"}, "protectedSettings.commandToExecute", {"protectedSettings.commandToExecute": ""}),
    Case("linux_given_twice", CUSTOM_SCRIPT, {"settings.fileUris": ["https://shop.example/other.sh"]}, "protectedSettings.fileUris", {"settings.fileUris": []}, name="files"),
    Case("linux_command_or_script", CUSTOM_SCRIPT, {"protectedSettings.script": encoded("true")}, "protectedSettings.script", {"protectedSettings.script": encoded("true"), "settings": {}}),
    Case("linux_command_missing", CUSTOM_SCRIPT, {"settings": {}}, "", {"settings": {}, "protectedSettings.commandToExecute": "./install.sh"}),
    Case("linux_command_missing", CUSTOM_SCRIPT, {"settings.commandToExecute": ""}, "", {"settings": {}, "protectedSettings": REMOVED, "protectedSettingsFromKeyVault": _VAULT}, name="empty"),
    Case("linux_script", _SCRIPTED, {"settings.script": encoded("#" * 196_609)}, "settings.script", {"settings.script": encoded("#" * 196_608)}, says="262148"),
    Case("linux_script", _SCRIPTED, {"settings.script": "#!/bin/sh\ntrue"}, "settings.script", {"settings.script": encoded(gzip.compress(b"true"))}, name="plain_text"),
    Case("linux_script", _SCRIPTED, {"settings.script": encoded(gzip.compress(b"true")[:-9])}, "settings.script", {"settings.script": encoded(gzip.compress(b"true"))}, name="broken_gzip"),
    Case("linux_storage", CUSTOM_SCRIPT, {"protectedSettings.storageAccountName": "shop"}, "protectedSettings.storageAccountKey", {"protectedSettings.storageAccountName": "shop", "protectedSettings.storageAccountKey": _KEY}),
    Case("linux_storage", CUSTOM_SCRIPT, {"settings.storageAccountName": "shop"}, "settings.storageAccountName", {"protectedSettings.storageAccountName": "shop"}, given={"protectedSettings.storageAccountKey": _KEY}, name="public"),
    Case("linux_storage", CUSTOM_SCRIPT, {"protectedSettings.storageAccountName": "shop.blob"}, "protectedSettings.storageAccountName", {"protectedSettings.storageAccountName": "shop"}, given={"protectedSettings.storageAccountKey": _KEY}, name="name"),
    Case("linux_storage", CUSTOM_SCRIPT, {"protectedSettings.storageAccountKey": "not a key"}, "protectedSettings.storageAccountKey", {"protectedSettings.storageAccountKey": _KEY}, given={"protectedSettings.storageAccountName": "shop"}, name="key"),
    Case("linux_identity", CUSTOM_SCRIPT, {_IDENTITY: {"clientId": "a", "objectId": "b"}}, _IDENTITY, {_IDENTITY: {"clientId": "a"}}),
    Case("linux_identity", CUSTOM_SCRIPT, {_IDENTITY: {}}, _IDENTITY, {}, given={"protectedSettings.storageAccountName": "shop", "protectedSettings.storageAccountKey": _KEY}, name="with_key"),
    Case("linux_identity", CUSTOM_SCRIPT, {"settings.managedIdentity": {}}, "settings.managedIdentity", {_IDENTITY: {}}, name="public"),
    Case("linux_identity_assigned", _SCRIPT, {}, "identity.type", {"identity": {"type": "SystemAssigned"}}, given={f"{EXTENSIONS}[0].{_IDENTITY}": {}}),
    Case("linux_identity_assigned", _SCRIPT, {"identity": {"type": "SystemAssigned"}}, "identity.type", {"identity": {"type": "SystemAssigned, UserAssigned"}}, given={f"{EXTENSIONS}[0].{_IDENTITY}": {"clientId": "a"}}, name="user"),
    Case("linux_file_names", CUSTOM_SCRIPT, {f"{_URIS}[1]": "https://other.example/code/install.sh?version=2"}, f"{_URIS}[1]", {f"{_URIS}[1]": "https://other.example/code/install2.sh"}),
    # Custom Script for Windows
    Case("windows_command_missing", CUSTOM_SCRIPT_WINDOWS, {"settings": {}}, "", {"settings": {}, "protectedSettings.commandToExecute": "hostname"}),
    Case("windows_given_twice", CUSTOM_SCRIPT_WINDOWS, {"protectedSettings.commandToExecute": "hostname"}, "protectedSettings.commandToExecute", {"protectedSettings.commandToExecute": "hostname", "settings": {}}),
    Case("windows_script", CUSTOM_SCRIPT_WINDOWS, {"settings.script": encoded("hostname")}, "settings.script", {"settings.timestamp": 1}),
    Case("windows_command_length", CUSTOM_SCRIPT_WINDOWS, {"settings.commandToExecute": "echo " + "a" * 8_187}, "settings.commandToExecute", {"settings.commandToExecute": "echo " + "a" * 8_186}),
    Case("windows_credentials", CUSTOM_SCRIPT_WINDOWS, {"protectedSettings.storageAccountKey": _KEY}, "protectedSettings.storageAccountName", {"protectedSettings.storageAccountKey": _KEY, "protectedSettings.storageAccountName": "shop"}),
    Case("windows_credentials", CUSTOM_SCRIPT_WINDOWS, {"settings.managedIdentity": {}}, "settings.managedIdentity", {_IDENTITY: {}}, name="public"),
    Case("windows_identity_assigned", WINDOWS, {}, "identity.type", {"identity": {"type": "systemAssigned"}}, given={f"{EXTENSIONS}[0]": edited(CUSTOM_SCRIPT_WINDOWS, {_IDENTITY: {}})}),
    Case("windows_key_case", CUSTOM_SCRIPT_WINDOWS, {"settings": {"CommandToExecute": "hostname"}}, "settings.CommandToExecute", {"settings": {"commandToExecute": "hostname"}}),
    Case("windows_quotes", CUSTOM_SCRIPT_WINDOWS, {"settings.commandToExecute": "echo “shop”"}, "settings.commandToExecute", {"settings.commandToExecute": 'echo "shop"'}),
    Case("windows_execution_policy", CUSTOM_SCRIPT_WINDOWS, {"settings.commandToExecute": "powershell.exe -File install.ps1"}, "settings.commandToExecute", {"settings.commandToExecute": "powershell.exe -ep bypass -File install.ps1"}),
    Case("windows_script_delivered", CUSTOM_SCRIPT_WINDOWS, {"settings.commandToExecute": "powershell -ExecutionPolicy Bypass -File setup.ps1"}, "settings.commandToExecute", {"settings.commandToExecute": "powershell -ExecutionPolicy Bypass -File C:\\tools\\setup.ps1"}),
    Case("windows_file_names", CUSTOM_SCRIPT_WINDOWS, {f"{_URIS}[1]": "https://other.example/install.ps1"}, f"{_URIS}[1]", {f"{_URIS}[1]": "https://other.example/tools.psm1"}),
    # DSC
    Case("dsc_public_keys", DSC, {"settings.configurations": {}}, "settings.configurations", {"settings.WmfVersion": "latest"}, also=("DS10",)),
    Case("dsc_protected_keys", DSC, {"protectedSettings.sas": "x"}, "protectedSettings.sas", {"protectedSettings.Items": {}}, also=("DS10",)),
    Case("dsc_configuration", DSC, {"settings.configuration.script": REMOVED}, "settings.configuration.script", {}, also=("DS10",)),
    Case("dsc_configuration", DSC, {"settings.configuration.function": REMOVED}, "settings.configuration.function", {}, also=("DS10",), name="function"),
    Case("dsc_configuration", DSC, {"settings.configuration": {"function": "Web"}}, "settings.configuration.url", {"settings.configuration": {"function": "Web", "module": "Shop"}}, also=("DS10",), name="module"),
    Case("dsc_tokens", DSC, {"protectedSettings.configurationDataUrlSasToken": "?sig=x"}, "settings.configurationData.url", {"protectedSettings.configurationUrlSasToken": "?sig=x"}, also=("DS10",)),
    Case("dsc_arguments_twice", DSC, {"protectedSettings.configurationArguments": {"port": 1}}, "protectedSettings.configurationArguments.port", {"protectedSettings.configurationArguments": {"password": 1}}, given={"settings.configurationArguments": {"Port": 1}}, also=("DS10",)),
    Case("dsc_privacy", DSC, {"settings.privacy.dataCollection": "No"}, "settings.privacy.dataCollection", {"settings.privacy.dataCollection": "Disable"}, also=("DS10",)),
    Case("dsc_wmf_version", DSC, {"settings.wmfVersion": "6.0"}, "settings.wmfVersion", {"settings.wmfVersion": "5.1"}, also=("DS10",)),
    Case("dsc_arguments_type", DSC, {"settings.configurationArguments": ["port"]}, "settings.configurationArguments", {"settings.configurationArguments": {"port": 1}}, also=("DS10",)),
    Case("dsc_package", DSC, {"settings.configuration.url": "https://shop.example/code/web"}, "settings.configuration.url", {"settings.configuration.url": "https://shop.example/code/web.ps1?x=1"}, also=("DS10",)),
    Case("dsc_retirement", CUSTOM_SCRIPT_WINDOWS, {**DSC}, "type", {}),
    # Health
    Case("health_protocol", HEALTH, {"settings.protocol": REMOVED}, "settings.protocol", {}),
    Case("health_protocol", HEALTH, {"settings.protocol": "udp"}, "settings.protocol", {"settings.protocol": "https"}, name="udp"),
    Case("health_path", HEALTH, {"settings.requestPath": REMOVED}, "settings.requestPath", {}),
    Case("health_path_tcp", HEALTH, {"settings.protocol": "tcp"}, "settings.requestPath", {"settings.protocol": "tcp", "settings.requestPath": REMOVED}),
    Case("health_port", HEALTH, {"settings": {"protocol": "tcp"}}, "settings.port", {"settings": {"protocol": "tcp", "port": 22}}),
    Case("health_port", HEALTH, {"settings.port": 65_536}, "settings.port", {"settings.port": 65_535}, name="range"),
    Case("health_ranges", HEALTH, {"settings.intervalInSeconds": 4}, "settings.intervalInSeconds", {"settings.intervalInSeconds": 5}),
    Case("health_ranges", HEALTH, {"settings.numberOfProbes": 25}, "settings.numberOfProbes", {"settings.numberOfProbes": 24}, name="probes"),
    Case("health_ranges", HEALTH, {"settings.gracePeriod": 14_401}, "settings.gracePeriod", {"settings.gracePeriod": 14_400}, name="grace"),
    Case("health_grace_period", HEALTH, {"typeHandlerVersion": "1.0"}, "settings.gracePeriod", {}, given={"settings.gracePeriod": 600}),
    Case("one_health_signal", ROLLING, {PROBE: f"{BALANCER_ID}/probes/alive"}, PROBE, {PROBE: f"{BALANCER_ID}/probes/alive", f"{PROFILE}.extensionProfile": REMOVED}),
    Case("one_health_signal", HEALTHY, {PROBE: f"{BALANCER_ID}/probes/alive"}, PROBE, {}, given={"automaticRepairsPolicy.enabled": True}, name="repairs"),
    Case("one_health_signal", HEALTHY, {PROBE: f"{BALANCER_ID}/probes/alive"}, PROBE, {}, given={AUTOMATIC: True, f"{PROFILE}.storageProfile.imageReference.sku": "server-arm64", "sku.name": "Standard_D2ps_v5"}, also=("U15",), name="os_upgrade"),
    Case("one_health_signal_unused", HEALTHY, {PROBE: f"{BALANCER_ID}/probes/alive"}, PROBE, {PROBE: f"{BALANCER_ID}/probes/alive", f"{PROFILE}.extensionProfile": REMOVED}),
]
