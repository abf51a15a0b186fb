"""How errors are told."""

import subprocess

import pytest
import typer
from azure.core.exceptions import AzureError, ClientAuthenticationError, ServiceRequestError

from azure_scaleset.commands.app import reported
from azure_scaleset.commands.failure import CommandError
from azure_scaleset.rollout.arm import ArmError


@pytest.mark.parametrize(
    ("error", "line"),
    [
        (CommandError("Given x. Expected y."), "Given x. Expected y."),
        (
            ArmError(403, "AuthorizationFailed", "The client has no right.\nMore."),
            "Azure refused: AuthorizationFailed: The client has no right. "
            "Next: give who is signed in the role Virtual Machine Contributor on the resource group.",
        ),
        (ArmError(500, "InternalServerError", "Sorry."), "Azure refused: InternalServerError: Sorry."),
        (
            ClientAuthenticationError("No credential.\nAttempted: …"),
            "Signing in failed: No credential. Next: az login, or set AZURE_CLIENT_ID, AZURE_TENANT_ID and AZURE_CLIENT_SECRET.",
        ),
        (ServiceRequestError("Connection refused"), "Azure doesn't answer: Connection refused"),
        (AzureError("Broken"), "Azure doesn't answer: Broken"),
        (
            subprocess.CalledProcessError(1, ["pulumi", "stack", "export", "--stack", "dev"], stderr="\nerror: no stack\n"),
            "`pulumi stack export` failed: error: no stack",
        ),
    ],
)
def test_error_is_one_line_and_exit_code_2(
    error: Exception, line: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """On standard error, with the next command where there is one."""
    monkeypatch.delenv("ARM_CLIENT_ID", raising=False)

    def command() -> int:
        raise error

    with pytest.raises(typer.Exit) as end:
        reported(command)()
    assert (end.value.exit_code, capsys.readouterr()) == (2, ("", f"{line}\n"))


def test_sign_in_of_pulumi_alone_is_told(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """ARM_CLIENT_ID is azure-native's name; this command reads Azure's own."""
    monkeypatch.setenv("ARM_CLIENT_ID", "x")
    monkeypatch.delenv("AZURE_CLIENT_ID", raising=False)

    def command() -> int:
        raise ClientAuthenticationError("No credential.")

    with pytest.raises(typer.Exit):
        reported(command)()
    assert capsys.readouterr().err == (
        "Signing in failed: No credential. ARM_CLIENT_ID is for `pulumi up`. "
        "Next: export the same values as AZURE_CLIENT_ID, AZURE_TENANT_ID and AZURE_CLIENT_SECRET.\n"
    )


def test_exit_code_of_a_command_is_passed_on() -> None:
    """What it returns."""
    with pytest.raises(typer.Exit) as end:
        reported(lambda: 1)()
    assert end.value.exit_code == 1
