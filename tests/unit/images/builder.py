"""A workshop in which Image Builder can build: a definition, an identity with its role, a template."""

import uuid
from typing import Any

from tests.unit.offline.arm import GROUP, SUBSCRIPTION
from tests.unit.offline.images.workshop import DEFINITION, GALLERY, Workshop

TEMPLATE = f"{GROUP}/providers/Microsoft.VirtualMachineImages/imageTemplates/web"
IMAGE = f"{GROUP}/providers/{DEFINITION}/versions/1.0.0"
PUBLISHER = f"{SUBSCRIPTION}/providers/Microsoft.Authorization/roleDefinitions/85a2d0d9-2eba-4c9c-b355-11c2cc0788ab"


class Builder:
    """What tests do with templates."""

    def __init__(self, workshop: Workshop) -> None:
        self.workshop = workshop
        self.assignments: list[str] = []
        """Ids of the role assignments."""
        workshop.definition(features=[{"name": "SecurityType", "value": "TrustedLaunchSupported"}])
        self.identity("builder")
        self.assign("builder")

    def identity(self, name: str) -> str:
        """A user-assigned identity; gives its id."""
        path = f"{GROUP}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/{name}"
        self.workshop.done("PUT", path, {"location": "westeurope"})
        return path

    def assign(self, name: str) -> None:
        """Gives an identity the right to write into the gallery."""
        path = f"{GROUP}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/{name}"
        principal = self.workshop.arm.read(path)["properties"]["principalId"]
        body = {"principalId": principal, "roleDefinitionId": PUBLISHER, "principalType": "ServicePrincipal"}
        assignment = f"{GROUP}/providers/{GALLERY}/providers/Microsoft.Authorization/roleAssignments/{uuid.uuid4()}"
        self.workshop.done("PUT", assignment, {"properties": body})
        self.assignments.append(assignment)

    def submit(self, identity: str = "builder", path: str = TEMPLATE, tags: Any = None, **properties: Any) -> Any:
        """Gives Image Builder the template, with these properties beside its own or in their place; gives the error with which that ended, or None."""
        own = {
            "source": {
                "type": "PlatformImage",
                "publisher": "Canonical",
                "offer": "ubuntu-24_04-lts",
                "sku": "server",
                "version": "latest",
            },
            "customize": [{"type": "Shell", "name": "install", "inline": ["true"]}],
            "distribute": [
                {
                    "type": "SharedImage",
                    "runOutputName": "image",
                    "galleryImageId": IMAGE,
                    "targetRegions": [{"name": "westeurope"}],
                    "artifactTags": {"azure-scaleset-content": "abc"},
                }
            ],
        }
        assigned = f"{GROUP}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/{identity}"
        body = {
            "location": "westeurope",
            "tags": tags or {},
            "identity": {"type": "UserAssigned", "userAssignedIdentities": {assigned: {}}},
            "properties": {**own, **properties},
        }
        answer = self.workshop.arm.call("PUT", path, body)
        assert answer.status < 300, answer.body
        return self.workshop.outcome(answer)
