"""The model of a scale set: what a PUT means, what a GET shows, what of it the instances carry."""

from __future__ import annotations

import copy
import uuid
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from offline.arm.compute import images
from offline.arm.compute.tree import dig, fingerprint
from offline.arm.http import Json
from offline.arm.store import Store
from offline.arm.tenant import TENANT

SCALE_SET = "Microsoft.Compute/virtualMachineScaleSets"
_OF_THE_RESOURCE = ("id", "name", "type", "etag")
_NEVER_RETURNED = ("adminPassword", "customData")
_SET_AT_CREATION = ("orchestrationMode", "singlePlacementGroup", "platformFaultDomainCount", "uniqueId", "timeCreated")


@dataclass(frozen=True)
class ScaleSet:
    """A scale set as it is being written or as it is stored: `body` is the full ARM body, with what GET hides."""

    store: Store
    id: str
    body: Json

    @property
    def name(self) -> str:
        """The resource name."""
        return self.id.rsplit("/", 1)[-1]

    @property
    def properties(self) -> Json:
        """`properties` of the body."""
        properties: Json = self.body.setdefault("properties", {})
        return properties

    @property
    def profile(self) -> Json:
        """`virtualMachineProfile`; empty for a Flexible set without one."""
        return self.properties.get("virtualMachineProfile") or {}

    @property
    def capacity(self) -> int:
        """`sku.capacity`, 0 where there is none."""
        return int(dig(self.body, "sku.capacity") or 0)

    @property
    def zones(self) -> list[str]:
        """Availability zones, empty for a regional set."""
        return self.body.get("zones") or []

    @property
    def flexible(self) -> bool:
        """Orchestration mode Flexible."""
        return bool(self.properties.get("orchestrationMode") == "Flexible")

    @property
    def mode(self) -> str:
        """Upgrade mode: Manual, Automatic or Rolling (Manual where none is given, as in a Flexible set)."""
        return dig(self.properties, "upgradePolicy.mode") or "Manual"

    @property
    def image_reference(self) -> Json:
        """`imageReference` as stated."""
        return dig(self.profile, "storageProfile.imageReference") or {}

    @property
    def image(self) -> images.Image:
        """The image that the model names."""
        return images.find(self.store, self.image_reference, self.id, self.body.get("location"))

    @property
    def exact_image(self) -> Json:
        """`imageReference` with the exact version that it means now; empty where the model names none."""
        return images.exact(self.store, self.image_reference, self.id, self.body.get("location")) if self.image_reference else {}

    @property
    def extensions(self) -> list[Json]:
        """The extension definitions of the model, in the order they are written."""
        return dig(self.profile, "extensionProfile.extensions") or []

    @cached_property
    def model_fingerprint(self) -> str:
        """Changes with whatever an instance must be brought to: the profile, the size and the identities (`az vmss identity assign` says so of mode Manual)."""
        return fingerprint([self.profile, self.size, self.assigned])

    @property
    def size(self) -> str | None:
        """`sku.name`."""
        name: str | None = dig(self.body, "sku.name")
        return name

    @property
    def assigned(self) -> Json:
        """The identities as they are assigned: the type, and the ids of the user-assigned ones."""
        identity = self.body.get("identity") or {}
        return {"type": identity.get("type"), "ids": sorted(identity.get("userAssignedIdentities") or {})}

    def remember(self) -> None:
        """Keeps the model, for the instances that have it while the set goes on to another."""
        kept = {"profile": self.profile, "size": self.size, "identity": self.body.get("identity")}
        self.store.put_document("model", self.id, self.model_fingerprint, kept)

    def with_model(self, model: str) -> ScaleSet:
        """The set with another model that it has had, by its fingerprint."""
        if model == self.model_fingerprint:
            return self
        kept = self.store.document("model", self.id, model)
        assert kept is not None, f"the model {model} was remembered when it was written"
        properties = {**self.properties, "virtualMachineProfile": kept["profile"]}
        sku = {**self.body["sku"], "name": kept["size"]}
        return ScaleSet(self.store, self.id, {**self.body, "sku": sku, "identity": kept["identity"], "properties": properties})


def load(store: Store, set_id: str) -> ScaleSet | None:
    """The set as it is stored, None when it is gone."""
    body = store.get(set_id)
    return None if body is None else ScaleSet(store, body["id"], body)


