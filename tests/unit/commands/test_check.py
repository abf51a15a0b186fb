"""`scaleset check`."""

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from azure_scaleset.commands.app import run
from azure_scaleset.commands.checked_file import resources_in
from azure_scaleset.rules.stack_check import check_stack
from azure_scaleset.rules.value import UNKNOWN as NOT_KNOWN
from tests.unit.commands.previews import SECRET, UNKNOWN, created, preview, state, step, urn

PROFILE = "virtualMachineProfile"
WRONG = {"scaleInPolicy": {"rules": ["YoungestVM"]}}


MODEL = Path(__file__).parents[2] / "fixtures" / "models" / "rest-boot-diagnostics.yaml"


def model(**more: Any) -> dict[str, Any]:
    """A set that Azure accepts, with *more* inputs."""
    inputs: dict[str, Any] = yaml.safe_load(MODEL.read_text(encoding="utf-8"))["inputs"]
    return inputs | more


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "300")
    return tmp_path


def write(folder: Path, document: Any, name: str = "file.json") -> str:
    """A file with *document*."""
    (folder / name).write_text(json.dumps(document))
    return name


def rules(document: Any) -> list[tuple[str, str, str]]:
    """Resource, rule and path of each error in *document*."""
    found = resources_in(document)
    assert found is not None
    return [
        (each.resource.name, each.problem.rule, each.problem.path) for each in check_stack(found) if each.problem.severity.value == "error"
    ]


