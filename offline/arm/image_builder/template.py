"""A template as the other modules read it."""

from __future__ import annotations

from dataclasses import dataclass

from offline.arm.compute import images
from offline.arm.compute.images import gallery
from offline.arm.compute.tree import dig
from offline.arm.http import Json
from offline.arm.store import Store

TEMPLATE = "Microsoft.VirtualMachineImages/imageTemplates"
RUN_OUTPUT = f"{TEMPLATE}/runOutputs"


@dataclass(frozen=True)
class Template:
    """An image template: `body` is its ARM body, with id and name."""

    store: Store
    body: Json

    @property
    def id(self) -> str:
        """The ARM id."""
        return str(self.body["id"])

    @property
    def name(self) -> str:
        """The resource name."""
        return str(self.body["name"])

    @property
    def location(self) -> str:
        """The region it builds in."""
        return str(self.body["location"])

    @property
    def properties(self) -> Json:
        """`properties` of the body."""
        properties: Json = self.body["properties"]
        return properties

    @property
    def customizers(self) -> list[Json]:
        """The steps of the customization."""
        return self.properties.get("customize") or []

    @property
    def validators(self) -> list[Json]:
        """The steps of the validation."""
        return dig(self.properties, "validate.inVMValidations") or []

    @property
    def distributors(self) -> list[Json]:
        """Where the image goes."""
        return self.properties.get("distribute") or []

    @property
    def principal(self) -> str:
        """The principal of its one identity."""
        assigned = (self.body.get("identity") or {}).get("userAssignedIdentities") or {}
        return str(next(iter(assigned.values())).get("principalId"))

    def source(self) -> images.Image:
        """The image that it builds on, as it is now; refuses one that there is not."""
        source = self.properties["source"]
        match source["type"]:
            case "PlatformImage":
                return images.find(self.store, source, self.id, self.location)
            case "ManagedImage":
                return images.find(self.store, {"id": source["imageId"]}, self.id, self.location)
            case _:
                return gallery.find(self.store, source["imageVersionId"], self.location)
