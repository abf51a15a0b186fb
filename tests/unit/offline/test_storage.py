"""Storage accounts, their keys and signatures, and who may read a blob."""

import base64
from datetime import datetime, timedelta
from typing import Any

import pytest

from offline.arm import blob_service, sas
from offline.arm.blob_service import BlobError, Credential, blob_of, fetch
from tests.unit.offline.arm import GROUP, SUBSCRIPTION, Arm

ACCOUNT = f"{GROUP}/providers/Microsoft.Storage/storageAccounts/payloads"
CONTAINER = f"{ACCOUNT}/blobServices/default/containers/files"
IDENTITY = f"{GROUP}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/reader"
URL = "https://payloads.blob.core.windows.net/files/install.sh"
READER = f"{SUBSCRIPTION}/providers/Microsoft.Authorization/roleDefinitions/2a2b9908-6ea1-4ae2-8e65-a410df84e7d1"
SAS = {
    "canonicalizedResource": "/blob/payloads/files",
    "signedResource": "c",
    "signedPermission": "r",
    "signedExpiry": "2026-01-02T00:00:00Z",
}


def account(**properties: Any) -> Any:
    """A storage account."""
    return {"location": "westeurope", "kind": "StorageV2", "sku": {"name": "Standard_LRS"}, "properties": properties}


@pytest.fixture
def stored(arm: Arm) -> Arm:
    """An Azure with one blob."""
    arm.made(ACCOUNT, account())
    arm.made(CONTAINER, {"properties": {}})
    blob = blob_of(URL)
    assert blob is not None
    blob_service.write(arm.store, blob, b"echo", {}, Credential(key=_keys(arm)[0]), arm.store.now())
    return arm


def _keys(arm: Arm) -> list[str]:
    return [each["value"] for each in (arm.call("POST", f"{ACCOUNT}/listKeys").body or {})["keys"]]


def _signed(arm: Arm, **changes: Any) -> str:
    return URL + "?" + str((arm.call("POST", f"{ACCOUNT}/listServiceSas", {**SAS, **changes}).body or {})["serviceSasToken"])


def _error(arm: Arm, url: str, principals: tuple[str, ...] = (), at: datetime | None = None) -> tuple[int, str]:
    with pytest.raises(BlobError) as refusal:
        fetch(arm.store, url, principals, at or arm.store.now())
    return refusal.value.status, refusal.value.code


@pytest.mark.parametrize("name", ["ab", "Payloads", "pay-loads", "a" * 25])
def test_account_names_are_refused(arm: Arm, name: str) -> None:
    """3-24 lower-case letters and digits."""
    assert arm.refused("PUT", f"Microsoft.Storage/storageAccounts/{name}", account())[:2] == (400, "AccountNameInvalid")


def test_account_name_is_taken_in_all_subscriptions(stored: Arm) -> None:
    """A name is used once in the whole of Azure."""
    other = "/subscriptions/00000000-0000-0000-0000-000000000002/resourceGroups/other"
    stored.made(other, {"location": "westeurope"})
    path = f"{other}/providers/Microsoft.Storage/storageAccounts/payloads"
    assert stored.refused("PUT", path, account())[:2] == (409, "StorageAccountAlreadyTaken")


def test_update_keeps_what_it_leaves_out(arm: Arm) -> None:
    """A PUT on an account that exists changes what it names."""
    arm.made(ACCOUNT, account(allowSharedKeyAccess=False))
    assert arm.made(ACCOUNT, account(minimumTlsVersion="TLS1_2"))["properties"]["allowSharedKeyAccess"] is False


def test_keys_are_stable_until_regenerated(stored: Arm) -> None:
    """Two keys; regenerating one leaves the other."""
    before = _keys(stored)
    stored.call("POST", f"{ACCOUNT}/regenerateKey", {"keyName": "key1"})
    after = _keys(stored)
    assert (before[0] == after[0], before[1] == after[1], len(set(before + after))) == (False, True, 3)


def test_account_made_again_has_other_keys(stored: Arm) -> None:
    """What was signed for a deleted account is worth nothing for the next one of its name."""
    before = _keys(stored)
    stored.call("DELETE", ACCOUNT)
    stored.made(ACCOUNT, account())
    assert set(before) & set(_keys(stored)) == set()


def test_sas_reads_within_its_time(stored: Arm) -> None:
    """The same parameters give the same signature, and it ends when it says."""
    url = _signed(stored)
    assert (url, fetch(stored.store, url, [], stored.store.now())) == (_signed(stored), b"echo")
    assert _error(stored, url, at=stored.store.now() + timedelta(days=2)) == (403, "AuthenticationFailed")


