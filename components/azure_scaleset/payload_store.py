"""Where payloads wait for the instances: a private blob container and an identity that may read it."""

import os
import tempfile
import uuid
from pathlib import Path
from typing import NotRequired, TypedDict

import pulumi
from pulumi_azure_native import authorization, managedidentity, storage

from azure_scaleset.extensions.arguments import Sas
from azure_scaleset.images.blobs import OWNER
from azure_scaleset.owner import owner
from azure_scaleset.payload.digest import digest, short
from azure_scaleset.subscription import subscription_id

BLOB_DATA_READER = "2a2b9908-6ea1-4ae2-8e65-a410df84e7d1"
"""Azure's built-in role `Storage Blob Data Reader`."""


class PayloadStore(TypedDict):
    """A container and an identity that exist already. The deployer then needs no right to make them or to assign roles."""

    account_name: pulumi.Input[str]
    """Required. Storage account. Its shared key must be usable by the deployer: azure-native uploads blobs with it."""

    container_name: pulumi.Input[str]
    """Required. Private blob container."""

    resource_group_name: NotRequired[pulumi.Input[str]]
    """Optional. Resource group of the storage account. Default: the scale set's."""

    identity_id: pulumi.Input[str]
    """Required. Resource id of the user-assigned identity with which instances read. It needs Storage Blob Data Reader on the container."""

    identity_client_id: pulumi.Input[str]
    """Required. Client id of that identity."""


