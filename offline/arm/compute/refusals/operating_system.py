"""`osProfile`: computer names, the administrator, keys, customData and userData."""

from __future__ import annotations

import base64
import binascii
import re

from offline.arm.compute.images import SPECIALIZED
from offline.arm.compute.model import ScaleSet
from offline.arm.compute.refusals.missing import Check, invalid, missing, not_allowed
from offline.arm.compute.tree import dig
from offline.arm.errors import bad_request
from offline.arm.http import Json

_NAME = re.compile(r"^[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9_])?$")
_BAD_WINDOWS = re.compile(r"[`~!@#$%^&*()=+_\[\]{}\\|;:.'\",<>/?\s]")
_BAD_LINUX = re.compile(r"[\\/\"\[\]:|<>+=;,?*@&~!#$%^(){}'_\s]")
# fmt: off
_USERS = {
    "administrator", "admin", "user", "user1", "test", "user2", "test1", "user3", "admin1", "1", "123",
    "a", "actuser", "adm", "admin2", "aspnet", "backup", "console", "david", "guest", "john", "owner",
    "root", "server", "sql", "support", "support_388945a0", "sys", "test2", "test3", "user4", "user5",
}
# fmt: on
_PASSWORDS = {
    "abc@123",
    "P@$$w0rd",
    "P@ssw0rd",
    "P@ssword123",
    "Pa$$word",
    "pass@word1",
    "Password!",
    "Password1",
    "Password22",
    "iloveyou!",
}
_CUSTOM_DATA_BYTES = 65_535
_USER_DATA_BYTES = 65_536
_RSA_BITS = 2048


def _os_profile(scale_set: ScaleSet) -> Json | None:
    profile: Json | None = scale_set.profile.get("osProfile")
    return profile


def _windows(scale_set: ScaleSet) -> bool:
    return bool(scale_set.image_reference) and scale_set.image.os == "Windows"


def name(scale_set: ScaleSet) -> None:
    """N4."""
    if not _NAME.match(scale_set.name) or scale_set.name.isdigit() or len(scale_set.name) > 80:
        raise bad_request(
            "InvalidParameter",
            f"The entity name 'vmScaleSetName' is invalid according to its validation rule: '{scale_set.name}'.",
            "vmScaleSetName",
        )


def required(scale_set: ScaleSet) -> None:
    """G9, N14, N15, N16: a generalized image needs an administrator with a way in, a specialized one has its own."""
    if not scale_set.image_reference:
        return
    profile = _os_profile(scale_set)
    if scale_set.image.state == SPECIALIZED:
        if profile is not None:
            raise not_allowed("osProfile")
        return
    if profile is None:
        raise missing("osProfile")
    if not profile.get("adminUsername"):
        raise missing("osProfile.adminUsername")
    keys = dig(profile, "linuxConfiguration.ssh.publicKeys")
    if not profile.get("adminPassword") and (_windows(scale_set) or not keys):
        raise missing("osProfile.adminPassword")
    if dig(profile, "linuxConfiguration.disablePasswordAuthentication"):
        if not keys:
            raise missing("linuxConfiguration.ssh.publicKeys")
        if profile.get("adminPassword"):
            raise invalid("adminPassword")


def computer_name_prefix(scale_set: ScaleSet) -> None:
    """N1, N2: the service adds six characters to the prefix. Without one it takes the name of the set (N5)."""
    profile = _os_profile(scale_set)
    if profile is None:
        return
    prefix = profile.get("computerNamePrefix") or scale_set.name
    if _windows(scale_set):
        if len(prefix) > 9 or prefix.isdigit() or _BAD_WINDOWS.search(prefix):
            raise bad_request(
                "InvalidParameter",
                "Windows computer name prefix cannot be more than 9 characters long, be entirely numeric, or contain the following characters: "
                "` ~ ! @ # $ % ^ & * ( ) = + _ [ ] { } \\ | ; : . ' \" , < > / ?.",
                "computerNamePrefix",
            )
    elif len(prefix) > 58 or prefix.endswith(".") or _BAD_LINUX.search(prefix):
        raise bad_request(
            "InvalidParameter",
            "Linux computer name prefix cannot be more than 58 characters long or contain the following characters: "
            "` ~ ! @ # $ % ^ & * ( ) = + _ [ ] { } \\ | ; : ' \" , < > / ?.",
            "computerNamePrefix",
        )


