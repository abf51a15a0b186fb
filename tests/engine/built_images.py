"""A program with several built images, each described in one file, and what they may be given: a network, an identity with its rights, a gallery."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from offline.arm.http import Json
from tests.engine.project import Project

PROGRAM = '''
"""Makes the images of images.json, in their order. A text that begins with $ stands for an output of the program."""

import json
import uuid
from pathlib import Path

import pulumi
from pulumi_azure_native import authorization, compute, managedidentity, resources

from azure_scaleset import BuiltImage, Network

group = resources.ResourceGroup("group", resource_group_name="images", location="westeurope")
place = {"resource_group_name": group.name, "location": "westeurope"}
identity = managedidentity.UserAssignedIdentity("mine", resource_name_="mine", **place)
gallery = compute.Gallery("mine", gallery_name="mine", **place)
publisher = "/providers/Microsoft.Authorization/roleDefinitions/85a2d0d9-2eba-4c9c-b355-11c2cc0788ab"
allowed = authorization.RoleAssignment(
    "mine",
    scope=gallery.id,
    role_assignment_name=str(uuid.uuid5(uuid.NAMESPACE_URL, "mine")),
    principal_id=identity.principal_id,
    principal_type="ServicePrincipal",
    role_definition_id=publisher,
)
known = {
    "subnet": Network("network", place).subnet_id,
    "identity": identity.id,
    "gallery": pulumi.Output.all(gallery.id, allowed.id).apply(lambda ids: ids[0]),
}


def resolved(value):
    if isinstance(value, dict):
        return {key: resolved(item) for key, item in value.items()}
    if isinstance(value, list):
        return [resolved(item) for item in value]
    return known[value[1:]] if isinstance(value, str) and value.startswith("$") else value


for name, args in json.loads(Path("images.json").read_text()).items():
    image = BuiltImage(name, {**place, **resolved(args)})
    known[name] = image.image_id
    pulumi.Stash(f"{name}-user", input=image.definition_id)
'''

BUILT = "imageBuild"
"""The event of a build that begins."""


def linux(*commands: str, **args: Any) -> Json:
    """Arguments of an image of Linux; *args* replace its own."""
    return {"os": "Linux", "base": "Ubuntu2404", "steps": [{"shell": {"commands": [*(commands or ("true",))]}}], **args}


@dataclass
class Images(Project):
    """The program with its images."""

    @classmethod
    def of(cls, root: Path, server: dict[str, str], images: dict[str, Json]) -> "Images":
        """The program in a folder of its own, with these images."""
        made = cls.make(root, "linux-script", server)
        (made.folder / "__main__.py").write_text(PROGRAM)
        project = cls(made.folder, made.stack, made.environment)
        project.write(images)
        return project

    def write(self, images: dict[str, Json]) -> None:
        """Describes the images anew."""
        (self.folder / "images.json").write_text(json.dumps(images))

    def template(self, name: str) -> Json:
        """The one template of an image."""
        (found,) = [
            each for each in self.resources("Microsoft.VirtualMachineImages/imageTemplates") if each["name"].rpartition("-")[0] == name
        ]
        return found

    def builds(self, name: str) -> int:
        """How many builds of an image there were."""
        return len([each for each in self.events(BUILT) if each["subject"].rpartition("/")[2].rpartition("-")[0] == name])

    def versions(self, name: str) -> list[Json]:
        """The versions of an image, in its own gallery or in the program's."""
        found = self.resources("Microsoft.Compute/galleries/images/versions")
        return [each for each in found if each["id"].split("/")[-3].rpartition("-")[0] == name]

    def definition(self, name: str) -> Json:
        """What an image's definition says."""
        (found,) = [each for each in self.resources("Microsoft.Compute/galleries/images") if each["name"].rpartition("-")[0] == name]
        properties: Json = found["properties"]
        return properties

    def used(self) -> set[str]:
        """The images whose definition has a user."""
        urns = [each["urn"].rpartition("::")[2] for each in json.loads(self.state())["deployment"]["resources"]]
        return {each.removesuffix("-user") for each in urns if each.endswith("-user")}

    def roles(self, name: str) -> set[tuple[str, str]]:
        """What was assigned for an image: the beginning of the role's GUID, the last parts of the scope."""
        urns = json.loads(self.state())["deployment"]["resources"]
        own = [each for each in urns if each["urn"].rpartition("::")[2].startswith(f"{name}-") and "RoleAssignment" in each["type"]]
        return {
            (each["inputs"]["roleDefinitionId"].rpartition("/")[2][:8], "/".join(each["inputs"]["scope"].split("/")[-2:])) for each in own
        }
