"""Cases of names, credentials, operating system, custom data."""

from tests.unit.rules.cases.case import REMOVED, Case
from tests.unit.rules.cases.models import (
    AUTOMATIC,
    CUSTOM_SCRIPT_WINDOWS,
    ED25519,
    EXTENSIONS,
    FLEXIBLE,
    HEALTHY,
    IMAGE,
    LINUX,
    OS,
    OS_DISK,
    PASSWORD,
    PROFILE,
    WINDOWS,
    encoded,
    rsa_key,
    ssh_key,
)

_KEYS = f"{OS}.linuxConfiguration.ssh.publicKeys"
_DISABLED = f"{OS}.linuxConfiguration.disablePasswordAuthentication"
_WINDOWS = f"{OS}.windowsConfiguration"
_CLOUD_CONFIG = "#cloud-config\npackages: [nginx]\n"
_LINUX_PASSWORD = {_DISABLED: False, f"{OS}.adminPassword": PASSWORD}

CASES = [
    # Names and users
    Case("windows_prefix", WINDOWS, {f"{OS}.computerNamePrefix": "webserver1"}, f"{OS}.computerNamePrefix", {f"{OS}.computerNamePrefix": "webserver"}, says="10 characters"),
    Case("windows_prefix", WINDOWS, {f"{OS}.computerNamePrefix": "123"}, f"{OS}.computerNamePrefix", {f"{OS}.computerNamePrefix": "123a"}, name="digits"),
    Case("windows_prefix", WINDOWS, {f"{OS}.computerNamePrefix": "web_1"}, f"{OS}.computerNamePrefix", {f"{OS}.computerNamePrefix": "web-1"}, name="underscore"),
    Case("linux_prefix", LINUX, {f"{OS}.computerNamePrefix": "w" * 59}, f"{OS}.computerNamePrefix", {f"{OS}.computerNamePrefix": "w" * 58}, says="59 characters"),
    Case("linux_prefix", LINUX, {f"{OS}.computerNamePrefix": "web."}, f"{OS}.computerNamePrefix", {f"{OS}.computerNamePrefix": "web.a"}, name="dot"),
    Case("scale_set_name", LINUX, {"vmScaleSetName": "web shop"}, "vmScaleSetName", {"vmScaleSetName": "web.shop_1"}),
    Case("scale_set_name", LINUX, {"vmScaleSetName": "2026"}, "vmScaleSetName", {"vmScaleSetName": "2026a"}, name="digits"),
    Case("scale_set_name_length", LINUX, {"vmScaleSetName": "w" * 65}, "vmScaleSetName", {"vmScaleSetName": "w" * 64}),
    Case("windows_prefix_given", WINDOWS, {f"{OS}.computerNamePrefix": REMOVED}, f"{OS}.computerNamePrefix", {}),
    Case("username_length", WINDOWS, {f"{OS}.adminUsername": "a" * 21}, f"{OS}.adminUsername", {f"{OS}.adminUsername": "a" * 20}),
    Case("username_length", WINDOWS, {f"{OS}.adminUsername": "shop."}, f"{OS}.adminUsername", {f"{OS}.adminUsername": "shop.a"}, name="dot"),
    Case("username_length", LINUX, {f"{OS}.adminUsername": "a" * 65}, f"{OS}.adminUsername", {f"{OS}.adminUsername": "a" * 64}, given={f"{_KEYS}[0].path": REMOVED}, name="linux"),
    Case("username_reserved", WINDOWS, {f"{OS}.adminUsername": "Administrator"}, f"{OS}.adminUsername", {f"{OS}.adminUsername": "administrators"}),
    # Passwords and keys
    Case("password_strength", WINDOWS, {f"{OS}.adminPassword": "Short-1"}, f"{OS}.adminPassword", {f"{OS}.adminPassword": "Short-12"}, says="7 characters"),
    Case("password_strength", WINDOWS, {f"{OS}.adminPassword": "Aa1-" * 31}, f"{OS}.adminPassword", {f"{OS}.adminPassword": "Aa1-" * 30 + "Aa1"}, name="long"),
    Case("password_strength", WINDOWS, {f"{OS}.adminPassword": "onlysmall-letters"}, f"{OS}.adminPassword", {f"{OS}.adminPassword": "onlysmall-letters1"}, name="classes"),
    Case("password_strength", LINUX, {f"{OS}.adminPassword": "Aa1-5"}, f"{OS}.adminPassword", {f"{OS}.adminPassword": "Aa1-56"}, given=_LINUX_PASSWORD, name="linux"),
    Case("password_underscore", WINDOWS, {f"{OS}.adminPassword": "battery_horse9"}, f"{OS}.adminPassword", {f"{OS}.adminPassword": "battery_horse-9"}),
    Case("password_known", WINDOWS, {f"{OS}.adminPassword": "P@ssw0rd"}, f"{OS}.adminPassword", {f"{OS}.adminPassword": "P@ssw0rd-"}),
    Case("key_kind", LINUX, {f"{_KEYS}[0].keyData": rsa_key(2047)}, f"{_KEYS}[0].keyData", {f"{_KEYS}[0].keyData": rsa_key(2048)}, says="2047 bits"),
    Case("key_kind", LINUX, {f"{_KEYS}[0].keyData": ssh_key("ecdsa-sha2-nistp256", b"nistp256", bytes(65))}, f"{_KEYS}[0].keyData", {f"{_KEYS}[0].keyData": ED25519}, name="ecdsa"),
    Case("key_kind", LINUX, {f"{_KEYS}[0].keyData": "ssh-rsa " + ED25519.split()[1]}, f"{_KEYS}[0].keyData", {f"{_KEYS}[0].keyData": rsa_key(4096)}, name="other_body"),
    Case("key_kind", LINUX, {f"{_KEYS}[0].keyData": "ssh-rsa ?"}, f"{_KEYS}[0].keyData", {f"{_KEYS}[0].keyData": "---- BEGIN SSH2 PUBLIC KEY ----\n"}, name="not_base64"),
    Case("key_path", LINUX, {f"{_KEYS}[0].path": "/home/other/.ssh/authorized_keys"}, f"{_KEYS}[0].path", {}),
    Case("linux_way_in", LINUX, {_KEYS: []}, _KEYS, {}),
    Case("linux_way_in", LINUX, {_KEYS: REMOVED}, OS, {_KEYS: REMOVED, f"{OS}.adminPassword": PASSWORD}, given={_DISABLED: False}, name="password"),
    Case("linux_password_unused", LINUX, {f"{OS}.adminPassword": PASSWORD}, f"{OS}.adminPassword", {f"{OS}.adminPassword": PASSWORD, _DISABLED: False}),
    Case("windows_way_in", WINDOWS, {f"{OS}.adminPassword": REMOVED}, f"{OS}.adminPassword", {}),
    Case("windows_way_in", WINDOWS, {f"{OS}.adminUsername": REMOVED}, f"{OS}.adminUsername", {}, name="username"),
    # Operating system
    Case("one_configuration", LINUX, {_WINDOWS: {}}, OS, {_WINDOWS: None}, given={IMAGE: {"id": "/subscriptions/s/resourceGroups/g/providers/Microsoft.Compute/galleries/g/images/i"}}),
    Case("disk_system", LINUX, {f"{OS_DISK}.osType": "Windows"}, f"{OS_DISK}.osType", {f"{OS_DISK}.osType": "linux"}),
    Case("disk_system", WINDOWS, {f"{OS_DISK}.osType": "Linux"}, f"{OS_DISK}.osType", {f"{OS_DISK}.osType": "Windows"}, name="windows"),
    Case("agent_for_extensions", HEALTHY, {f"{OS}.linuxConfiguration.provisionVMAgent": False}, f"{OS}.linuxConfiguration.provisionVMAgent", {f"{OS}.linuxConfiguration.provisionVMAgent": True}),
    Case("agent_for_extensions", HEALTHY, {f"{OS}.allowExtensionOperations": False}, f"{OS}.allowExtensionOperations", {f"{OS}.allowExtensionOperations": True}, name="operations"),
    Case("agent_for_extensions", LINUX, {f"{OS}.allowExtensionOperations": True}, f"{OS}.allowExtensionOperations", {f"{OS}.allowExtensionOperations": False}, given={f"{OS}.linuxConfiguration.provisionVMAgent": False}, name="no_agent"),
    Case("patch_mode", WINDOWS, {f"{_WINDOWS}.enableAutomaticUpdates": True}, f"{_WINDOWS}.enableAutomaticUpdates", {f"{_WINDOWS}.enableAutomaticUpdates": False}, given={f"{_WINDOWS}.patchSettings.patchMode": "Manual"}),
    Case("patch_mode", WINDOWS, {f"{_WINDOWS}.enableAutomaticUpdates": False}, f"{_WINDOWS}.enableAutomaticUpdates", {}, given={f"{_WINDOWS}.patchSettings.patchMode": "AutomaticByOS"}, name="by_system"),
    Case("patch_mode", WINDOWS, {f"{_WINDOWS}.patchSettings.enableHotpatching": True}, f"{_WINDOWS}.patchSettings.enableHotpatching", {f"{_WINDOWS}.patchSettings.enableHotpatching": False}, name="hot"),
    Case("patch_mode", FLEXIBLE, {f"{OS}.linuxConfiguration.provisionVMAgent": False}, f"{OS}.linuxConfiguration.provisionVMAgent", {f"{OS}.linuxConfiguration.provisionVMAgent": True}, given={f"{OS}.linuxConfiguration.patchSettings.patchMode": "AutomaticByPlatform"}, name="agent"),
    Case("platform_patching", LINUX, {f"{OS}.linuxConfiguration.patchSettings.patchMode": "AutomaticByPlatform"}, f"{OS}.linuxConfiguration.patchSettings.patchMode", {f"{OS}.linuxConfiguration.patchSettings.patchMode": "ImageDefault"}),
    Case(
        "platform_patching", FLEXIBLE, {AUTOMATIC: True}, f"{OS}.linuxConfiguration.patchSettings.patchMode", {AUTOMATIC: True, f"{OS}.linuxConfiguration.patchSettings.patchMode": "ImageDefault"},
        given={f"{OS}.linuxConfiguration.patchSettings.patchMode": "AutomaticByPlatform", "upgradePolicy.mode": "Automatic", "sku.capacity": 1, f"{EXTENSIONS}": HEALTHY[PROFILE]["extensionProfile"]["extensions"]}, also=("U17",), name="with_os_upgrade",
    ),
    Case("windows_time_zone", WINDOWS, {f"{_WINDOWS}.timeZone": "Europe/Zurich"}, f"{_WINDOWS}.timeZone", {f"{_WINDOWS}.timeZone": "W. Europe Standard Time"}),
    Case(
        "certificate_version", LINUX, {f"{OS}.secrets[0].vaultCertificates[0].certificateUrl": "https://shop.vault.azure.net/secrets/web"}, f"{OS}.secrets[0].vaultCertificates[0].certificateUrl",
        {f"{OS}.secrets[0].vaultCertificates[0].certificateUrl": "https://shop.vault.azure.net/secrets/web/0123456789abcdef"},
    ),
    # Custom data and user data
    Case("custom_data_size", LINUX, {f"{OS}.customData": encoded("#!" + "x" * 65_534)}, f"{OS}.customData", {f"{OS}.customData": encoded("#!" + "x" * 65_533)}, says="65536 bytes"),
    Case("custom_data_size", LINUX, {f"{OS}.customData": _CLOUD_CONFIG}, f"{OS}.customData", {f"{OS}.customData": encoded(_CLOUD_CONFIG)}, name="plain_text"),
    Case("custom_data_twice", LINUX, {f"{OS}.customData": encoded(encoded(_CLOUD_CONFIG))}, f"{OS}.customData", {f"{OS}.customData": encoded(_CLOUD_CONFIG)}),
    Case("custom_data_never_runs", WINDOWS, {f"{OS}.customData": encoded("Write-Output 1")}, f"{OS}.customData", {f"{OS}.customData": encoded("Write-Output 1"), f"{EXTENSIONS}[0]": CUSTOM_SCRIPT_WINDOWS}),
    Case("custom_data_header", LINUX, {f"{OS}.customData": encoded("packages: [nginx]")}, f"{OS}.customData", {f"{OS}.customData": encoded("Content-Type: multipart/mixed; boundary=b")}),
    Case("user_data_size", LINUX, {f"{PROFILE}.userData": encoded("x" * 65_537)}, f"{PROFILE}.userData", {f"{PROFILE}.userData": encoded("x" * 65_536)}),
    Case("user_data_size", LINUX, {f"{PROFILE}.userData": "plain text"}, f"{PROFILE}.userData", {f"{PROFILE}.userData": encoded("plain text")}, name="plain_text"),
    Case("data_twice", LINUX, {f"{PROFILE}.userData": encoded("a")}, f"{PROFILE}.userData", {}, given={f"{OS}.customData": encoded(_CLOUD_CONFIG)}),
]
