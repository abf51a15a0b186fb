"""The checks as callers see them: order, paths, valid models, and what a message never holds."""

from pathlib import Path

import pytest
import yaml

from azure_scaleset.rules import UNKNOWN, Problem, Severity, check, check_extension
from tests.unit.rules.cases.case import REMOVED, edited
from tests.unit.rules.cases.models import CUSTOM_SCRIPT, CUSTOM_SCRIPT_WINDOWS, EXTENSIONS, HEALTH, LINUX, OS, PROFILE, WINDOWS, encoded

MODELS = sorted((Path(__file__).parents[2] / "fixtures" / "models").glob("*.yaml"))


def test_problem_is_told_whole() -> None:
    """Rule, severity, path, value and expectation, mend, source."""
    assert check(edited(LINUX, {f"{OS}.adminUsername": "root", f"{OS}.linuxConfiguration.ssh.publicKeys[0].path": REMOVED})) == [
        Problem(
            rule="N7",
            severity=Severity.ERROR,
            path="virtualMachineProfile.osProfile.adminUsername",
            message="adminUsername is 'root'. Expected a name that Azure doesn't reserve; root, admin, user, test and the like are.",
            mend="Take another name, as azureuser.",
            source="SDK34; Azure/azure-cli#582",
        )
    ]


def test_errors_come_before_warnings_each_in_order_of_path() -> None:
    """Elements of a list are ordered by number, not as text."""
    extensions = [{"name": f"e{index}", "publisher": "Contoso", "type": f"T{index}", "typeHandlerVersion": "1.0"} for index in range(11)]
    wrong = {f"{EXTENSIONS}[{index}].typeHandlerVersion": "1.0.0" for index in (10, 2)}
    model = edited(
        LINUX, {EXTENSIONS: extensions}, wrong, {"orchestrationMode": REMOVED, "overprovision": True, "sku.tier": "Basic", "zones": ["4"]}
    )

    assert [(problem.severity.value, problem.path) for problem in check(model)] == [
        ("error", f"{EXTENSIONS}[2].typeHandlerVersion"),
        ("error", f"{EXTENSIONS}[10].typeHandlerVersion"),
        ("error", "zones[0]"),
        ("warning", "orchestrationMode"),
        ("warning", "sku.tier"),
    ]


@pytest.mark.parametrize("file", MODELS, ids=lambda file: file.stem)
def test_models_that_azure_accepts_have_no_error(file: Path) -> None:
    """An error on one of them is a false alarm."""
    model = yaml.safe_load(file.read_text(encoding="utf-8"))["inputs"]

    assert [problem for problem in check(model) if problem.severity is Severity.ERROR] == []


def test_there_are_models_that_azure_accepts() -> None:
    """The promise is for at least 60."""
    assert len(MODELS) >= 60


def test_extension_problem_has_the_path_in_the_model() -> None:
    """Rules of one extension speak of it wherever it is."""
    model = edited(LINUX, {EXTENSIONS: [{**CUSTOM_SCRIPT, "typeHandlerVersion": "2"}]})

    assert [problem.path for problem in check(model)] == [f"{EXTENSIONS}[0].typeHandlerVersion"]


def test_extension_of_its_own_is_checked_with_its_scale_set() -> None:
    """A second Custom Script, for the wrong system, and what the scale set lacks."""
    model = edited(LINUX, {EXTENSIONS: [CUSTOM_SCRIPT]})
    second = {**{key: value for key, value in CUSTOM_SCRIPT.items() if key != "name"}, "vmssExtensionName": "Second"}

    assert [(problem.rule, problem.path) for problem in check_extension(second, model)] == [("X1", "")]
    assert [(problem.rule, problem.path) for problem in check_extension({**CUSTOM_SCRIPT_WINDOWS, "name": "Other"}, model)] == [
        ("X5", "type")
    ]
    assert check_extension({**HEALTH, "provisionAfterExtensions": ["script"]}, model) == []


def test_extension_of_its_own_waits_for_one_that_exists() -> None:
    """The names are those of the model."""
    after = {**HEALTH, "provisionAfterExtensions": ["Script"]}

    assert [(problem.rule, problem.path) for problem in check_extension(after, LINUX)] == [("X3", "provisionAfterExtensions[0]")]
    assert check_extension(after, edited(LINUX, {EXTENSIONS: UNKNOWN})) == []


SECRETS = {
    "password": edited(WINDOWS, {f"{OS}.adminPassword": "s3cret"}),
    "known password": edited(WINDOWS, {f"{OS}.adminPassword": "P@$$w0rd"}),
    "custom data": edited(LINUX, {f"{OS}.customData": "s3cret!"}),
    "long custom data": edited(LINUX, {f"{OS}.customData": encoded("s3cret" * 20_000)}),
    "user data": edited(LINUX, {f"{PROFILE}.userData": "s3cret!"}),
    "storage": edited(
        LINUX,
        {EXTENSIONS: [edited(CUSTOM_SCRIPT, {"protectedSettings": {"storageAccountKey": "s3cret!", "storageAccountName": "s3cret!"}})]},
    ),
    "types": edited(
        LINUX,
        {EXTENSIONS: [edited(CUSTOM_SCRIPT, {"protectedSettings": {"script": "s3cret!", "fileUris": "s3cret", "timestamp": "s3cret"}})]},
    ),
    "signature": edited(LINUX, {EXTENSIONS: [edited(CUSTOM_SCRIPT, {"settings.fileUris": [f"https://x.example/f?sig=s3cret{'a' * 43}"]})]}),
    "names": edited(
        LINUX, {EXTENSIONS: [edited(CUSTOM_SCRIPT, {"protectedSettings.fileUris": ["https://x/a?sig=s3cret", "https://y/a?sig=s3cret"]})]}
    ),
}


@pytest.mark.parametrize("name", SECRETS)
def test_messages_hold_no_secret(name: str) -> None:
    """Something is wrong with each, and neither message nor mend shows its value."""
    problems = check(SECRETS[name])

    assert problems
    assert not [problem for problem in problems if any(value in problem.message + problem.mend for value in ("s3cret", "P@$$w0rd"))]