def test_nothing_wrong(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Exit code 0 and a line."""
    name = write(folder, preview(created("set", "web", model())))

    assert run(["check", name]) == 0
    assert capsys.readouterr().out.splitlines()[-1].startswith("0 errors, ")


def test_an_error_is_in_the_table(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """With severity, rule, resource, property and mend; exit code 1."""
    name = write(folder, preview(created("set", "web", {**model(), **WRONG})))

    assert run(["check", name]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].split("  ", 3)[:3] == ["severity", "rule", "resource"]
    assert lines[1].split()[:4] == ["error", "R5", "web", "scaleInPolicy.rules[0]"]
    assert lines[-1].startswith("1 error, ")


def test_nothing_is_cut_off_on_a_narrow_terminal(folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a path and a value that are longer than a column each character is there; the path is broken at its dots."""
    monkeypatch.setenv("COLUMNS", "60")
    inputs = model()
    user = inputs["virtualMachineProfile"]["osProfile"]
    user["adminUsername"] = "user-" * 15
    name = write(folder, preview(created("set", "web", inputs)))

    assert run(["check", name]) == 1
    printed = capsys.readouterr().out
    assert max(map(len, printed.splitlines())) <= 60
    whole = "".join(printed.split())
    assert f"{PROFILE}.osProfile.adminUsername" in whole
    assert "adminUsername" in printed.split(), "broken at a dot, not within the name"
    assert "user-" * 15 in whole


def test_json(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """One document: what was checked, and the problems."""
    name = write(folder, preview(created("set", "web", {**model(), **WRONG})))

    assert run(["check", name, "--output", "json"]) == 1
    document = json.loads(capsys.readouterr().out)
    assert document["checked"] == [{"file": name, "resource": "web", "type": "Microsoft.Compute/virtualMachineScaleSets"}]
    assert [each for each in document["problems"] if each["severity"] == "error"] == [
        {
            "file": name,
            "resource": "web",
            "type": "Microsoft.Compute/virtualMachineScaleSets",
            "rule": "R5",
            "severity": "error",
            "path": "scaleInPolicy.rules[0]",
            "message": "rules[0] is 'YoungestVM'. Expected Default, OldestVM or NewestVM.",
            "mend": "Take one of the three.",
            "source": "SDK34",
        }
    ]


def test_an_ignored_rule(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Is counted and not told, whatever its letter case; exit code 0."""
    name = write(folder, preview(created("set", "web", {**model(), **WRONG})))

    assert run(["check", name, "--ignore", "r5"]) == 0
    assert capsys.readouterr().out.rstrip().endswith("; 1 ignored.")


@pytest.mark.parametrize(
    ("content", "words", "line"),
    [
        ("{}", [], "file.json is none of the documents that can be checked."),
        ("[1", [], "file.json is no JSON: "),
        (None, [], "file.json can't be read: No such file or directory."),
        ("[]", ["--ignore", "R99"], "--ignore R99: there is no such rule."),
    ],
)
def test_what_can_not_be_done(content: str | None, words: list[str], line: str, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Exit code 2 and a line on standard error."""
    if content is not None:
        (folder / "file.json").write_text(content)

    assert run(["check", "file.json", *words]) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.startswith(line)


def test_secrets_and_unknowns_of_a_preview_are_unknown() -> None:
    """The placeholder, the engine's mark, and the text for what isn't known yet."""
    marked = {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", "ciphertext": "v1:x"}
    inputs = {"a": SECRET, "b": [marked, UNKNOWN], "c": {"d": 1}}

    (found,) = resources_in(preview(created("set", "web", inputs))) or []

    assert found.inputs == {"a": NOT_KNOWN, "b": [NOT_KNOWN, NOT_KNOWN], "c": {"d": 1}}


def test_a_secret_that_is_wrong_is_not_printed(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A password in plain in a template: its rule is told, its value is not."""
    inputs = model()
    inputs[PROFILE]["osProfile"] |= {"adminPassword": "hunter2"}
    body = {"type": "Microsoft.Compute/virtualMachineScaleSets", "name": "web", "properties": inputs}

    assert run(["check", write(folder, body)]) == 1
    told = capsys.readouterr()
    assert f"{PROFILE}.osProfile.adminPassword" in told.out
    assert "hunter2" not in told.out + told.err


def test_resources_that_go_are_not_checked() -> None:
    """A deletion is no model that is sent."""
    wrong = {**model(), **WRONG}

    assert rules(preview(step("delete", state("set", "web", wrong), None), step("discard", None, state("set", "old", wrong)))) == []


def test_an_exported_stack() -> None:
    """As `pulumi stack export` writes it."""
    exported = {"version": 3, "deployment": {"resources": [state("set", "web", {**model(), **WRONG})]}}

    assert rules(exported) == [("web", "R5", "scaleInPolicy.rules[0]")]


def test_related_resources_are_found_by_id() -> None:
    """A set's health probe that no rule of its balancer uses: an error of the two together."""
    base = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Network/loadBalancers/lb"
    inputs = model()
    network = inputs[PROFILE]["networkProfile"]
    network["healthProbe"] = {"id": f"{base}/probes/p"}
    address = network["networkInterfaceConfigurations"][0]["ipConfigurations"][0]
    address["loadBalancerBackendAddressPools"] = [{"id": f"{base}/backendAddressPools/b"}]
    balancer = {
        "loadBalancerName": "lb",
        "sku": {"name": "Standard"},
        "probes": [{"name": "p", "port": 80, "protocol": "Tcp"}],
        "loadBalancingRules": [],
    }

    found = rules(preview(created("set", "web", inputs), created("balancer", "front", balancer)))

    assert ("web", "L2", f"{PROFILE}.networkProfile.healthProbe.id") in found
    assert rules(preview(created("set", "web", inputs))) == []


def test_related_resources_are_found_before_there_are_ids() -> None:
    """By what their inputs come from: the set that an autoscale setting targets. The problem is one of the setting."""
    setting = {"targetResourceUri": UNKNOWN, "profiles": [{"capacity": {"minimum": "1", "maximum": "300", "default": "1"}}]}
    steps = [
        created("set", "web", model(singlePlacementGroup=True)),
        created("autoscale", "auto", setting, uses={"targetResourceUri": [urn("set", "web")]}),
    ]

    assert ("auto", "A3", "profiles[0].capacity.maximum") in rules(preview(*steps))
    assert [each for each in rules(preview(steps[0], created("autoscale", "auto", setting))) if each[1] == "A3"] == []


def test_the_subnet_of_a_network() -> None:
    """Too small for the instances: a problem of the network, in its subnet."""
    id = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Network/virtualNetworks/net/subnets/small"
    inputs = model()
    inputs[PROFILE]["networkProfile"]["networkInterfaceConfigurations"][0]["ipConfigurations"][0]["subnet"] = {"id": id}
    network = {"virtualNetworkName": "net", "subnets": [{"name": "other"}, {"name": "small", "addressPrefix": "10.0.0.0/29"}]}

    assert ("net", "S11", "subnets[1].addressPrefix") in rules(preview(created("set", "web", inputs), created("network", "net", network)))


def test_what_azure_accepts_is_accepted_from_every_form() -> None:
    """As a listing of bodies, too."""
    bodies = [{"type": "Microsoft.Compute/virtualMachineScaleSets", "name": "web", "properties": model()}]

    assert rules(model()) == rules(bodies) == rules({"value": bodies}) == rules(bodies[0]) == []