@pytest.mark.parametrize(("version", "added"), [("2015-04-05", ""), ("2018-11-09", "c\n\n"), ("2020-12-06", "c\n\n\n")])
def test_string_to_sign_of_a_service_sas(version: str, added: str) -> None:
    """It grew with the versions of the storage service: type and snapshot, then the encryption scope."""
    fields = {"sp": "r", "se": "2026-01-02T00:00:00Z", "sv": version, "sr": "c", "spr": "https"}
    text = sas.service_string(fields, "/blob/payloads/files")
    assert text == f"r\n\n2026-01-02T00:00:00Z\n/blob/payloads/files\n\n\nhttps\n{version}\n{added}\n\n\n\n"


def test_signature_is_an_hmac_with_the_decoded_key() -> None:
    """HMAC-SHA256 in base64: test case 2 of RFC 4231."""
    key = base64.b64encode(b"Jefe").decode()
    expected = bytes.fromhex("5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843")
    assert sas.sign(key, "what do ya want for nothing?") == base64.b64encode(expected).decode()


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"signedPermission": "w"}, "AuthorizationPermissionMismatch"),
        ({"canonicalizedResource": "/blob/payloads/other"}, "AuthenticationFailed"),
        ({"signedStart": "2026-01-01T12:00:00Z"}, "AuthenticationFailed"),
    ],
)
def test_sas_for_something_else_is_refused(stored: Arm, changes: Any, code: str) -> None:
    """Another permission, container or time."""
    assert _error(stored, _signed(stored, **changes)) == (403, code)


def test_regenerated_key_ends_its_signatures(stored: Arm) -> None:
    """A SAS lives as long as the key that signed it."""
    url = _signed(stored)
    stored.call("POST", f"{ACCOUNT}/regenerateKey", {"keyName": "key1"})
    assert _error(stored, url) == (403, "AuthenticationFailed")


def test_account_without_shared_keys_refuses_keys_and_signatures(stored: Arm) -> None:
    """`allowSharedKeyAccess: false` ends both."""
    url, key = _signed(stored), _keys(stored)[0]
    stored.made(ACCOUNT, account(allowSharedKeyAccess=False))
    assert _error(stored, url) == (403, "KeyBasedAuthenticationNotPermitted")
    blob = blob_of(URL)
    assert blob is not None
    with pytest.raises(BlobError, match="KeyBasedAuthenticationNotPermitted"):
        blob_service.write(stored.store, blob, b"", {}, Credential(key=key), stored.store.now())


@pytest.mark.parametrize("scope", [CONTAINER, ACCOUNT, GROUP, SUBSCRIPTION])
def test_identity_reads_minutes_after_its_role(stored: Arm, scope: str) -> None:
    """An assignment at the container or above works after five minutes, not before."""
    principal = stored.made(IDENTITY, {"location": "westeurope"})["properties"]["principalId"]
    _assign(stored, scope, principal)
    assert _error(stored, URL, (principal,)) == (403, "AuthorizationPermissionMismatch")
    later = stored.store.now() + timedelta(minutes=5)
    assert fetch(stored.store, URL, [principal], later) == b"echo"


@pytest.mark.parametrize("role", ["b24988ac-6180-42a0-ab88-20f7382dd24c", "acdd72a7-3385-48ef-bd42-f606fba81ae7"])
def test_roles_on_resources_give_no_data(stored: Arm, role: str) -> None:
    """Contributor and Reader don't read blobs."""
    principal = stored.made(IDENTITY, {"location": "westeurope"})["properties"]["principalId"]
    _assign(stored, ACCOUNT, principal, READER.rpartition("/")[0] + "/" + role)
    assert _error(stored, URL, (principal,), stored.store.now() + timedelta(hours=1)) == (403, "AuthorizationPermissionMismatch")


def _assign(arm: Arm, scope: str, principal: str, role: str = READER) -> None:
    body = {"properties": {"principalId": principal, "roleDefinitionId": role, "principalType": "ServicePrincipal"}}
    arm.made(f"{scope}/providers/Microsoft.Authorization/roleAssignments/11111111-1111-1111-1111-111111111111", body)


def test_anonymous_reading(stored: Arm) -> None:
    """Refused by the account, then by the container, then allowed."""
    assert _error(stored, URL) == (409, "PublicAccessNotPermitted")
    assert stored.refused("PUT", CONTAINER, {"properties": {"publicAccess": "Blob"}})[:2] == (409, "PublicAccessNotPermitted")
    stored.made(ACCOUNT, account(allowBlobPublicAccess=True))
    assert _error(stored, URL) == (404, "ResourceNotFound")
    stored.made(CONTAINER, {"properties": {"publicAccess": "Blob"}})
    assert fetch(stored.store, URL, [], stored.store.now()) == b"echo"


def test_internet_is_not_simulated(stored: Arm) -> None:
    """An address outside the storage domain has no content here."""
    assert fetch(stored.store, "https://example.org/install.sh", [], stored.store.now()) is None


def test_deleting_a_container_deletes_its_blobs(stored: Arm) -> None:
    """And an account its containers."""
    stored.call("DELETE", CONTAINER)
    assert stored.store.blobs() == []
