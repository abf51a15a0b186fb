"""The components in process and through the plugin: what Azure gets is the same, and so is what people are told."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from offline import https_server
from tests.engine.project import PASSWORD, Project, home
from tests.engine.requests_compared import Sent, differences, planned, sent
from tests.engine.yaml_project import YamlProject, keys_of
from tools import demo_image, stack_copy


def both(root: Path, stack: str, act: Callable[[Project], Any]) -> list[Any]:
    """What *act* gives for the stack's program with the components in process, and for the one with the plugin, each on an empty Azure."""
    results = []
    for name, kind in (("process", Project), ("plugin", YamlProject)):
        folder = root / name
        home(folder).mkdir(parents=True)
        with https_server.running(home(folder)) as server:
            project = kind.make(folder, stack, server)
            if stack == demo_image.STACK:
                demo_image.capture(home(folder), project.environment)
            results.append(act(project))
    return results


@pytest.mark.parametrize("stack", stack_copy.names())
def test_azure_gets_the_same(tmp_path: Path, stack: str) -> None:
    """The preview of an empty stack plans the same inputs, unknown and secret ones in the same places; `up` sends the same bodies; the
    next preview has nothing to do; the secret isn't in the state."""

    def deploy(project: Project) -> tuple[dict[str, Any], Sent, bool, bool]:
        plan = planned(project.pulumi("preview", "--json").stdout)
        project.up()
        return plan, sent(project), project.preview() == [], PASSWORD in project.state()

    (plan, bodies, unchanged, leaked), through_plugin = both(tmp_path, stack, deploy)
    assert differences(plan, through_plugin[0]) == []
    assert differences(bodies, through_plugin[1]) == []
    assert len(bodies) >= 5
    assert (unchanged, leaked) == through_plugin[2:] == (True, False)


def told(project: Project) -> set[str]:
    """The lines of a preview's diagnostics that are about the scale set: the engine frames them otherwise when the plugin sends them."""
    output = project.pulumi("preview", "--json", check=False).stdout
    lines = (line.strip() for each in json.loads(output)["diagnostics"] for line in str(each.get("message", "")).splitlines())
    return {line for line in lines if "before hook" not in line and any(word in line for word in ("instances", "Azure", "ignoreRules"))}


def test_people_are_told_the_same(tmp_path: Path) -> None:
    """What an edit does to the instances, what Azure would refuse, and which arguments are wrong, by their paths."""

    def write(project: Project, **keys: Any) -> None:
        if isinstance(project, YamlProject):
            project.write({**keys_of(project.stack), **keys})
        else:
            project.configure(**keys)

    def speak(project: Project) -> list[set[str]]:
        project.up()
        project.edit("apps/linux-script/workserver.py", "Healthy", "healthy")
        edited = told(project)
        write(project, computerNamePrefix="other")
        refused = told(project)
        return [edited, refused]

    in_process, through_plugin = both(tmp_path, "linux-script", speak)
    assert [sorted(lines) for lines in through_plugin] == [sorted(lines) for lines in in_process]
    assert any("runs it again with the new settings" in message for message in in_process[0])
    assert any("computerNamePrefix web -> other" in message for message in in_process[1])
