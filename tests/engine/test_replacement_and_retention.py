"""What stays when something is replaced."""

from collections.abc import Callable
from pathlib import Path

from offline import workspace
from offline.arm.store import Store
from tests.engine.project import Project

PROGRAM = """
import pulumi, pulumi_azure_native as azure_native
from azure_scaleset import Network, ScaleSet

for number in (1, 2):
    provider = azure_native.Provider(f"provider{number}", subscription_id=f"00000000-0000-0000-0000-00000000000{number}")
    group = azure_native.resources.ResourceGroup(f"group{number}", resource_group_name="g", location="westeurope", opts=pulumi.ResourceOptions(provider=provider))
    options = pulumi.ResourceOptions(providers=[provider])
    network = Network(f"network{number}", {"resource_group_name": group.name, "location": "westeurope",
        "load_balancer": {"rules": [{"port": 80}], "probe": {"port": 80}}}, options)
    ScaleSet(f"web{number}", {"resource_group_name": group.name, "location": "westeurope", "os": "Linux", "image": "Ubuntu2204", "size": "Standard_D2s_v5",
        "admin": {"ssh_public_keys": ["ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIPf7ZrWOSGv2pW6PFv1uyVPMT0SmOne3hL1s1uY7mFmr"]},
        "extensions": [{"custom_script": {"files": ["apps/linux-script"], "command_to_execute": "bash installserver.sh"}}],
        "autoscale": {"minimum": 1, "maximum": 3},
        "network": {"subnet_id": network.subnet_id, "backend_pool_ids": [network.backend_pool_id]}}, options)
"""


def blobs(project: Project) -> list[str]:
    """The addresses of the blobs in Azure."""
    store = Store(workspace.azure_file(Path(project.environment["OFFLINE_HOME"])))
    found = store.blobs()
    store.close()
    return found


def test_the_payload_of_an_older_model_is_kept(make_project: Callable[[str], Project]) -> None:
    """After a change the older payload is still there, for instances that run the older model."""
    project = make_project("linux-script")
    project.up()
    (older,) = blobs(project)

    project.edit("apps/linux-script/workserver.py", "Healthy", "healthy")
    project.up()

    assert len(blobs(project)) == 2
    assert older in blobs(project)


def test_a_replacement_is_made_before_the_old_set_goes(make_project: Callable[[str], Project]) -> None:
    """Another administrator can't be set on a living scale set: without leave the preview says so; with it a new set is made first, under another name,
    then the old one is deleted."""
    project = make_project("linux-cloud-init")
    project.up()
    old = project.scale_set()["id"]

    project.pulumi("config", "set", "--path", "azure-scaleset:admin.username", "operator1")
    refused = project.pulumi("preview", check=False)
    assert "adminUsername azureuser -> operator1: Azure refuses it on a set that exists" in refused.stdout
    assert project.scale_set()["id"] == old

    project.configure(replaceWhenImmutable=True)
    project.up()
    project.configure(replaceWhenImmutable=False)
    assert project.preview() == []

    new = project.scale_set()["id"]
    writes = [
        (event["kind"], event["subject"]) for kind in ("PUT", "DELETE") for event in project.events(kind) if event["subject"] in (old, new)
    ]
    numbers = {(event["kind"], event["subject"]): event["number"] for kind in ("PUT", "DELETE") for event in project.events(kind)}
    assert writes == [("PUT", old), ("PUT", new), ("DELETE", old)]
    assert numbers[("PUT", new)] < numbers[("DELETE", old)]


def test_components_of_two_subscriptions_in_one_program(make_project: Callable[[str], Project]) -> None:
    """Components with explicit providers deploy everything, calls included, to the subscription of their provider."""
    project = make_project("linux-script")
    (project.folder / "__main__.py").write_text(PROGRAM)
    project.pulumi("config", "set", "pulumi:disable-default-providers", '["azure-native"]')

    project.up()

    assert project.preview() == []
    types = [
        sorted(
            resource["type"]
            for resource in project.resources()
            if f"/subscriptions/00000000-0000-0000-0000-00000000000{number}/" in resource["id"]
        )
        for number in (1, 2)
    ]
    assert types[0] == types[1]
    assert len(types[0]) >= 13
