"""Rules of passwords and keys. No message shows a password."""

import base64
import binascii
from collections.abc import Iterator
from typing import Any

from azure_scaleset.rules.facts import LINUX, OS_PROFILE, is_true, present, windows
from azure_scaleset.rules.names import username
from azure_scaleset.rules.rule import Found, Subject
from azure_scaleset.rules.value import UNKNOWN, absent, get, items, maps, text

_rules = Subject("Passwords and keys")

_PASSWORD = f"{OS_PROFILE}.adminPassword"
_KEYS = f"{LINUX}.ssh.publicKeys"
_DISABLED = f"{LINUX}.disablePasswordAuthentication"
_REFUSED_PASSWORDS = frozenset(
    ["abc@123", "P@$$w0rd", "P@ssw0rd", "P@ssword123", "Pa$$word", "pass@word1", "Password!", "Password1", "Password22", "iloveyou!"]
)


@_rules.error(
    "N9",
    "The administrator's password is 6 to 72 characters on Linux, 8 to 123 on Windows, of at least three of: small letters, capitals, digits, special characters.",
    source="SDK34; hashicorp/terraform#6542",
)
def password_strength(inputs: Any) -> Iterator[Found]:
    """Where passwords are disabled Azure doesn't look at it: widespread templates pass the SSH key there."""
    password = text(get(inputs, _PASSWORD))
    system = windows(inputs)
    if password is None or system is None or (not system and not _password_used(inputs)):
        return
    shortest, longest = (8, 123) if system else (6, 72)
    if not shortest <= len(password) <= longest or _classes(password) < 3:
        yield Found(
            _PASSWORD,
            f"adminPassword has {len(password)} characters of {_classes(password)} classes. Expected {shortest} to {longest} characters of at least 3 of: small letters, capitals, digits, special characters.",
            "Take another password, of 12 characters or more.",
        )


def _password_used(inputs: Any) -> bool:
    """Whether a Linux password is certain to be used."""
    return get(inputs, _DISABLED) in (None, False)


def _classes(password: str) -> int:
    return sum(
        (
            any(each.islower() for each in password),
            any(each.isupper() for each in password),
            any(each.isdigit() for each in password),
            any(not each.isalnum() for each in password),
        )
    )


@_rules.warning("N10", "The password doesn't need '_' as its only special character.", source="SDK34 against TF")
def password_underscore(inputs: Any) -> Iterator[Found]:
    """Sources disagree whether '_' counts."""
    password = text(get(inputs, _PASSWORD))
    if password is None or windows(inputs) is None or not (windows(inputs) or _password_used(inputs)):
        return
    if _classes(password) == 3 and _classes(password.replace("_", "")) == 2:
        yield Found(
            _PASSWORD,
            "adminPassword has '_' as its only special character, and needs one. Expected another: not every check of Azure counts '_'.",
            "Add another special character, or a class of characters.",
        )


@_rules.error("N11", "The password is none of the well-known ones that Azure refuses.", source="SDK34")
def password_known(inputs: Any) -> Iterator[Found]:
    """The list is that of the API's description. A password of Linux that is disabled isn't looked at."""
    if text(get(inputs, _PASSWORD)) in _REFUSED_PASSWORDS and (windows(inputs) or _password_used(inputs)):
        yield Found(
            _PASSWORD, "adminPassword is one of the well-known passwords that Azure refuses. Expected another.", "Take another password."
        )


@_rules.error("N12", "An SSH key is ssh-ed25519, or ssh-rsa of at least 2048 bits.", source="mac-create-ssh-keys; TF ssh_key.go; SDK34")
def key_kind(inputs: Any) -> Iterator[Found]:
    """The several-line form (RFC 4716) is accepted by Azure and not read here."""
    for path, key in maps(inputs, _KEYS):
        given = text(key.get("keyData"))
        wrong = None if given is None or given.lstrip().startswith("----") else _wrong_key(given)
        if wrong is not None:
            yield Found(
                f"{path}.keyData",
                f"keyData {wrong}. Expected ssh-ed25519, or ssh-rsa of at least 2048 bits.",
                "Make a key with `ssh-keygen -t ed25519`.",
            )