def admin_username(scale_set: ScaleSet) -> None:
    """N6, N7."""
    user = dig(scale_set.profile, "osProfile.adminUsername")
    if user is None:
        return
    windows = _windows(scale_set)
    if len(user) > (20 if windows else 64) or (windows and user.endswith(".")):
        raise invalid("adminUsername")
    if user.lower() in _USERS:
        raise bad_request("InvalidParameter", "The Admin Username specified is not allowed.", "adminUsername")


def admin_password(scale_set: ScaleSet) -> None:
    """N9, N11. Whether `_` counts as special is open (N10): it does here."""
    password = dig(scale_set.profile, "osProfile.adminPassword")
    if password is None:
        return
    low, high = (8, 123) if _windows(scale_set) else (6, 72)
    classes = sum(bool(re.search(pattern, password)) for pattern in ("[a-z]", "[A-Z]", "[0-9]", r"[\W_]"))
    if not low <= len(password) <= high or classes < 3:
        raise bad_request(
            "InvalidParameter",
            f"The supplied password must be between {low}-{high} characters long and must satisfy at least 3 of password complexity requirements from the following: "
            "1) Contains an uppercase character 2) Contains a lowercase character 3) Contains a numeric digit 4) Contains a special character "
            "5) Control characters are not allowed",
            "adminPassword",
        )
    if password in _PASSWORDS:
        raise bad_request("InvalidParameter", "The supplied password is not allowed.", "adminPassword")


def ssh_keys(scale_set: ScaleSet) -> None:
    """N12, N13."""
    profile = _os_profile(scale_set) or {}
    for key in dig(profile, "linuxConfiguration.ssh.publicKeys") or []:
        if key.get("path") != f"/home/{profile.get('adminUsername')}/.ssh/authorized_keys":
            raise bad_request(
                "InvalidParameter",
                "Destination path for SSH public keys is currently limited to its default value "
                f"/home/{profile.get('adminUsername')}/.ssh/authorized_keys due to a known issue in Linux provisioning agent.",
                "linuxConfiguration.ssh.publicKeys.path",
            )
        if not _good_key(key.get("keyData") or ""):
            raise invalid("linuxConfiguration.ssh.publicKeys.keyData")


def _good_key(text: str) -> bool:
    """ED25519, or RSA of at least 2048 bits; the type inside the key is the one in front of it."""
    kind, _, rest = text.strip().partition(" ")
    try:
        body = base64.b64decode(rest.split(" ")[0], validate=True)
    except binascii.Error:
        return False
    fields = []
    while len(body) >= 4:
        length = int.from_bytes(body[:4], "big")
        fields.append(body[4 : 4 + length])
        body = body[4 + length :]
    if kind not in ("ssh-rsa", "ssh-ed25519") or not fields or fields[0] != kind.encode():
        return False
    return kind == "ssh-ed25519" or (len(fields) == 3 and int.from_bytes(fields[2], "big").bit_length() >= _RSA_BITS)


def custom_data(scale_set: ScaleSet) -> None:
    """D1."""
    text = dig(scale_set.profile, "osProfile.customData")
    if text is not None and _decoded_length(text) > _CUSTOM_DATA_BYTES:
        raise bad_request(
            "InvalidParameter",
            "Custom data in OSProfile must be in Base64 encoding and with a maximum length of 87380 characters.",
            "customData",
        )


def user_data(scale_set: ScaleSet) -> None:
    """D9."""
    text = scale_set.profile.get("userData")
    if text is not None and _decoded_length(text) > _USER_DATA_BYTES:
        raise invalid("userData")


def _decoded_length(text: str) -> float:
    """Bytes of a base64 text; infinite for what is none."""
    try:
        return len(base64.b64decode(text, validate=True))
    except (binascii.Error, ValueError):
        return float("inf")


CHECKS: list[Check] = [name, required, computer_name_prefix, admin_username, admin_password, ssh_keys, custom_data, user_data]
