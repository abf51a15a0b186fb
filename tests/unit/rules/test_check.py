"""The checks as callers see them: order, paths, valid models, and what a message never holds."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from azure_scaleset.rules import UNKNOWN, Problem, Severity, check, check_extension
from tests.unit.rules.cases.case import REMOVED, edited
from tests.unit.rules.cases.models import (
    CUSTOM_SCRIPT,
    CUSTOM_SCRIPT_WINDOWS,
    DSC,
    EXTENSIONS,
    HEALTH,
    LINUX,
    OS,
    PROFILE,
    WINDOWS,
    encoded,
)

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


MARK = "s3cret"
SENSITIVE = ("adminPassword", "customData", "userData", "protectedSettings")
SHAPES = (
    MARK,
    "Passw0rd" + MARK,
    encoded(MARK),
    encoded(encoded(f"#!{MARK}")),
    encoded(MARK * 20_000),
    f"powershell -File {MARK}.ps1",
    f"echo “{MARK}”",
    [f"https://{MARK}.example/{MARK}?sig={MARK * 8}"] * 2,
    {MARK: MARK},
    [MARK],
)


def sensitive_values(value: Any, path: str = "", inside: bool = False) -> Iterator[str]:
    """The paths of all that is sensitive in *value*, parts of it included."""
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in pairs:
        place = f"{path}[{key}]" if isinstance(key, int) else f"{path}.{key}".removeprefix(".")
        of_secret = inside or key in SENSITIVE
        if of_secret:
            yield place
        yield from sensitive_values(inner, place, of_secret)


FULL = edited(WINDOWS, {f"{PROFILE}.userData": encoded("a"), f"{OS}.customData": encoded("a")})
SECRETIVE = [
    edited(
        FULL,
        {
            EXTENSIONS: [
                edited(CUSTOM_SCRIPT, {"protectedSettings": {**protected, "fileUris": ["https://x.example/a.sh"]}, "settings": {}}),
                edited(
                    CUSTOM_SCRIPT_WINDOWS, {"protectedSettings": {**protected, "fileUris": ["https://x.example/a.ps1"]}, "settings": {}}
                ),
                edited(DSC, {"protectedSettings": {"configurationArguments": {"port": "1"}, "configurationUrlSasToken": "x"}}),
            ]
        },
    )
    for protected in (
        {"commandToExecute": "true", "storageAccountName": "a", "storageAccountKey": "a"},
        {"script": encoded("true"), "managedIdentity": {"clientId": "a"}},
    )
]
SECRETIVE += [edited(model, {f"{OS}.linuxConfiguration": {}, f"{OS}.windowsConfiguration": REMOVED}) for model in SECRETIVE]


@pytest.mark.parametrize("model", SECRETIVE)
@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: str(shape)[:20])
def test_messages_hold_no_secret(model: Any, shape: Any) -> None:
    """Wherever something sensitive is wrong, and however, neither message nor mend shows it."""
    for path in sensitive_values(model):
        problems = check(edited(model, {path: shape}))

        assert problems
        # Names of keys are shown, and so is one that is made of the mark.
        shown = [problem for problem in problems if isinstance(shape, dict) is False or problem.path.rpartition(".")[2] != MARK]
        assert not [problem for problem in shown if MARK in problem.message + problem.mend]


def test_known_password_is_not_shown() -> None:
    """It is refused without being told."""
    problems = check(edited(WINDOWS, {f"{OS}.adminPassword": "P@$$w0rd"}))

    assert [problem.rule for problem in problems] == ["N11"]
    assert "P@$$w0rd" not in problems[0].message + problems[0].mend


def test_signature_in_public_settings_is_not_shown() -> None:
    """The path tells where it is."""
    address = f"https://x.example/f?sig={MARK}{'a' * 43}"
    problems = check(edited(LINUX, {EXTENSIONS: [edited(CUSTOM_SCRIPT, {"settings.fileUris": [address], "protectedSettings": REMOVED})]}))

    assert [problem.rule for problem in problems] == ["CL13"]
    assert MARK not in problems[0].message + problems[0].mend