def _wrong_key(line: str) -> str | None:
    """What is wrong with the public key *line*."""
    parts = line.split(maxsplit=2)
    kind = parts[0] if parts else ""
    if kind not in ("ssh-rsa", "ssh-ed25519"):
        return f"is of type {kind[:40]!r}"
    try:
        fields = _fields(base64.b64decode(parts[1] if len(parts) > 1 else "", validate=True))
    except (binascii.Error, ValueError):
        return f"of type {kind} can't be decoded"
    if not fields or fields[0] != kind.encode() or len(fields) < (3 if kind == "ssh-rsa" else 2):
        return f"of type {kind} holds no such key"
    bits = int.from_bytes(fields[2]).bit_length() if kind == "ssh-rsa" else 0
    return f"is of type ssh-rsa with {bits} bits" if kind == "ssh-rsa" and bits < 2048 else None


def _fields(body: bytes) -> list[bytes]:
    """The length-prefixed fields of a key's body. Raises ValueError where one is cut off."""
    fields = []
    while body:
        length = int.from_bytes(body[:4])
        if len(body) < 4 + length:
            raise ValueError("cut off")
        fields.append(body[4 : 4 + length])
        body = body[4 + length :]
    return fields


@_rules.error("N13", "An SSH key goes to the administrator's authorized_keys.", source="Azure/WALinuxAgent#1852; Azure/azure-cli#12459")
def key_path(inputs: Any) -> Iterator[Found]:
    """Azure takes the default path only."""
    name = username(inputs)
    for path, key in maps(inputs, _KEYS):
        given = text(key.get("path"))
        if isinstance(name, str) and given is not None and given != f"/home/{name}/.ssh/authorized_keys":
            yield Found(
                f"{path}.path",
                f"path is {given!r}. Expected '/home/{name}/.ssh/authorized_keys', the only one that Azure takes.",
                "Take that path; it follows adminUsername.",
            )


@_rules.error(
    "N14",
    "A Linux set with an osProfile has a way in: an SSH key or a password that isn't disabled.",
    source="TF linux_virtual_machine_scale_set_resource.go",
)
def linux_way_in(inputs: Any) -> Iterator[Found]:
    """All of Azure's examples have one of the two. An unknown key or password is one, and a specialized image comes without osProfile."""
    if windows(inputs) is not False or present(inputs, OS_PROFILE) is not True or not _no_keys(inputs):
        return
    if is_true(inputs, _DISABLED):
        yield Found(_KEYS, "publicKeys is absent, and disablePasswordAuthentication is true. Expected at least one key.", "Add an SSH key.")
    elif absent(inputs, _PASSWORD) and get(inputs, _DISABLED) is not UNKNOWN:
        yield Found(
            OS_PROFILE,
            "Neither an SSH key nor adminPassword is given. Expected one of the two for Linux.",
            "Add an SSH key to linuxConfiguration.ssh.publicKeys.",
        )


@_rules.warning(
    "N14",
    "A password isn't given where passwords are disabled.",
    source="TF linux_virtual_machine_scale_set_resource.go against tests of bicep-registry-modules",
)
def linux_password_unused(inputs: Any) -> Iterator[Found]:
    """Azure takes the pair, as tests of its own templates show, and nobody can sign in with the password; Terraform refuses it."""
    if is_true(inputs, _DISABLED) and windows(inputs) is False and text(get(inputs, _PASSWORD)) is not None:
        yield Found(
            _PASSWORD,
            "adminPassword is given, and disablePasswordAuthentication is true. Expected one of the two: the password can't be used.",
            "Remove adminPassword.",
        )


def _no_keys(inputs: Any) -> bool:
    return absent(inputs, _KEYS) or (get(inputs, _KEYS) == [] and not any(True for _ in items(inputs, _KEYS)))


@_rules.error(
    "N15", "A Windows set with an osProfile has an administrator's name and password.", source="TF windows_virtual_machine_scale_set"
)
def windows_way_in(inputs: Any) -> Iterator[Found]:
    """Only specialized images go without, and they go without osProfile (N16)."""
    if windows(inputs) is not True or present(inputs, OS_PROFILE) is not True:
        return
    for name in ("adminUsername", "adminPassword"):
        if absent(inputs, f"{OS_PROFILE}.{name}"):
            yield Found(f"{OS_PROFILE}.{name}", f"{name} is absent. Expected one for Windows.", f"Set {name}.")