def complete(context_id: str, new: Json, old: Json | None, store: Store) -> Json:
    """The body that a PUT leaves: what `new` leaves out is gone, but for the image, what GET never returns and what is fixed at creation.

    A PUT without `properties` changes what it states and nothing else: `az vmss scale` sends `sku` and `location`.
    """
    if old is not None and not new.get("properties"):
        new = {**{name: value for name, value in old.items() if name not in _OF_THE_RESOURCE}, **new, "properties": old["properties"]}
    body = copy.deepcopy(new)
    properties = body.setdefault("properties", {})
    before = (old or {}).get("properties", {})
    for name in _SET_AT_CREATION:
        if properties.get(name) is None and before.get(name) is not None:
            properties[name] = before[name]
    _keep_left_out(properties.get("virtualMachineProfile") or {}, before.get("virtualMachineProfile") or {})
    properties.setdefault("orchestrationMode", "Uniform")
    if properties["orchestrationMode"] == "Uniform":
        _uniform_defaults(properties, zonal=bool(body.get("zones")))
    properties.setdefault("uniqueId", str(uuid.uuid5(uuid.NAMESPACE_URL, f"{context_id.lower()} {store.now().isoformat()}")))
    properties.setdefault("timeCreated", store.now().isoformat())
    properties["provisioningState"] = "Succeeded"
    if body.get("identity"):
        body["identity"] = identity_of(context_id, body["identity"], store)
    return body


def _uniform_defaults(properties: Json, zonal: bool) -> None:
    """S5, O4, U18: what a Uniform set has when nothing is said. One fault domain, stated, means many placement groups (S4)."""
    stated = properties.get("platformFaultDomainCount")
    defaults = {"singlePlacementGroup": not zonal and stated != 1, "platformFaultDomainCount": 1 if zonal else 5, "overprovision": True}
    for name, default in defaults.items():
        if properties.get(name) is None:
            properties[name] = default


def _keep_left_out(new: Json, old: Json) -> None:
    storage = new.get("storageProfile")
    if isinstance(storage, dict) and not storage.get("imageReference") and dig(old, "storageProfile.imageReference"):
        storage["imageReference"] = dig(old, "storageProfile.imageReference")  # `az vmss extension set` leaves it out
    secrets = dig(old, "osProfile") or {}
    for name in _NEVER_RETURNED:
        if isinstance(new.get("osProfile"), dict) and new["osProfile"].get(name) is None and name in secrets:
            new["osProfile"][name] = secrets[name]
    old_extensions = {extension["name"]: extension for extension in dig(old, "extensionProfile.extensions") or []}
    for extension in dig(new, "extensionProfile.extensions") or []:
        keep_protected_settings(extension, old_extensions.get(extension.get("name")))


def keep_protected_settings(new: Json, old: Json | None) -> None:
    """Protected settings that are left out entirely stay; `{}` and null in their place lose them."""
    properties = new.setdefault("properties", {})
    kept = dig(old, "properties.protectedSettings")
    if "protectedSettings" not in properties and kept is not None and properties.get("protectedSettingsFromKeyVault") is None:
        properties["protectedSettings"] = kept


def identity_of(owner_id: str, identity: Json, store: Store) -> Json:
    """The identity with what Azure adds: principal and client ids."""
    shown: dict[str, Any] = dict(identity)
    if "systemassigned" in identity.get("type", "").lower():
        shown |= {"principalId": str(uuid.uuid5(uuid.NAMESPACE_URL, owner_id.lower())), "tenantId": TENANT}
    assigned = identity.get("userAssignedIdentities") or {}
    if assigned:
        found = {each: dig(store.get(each), "properties") or {} for each in assigned}
        shown["userAssignedIdentities"] = {
            each: {name: properties[name] for name in ("principalId", "clientId") if name in properties}
            for each, properties in found.items()
        }
    return shown


def visible(body: Json, with_user_data: bool = False) -> Json:
    """The body as GET returns it: without passwords, customData and protected settings; with userData only where it is asked for."""
    shown = copy.deepcopy(body)
    profile = dig(shown, "properties.virtualMachineProfile") or {}
    if not with_user_data:
        profile.pop("userData", None)
    for name in _NEVER_RETURNED:
        (profile.get("osProfile") or {}).pop(name, None)
    for extension in dig(profile, "extensionProfile.extensions") or []:
        (extension.get("properties") or {}).pop("protectedSettings", None)
    return shown


def changed_properties(new: Json, old: Json | None) -> list[str]:
    """Names of the top-level properties (of the body and of `properties`) that differ, sorted."""
    ours = {"provisioningState", "uniqueId", "timeCreated"}
    flat_new, flat_old = _flat(new), _flat(old or {})
    return sorted(name for name in (flat_new.keys() | flat_old.keys()) - ours if flat_new.get(name) != flat_old.get(name))


def _flat(body: Json) -> Json:
    top = {name: value for name, value in body.items() if name not in ("id", "name", "type", "etag", "properties")}
    return {**top, **(body.get("properties") or {})}