class Delivery:
    """Uploads payloads and knows who reads them. Its resources are made only when something is uploaded.

    A blob's name holds the content's digest and a part that is new each time the content changes: running instances on an older model may still
    need the older blob, so it is kept (`retain_on_delete`), and azure-native refuses to create one that exists when the change is reverted.
    """

    def __init__(
        self,
        name: str,
        group: pulumi.Input[str],
        location: pulumi.Input[str] | None,
        tags: dict[str, pulumi.Input[str]],
        parent: pulumi.Resource,
        brought: PayloadStore | None,
    ) -> None:
        self._name = name
        self._group = group
        self._location = location
        self._tags = tags
        self._options = pulumi.ResourceOptions(parent=parent)
        self._parent = parent
        self._brought = brought
        self._made: PayloadStore | None = None
        self._blobs: dict[str, storage.Blob] = {}
        self.made_principal_id: pulumi.Output[str] | None = None
        """Principal of the reading identity, where it is made here."""
        self.ready: list[pulumi.Resource] = []
        """What must be there before the first instance: the right to read, the blobs."""
        self.rights: list[authorization.RoleAssignment] = []
        """Of them the right to read, where it is given here."""

    @property
    def used(self) -> bool:
        """Whether something was uploaded."""
        return bool(self._blobs)

    @property
    def identity_id(self) -> pulumi.Input[str]:
        """Resource id of the reading identity."""
        return self._store["identity_id"]

    @property
    def client_id(self) -> pulumi.Output[str]:
        """Client id of the reading identity."""
        return pulumi.Output.from_input(self._store["identity_client_id"])

    def upload(self, name: str, content: bytes, suffix: str) -> pulumi.Output[str]:
        """Uploads *content*; gives its address."""
        content_digest = short(digest(content))
        change = pulumi.Stash(
            f"{self._name}-{name}-change",
            input=content_digest,
            opts=pulumi.ResourceOptions(parent=self._parent, replacement_trigger=content_digest),
        )
        store = self._store
        blob = storage.Blob(
            f"{self._name}-{name}",
            resource_group_name=store.get("resource_group_name", self._group),
            account_name=store["account_name"],
            container_name=store["container_name"],
            blob_name=pulumi.Output.concat(content_digest, "-", change.id.apply(lambda made: short(digest(made), 8)), suffix),
            source=_asset(content, content_digest + suffix),
            # Others may have blobs there, too: `scaleset prune` takes none without this.
            metadata={OWNER: owner()} if self._brought is not None else None,
            opts=pulumi.ResourceOptions(parent=self._parent, retain_on_delete=True, delete_before_replace=False),
        )
        self._blobs[name] = blob
        self.ready.append(blob)
        url: pulumi.Output[str] = blob.url
        return url

    def sas_token(self, name: str, sas: Sas) -> pulumi.Output[str]:
        """A secret token that reads the blob uploaded as *name*: the same text at each update, because its times are fixed."""
        store = self._store
        token = storage.list_storage_account_service_sas_output(
            account_name=store["account_name"],
            resource_group_name=store.get("resource_group_name", self._group),
            canonicalized_resource=pulumi.Output.concat(
                "/blob/", store["account_name"], "/", store["container_name"], "/", self._blobs[name].name
            ),
            resource=storage.SignedResource.B,
            permissions=storage.Permissions.R,
            protocols=storage.HttpProtocol.HTTPS,
            shared_access_start_time=f"{sas['start']}T00:00:00Z",
            shared_access_expiry_time=f"{sas['expiry']}T23:59:59Z",
            opts=pulumi.InvokeOptions(parent=self._parent),
        )
        return pulumi.Output.secret(token.apply(lambda result: f"?{result.service_sas_token}"))

    @property
    def _store(self) -> PayloadStore:
        if self._brought is not None:
            return self._brought
        if self._made is None:
            self._made = self._make()
        return self._made

    def _make(self) -> PayloadStore:
        name, group, options = self._name, self._group, self._options
        subscription = subscription_id(self._parent)
        account = storage.StorageAccount(
            f"{name}-payload",
            # Account names are unique in all of Azure: the subscription and the group make it ours, and the same at each run.
            account_name=pulumi.Output.all(subscription, group).apply(lambda ids: "p" + short(digest(*ids, name), 20)),
            resource_group_name=group,
            location=self._location,
            kind=storage.Kind.STORAGE_V2,
            sku={"name": storage.SkuName.STANDARD_LRS},
            allow_blob_public_access=False,
            enable_https_traffic_only=True,
            minimum_tls_version=storage.MinimumTlsVersion.TLS1_2,
            tags=self._tags,
            opts=options,
        )
        container = storage.BlobContainer(
            f"{name}-payload",
            account_name=account.name,
            resource_group_name=group,
            container_name="payload",
            public_access=storage.PublicAccess.NONE,
            opts=options,
        )
        identity = managedidentity.UserAssignedIdentity(
            f"{name}-reader",
            resource_name_=f"{name}-reader",
            resource_group_name=group,
            location=self._location,
            tags=self._tags,
            opts=options,
        )
        self.made_principal_id = identity.principal_id
        right = authorization.RoleAssignment(
            f"{name}-reader",
            scope=container.id,
            # The name must be a GUID, and the same one for the same assignment: a second one would be refused.
            role_assignment_name=pulumi.Output.all(container.id, identity.principal_id).apply(
                lambda ids: str(uuid.uuid5(uuid.NAMESPACE_URL, "".join(ids)))
            ),
            principal_id=identity.principal_id,
            # Without the type Azure looks the principal up, and a new one isn't found yet.
            principal_type=authorization.PrincipalType.SERVICE_PRINCIPAL,
            role_definition_id=subscription.apply(
                lambda subscription: f"/subscriptions/{subscription}/providers/Microsoft.Authorization/roleDefinitions/{BLOB_DATA_READER}"
            ),
            opts=options,
        )
        self.rights.append(right)
        self.ready.append(right)
        return {
            "account_name": account.name,
            "container_name": container.name,
            "resource_group_name": group,
            "identity_id": identity.id,
            "identity_client_id": identity.client_id,
        }


def _asset(content: bytes, name: str) -> pulumi.Asset:
    """An asset of bytes: Pulumi has them from text and from files only. The file is the user's own, and appears whole: runs go on side by side."""
    folder = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "azure-scaleset" / "payload"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / name
    with tempfile.NamedTemporaryFile(dir=folder, delete=False) as file:
        file.write(content)
    Path(file.name).replace(path)
    return pulumi.FileAsset(str(path))
