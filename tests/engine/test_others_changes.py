"""What others did to a scale set since the last update is told before the next one takes it back, in a Python program and in a YAML one."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from offline import workspace
from offline.arm.app import Azure
from offline.arm.http import Json, Request
from offline.arm.store import Store
from tests.engine.project import Project
from tests.engine.several_sets import SCALE_SET, SeveralSets, linux
from tests.engine.test_yaml_program import COMPONENTS, Run
from tests.engine.test_yaml_program import pulumi as pulumi  # the fixture

AGENT = {
    "publisher": "Microsoft.Azure.Monitor",
    "type": "AzureMonitorLinuxAgent",
    "typeHandlerVersion": "1.0",
    "autoUpgradeMinorVersion": True,
    "settings": {},
}
TOLD = [
    f"T16: {what} was added by somebody else; this update removes it. Add it to the program to keep it."
    for what in (
        "identity: The identity 'SystemAssigned'",
        "tags: The tag 'cost'",
        "virtualMachineProfile.extensionProfile.extensions: The extension 'Monitor'",
    )
]


def others(arm: Callable[..., Json], scale_set_id: str) -> None:
    """A policy adds an agent, an identity and a tag, and somebody two instances."""
    found = arm("GET", scale_set_id)
    count = found["sku"]["capacity"] + 2
    changed = {"identity": {"type": "SystemAssigned"}, "tags": {**found["tags"], "cost": "12"}, "sku": {**found["sku"], "capacity": count}}
    arm("PATCH", scale_set_id, changed)
    arm("PUT", f"{scale_set_id}/extensions/Monitor", {"properties": AGENT})


def test_in_a_python_program(make_project: Callable[[str], Project]) -> None:
    """The preview of another change names each of the three and the instances that go; the update does just that."""
    several = SeveralSets.make(make_project("linux-script"))
    several.write({"web": linux(upgrade={"mode": "Manual"})})
    several.up()
    others(several.project.arm, several.scale_set_id("web"))
    several.write({"web": linux(upgrade={"mode": "Manual"}, userData="color=blue")})

    told = several.preview()["web"]
    several.up()

    left = several.project.arm("GET", several.scale_set_id("web"))
    assert re.findall("T16: .*", told) == TOLD
    assert "deleted: sku.capacity 4 -> 2" in told
    assert (left.get("identity", {}).get("type", "None"), "cost" in left["tags"], left["sku"]["capacity"]) == ("None", False, 2)
    assert "extensionProfile" not in left["properties"]["virtualMachineProfile"]


def test_in_a_yaml_program(tmp_path: Path, request: pytest.FixtureRequest) -> None:
    """Through the plugin the same is told."""
    run: Callable[..., Run] = request.getfixturevalue("pulumi")
    (tmp_path / "Pulumi.yaml").write_text(COMPONENTS)
    (tmp_path / "install.sh").write_text("#!/bin/sh\n")
    assert [run(*words.split()).code for words in ("stack init test", "up --yes --skip-preview")] == [0, 0]
    store = Store(workspace.azure_file(tmp_path / "home"))

    def arm(method: str, path: str, body: Json | None = None) -> Json:
        answer = Azure(store).handle(Request(method, path, {"api-version": "2024-11-01"}, body))
        assert answer.status < 400, answer.body
        return answer.body or {}

    (scale_set_id,) = [each["id"] for each in store.resources(resource_type=SCALE_SET)]
    others(arm, scale_set_id)
    (tmp_path / "Pulumi.yaml").write_text(COMPONENTS.replace("      capacity: 3", "      capacity: 3\n      userData: color=blue"))

    preview = run("preview")

    assert preview.code == 0, preview.output
    assert list(dict.fromkeys(re.findall("T16: .*", preview.output))) == TOLD  # the first is printed as it comes, too
    assert "deleted: sku.capacity 5 -> 3" in preview.output
