"""azure-native's `storage:Blob`: written through the storage service with the account's shared key."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass

from offline.arm import blob_service, storage_keys
from offline.arm.blob_service import Blob, BlobError, Credential
from offline.arm.http import Json
from offline.arm.ids import parse
from offline.plugin.client import AzureError, Client
from offline.plugin.projection import inputs_of, refreshed
from offline.plugin.tokens import ResourceType
from offline.plugin.values import Asset


@dataclass(frozen=True)
class Blobs:
    """The blobs of one subscription."""

    client: Client
    of: ResourceType
    subscription: str

    def create(self, inputs: Json) -> tuple[str, Json]:
        """Uploads a blob; refuses one that exists. Gives id and outputs."""
        resource_id = self.of.id_of(self.subscription, inputs)
        if self._outputs(inputs) is not None:
            raise FileExistsError(f'cannot create already existing resource "{resource_id}"')
        source = inputs.get("source")
        self._upload(inputs, source.read() if isinstance(source, Asset) else b"")
        return resource_id, self._outputs(inputs) or {}

    def update(self, inputs: Json) -> Json:
        """Writes content type, metadata and tier; another content is another blob."""
        content, _ = self._content(inputs)
        self._upload(inputs, content)
        return self._outputs(inputs) or {}

    def read(self, resource_id: str, inputs: Json | None, old_outputs: Json) -> tuple[Json, Json] | None:
        """Inputs and outputs as they are in Azure, None if it is gone. `inputs` None: the blob is imported."""
        outputs = self._outputs(self.of.parameters_of(resource_id))
        if outputs is None:
            return None
        if inputs is None:
            return {**inputs_of(outputs, self.of.inputs), **self.of.parameters_of(resource_id)}, outputs
        return refreshed(inputs, inputs_of(old_outputs, self.of.inputs), inputs_of(outputs, self.of.inputs)), outputs

    def delete(self, resource_id: str) -> None:
        """Removes a blob; one that is gone already is fine."""
        inputs = self.of.parameters_of(resource_id)
        store = self.client.store
        try:
            with store.transaction():
                blob_service.delete(store, _blob(inputs), self._credential(inputs), store.now())
        except BlobError as error:
            if error.status != 404:
                raise _refusal(error) from error

    def _upload(self, inputs: Json, content: bytes) -> None:
        headers = {
            "content-type": inputs.get("contentType") or "application/octet-stream",
            "content-md5": base64.b64encode(hashlib.md5(content).digest()).decode(),
            "x-ms-blob-type": f"{inputs.get('type', 'Block')}Blob",
            "x-ms-access-tier": inputs.get("accessTier") or "Hot",
            **{f"x-ms-meta-{name}": value for name, value in inputs.get("metadata", {}).items()},
        }
        if inputs.get("contentMd5", headers["content-md5"]) != headers["content-md5"]:
            raise AzureError(
                {
                    "code": "Md5Mismatch",
                    "message": "The MD5 value specified in the request did not match with the MD5 value calculated by the server.",
                },
                400,
            )
        store = self.client.store
        try:
            with store.transaction():
                blob_service.write(store, _blob(inputs), content, headers, self._credential(inputs), store.now())
        except BlobError as error:
            raise _refusal(error) from error

    def _content(self, inputs: Json) -> tuple[bytes, Json]:
        store = self.client.store
        try:
            with store.transaction():
                return blob_service.read(store, _blob(inputs), self._credential(inputs), store.now())
        except BlobError as error:
            raise _refusal(error) from error

    def _outputs(self, inputs: Json) -> Json | None:
        try:
            _, headers = self._content(inputs)
        except AzureError as error:
            if error.status == 404:
                return None
            raise
        prefix = "x-ms-meta-"
        return {
            **{name: inputs[name] for name in self.of.parameters},
            "name": inputs["blobName"],
            "url": _blob(inputs).url,
            "contentMd5": headers.get("content-md5"),
            "contentType": headers.get("content-type", "application/octet-stream"),
            "accessTier": headers.get("x-ms-access-tier", "Hot"),
            "type": str(headers.get("x-ms-blob-type", "BlockBlob")).removesuffix("Blob"),
            "metadata": {name.removeprefix(prefix): value for name, value in headers.items() if name.startswith(prefix)},
        }

    def _credential(self, inputs: Json) -> Credential:
        store = self.client.store
        resource_id = parse(self.of.id_of(self.subscription, inputs)).text.split("/blobServices/")[0]
        account = store.get(resource_id)
        return Credential() if account is None else Credential(key=storage_keys.keys(store, account)["key1"])


def _blob(inputs: Json) -> Blob:
    return Blob("https", inputs["accountName"].lower(), inputs["containerName"], inputs["blobName"], {})


def _refusal(error: BlobError) -> AzureError:
    return AzureError({"code": error.code, "message": error.message}, error.status)
