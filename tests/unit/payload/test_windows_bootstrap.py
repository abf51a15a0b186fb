"""The command lines of Custom Script for Windows. There is no Windows here: the decoded text is read, not run."""

import base64
import re

import pytest

from azure_scaleset.payload import windows_bootstrap
from azure_scaleset.payload.problems import PayloadError
from tests.unit.payload.powershell import syntax_errors

START = "powershell.exe -NoProfile -NonInteractive -ExecutionPolicy Bypass -OutputFormat Text -EncodedCommand "
URL = "https://abcdefghijklmnopqrstuvwx.blob.core.windows.net/payload/custom-script-0123456789abcdef-0123456789abcdef.zip"
DOCUMENT = 'PowerShell -ExecutionPolicy Unrestricted .\\install-iis.ps1 >> "%TEMP%\\StartupLog.txt" 2>&1'
CLIENT = "11111111-2222-3333-4444-555555555555"


def decoded(command_line: str) -> str:
    """The script inside of a command line."""
    assert command_line.startswith(START)
    return base64.b64decode(command_line.removeprefix(START)).decode("utf-16-le")


def bootstrap(command: str = DOCUMENT, minutes: int = 15) -> str:
    return windows_bootstrap.bootstrap(url=URL, sha256="ab" * 32, command=command, client_id=CLIENT, minutes=minutes)


def test_values_are_filled_in() -> None:
    """Address, digest, identity, command and time stand in the script as literal strings; no comment and no placeholder is left."""
    lines = decoded(bootstrap("echo 'it’s' $x `n")).splitlines()
    assert [line for line in lines if line.startswith(("$url =", "$sha256 =", "$id =", "$command =", "$end ="))] == [
        f"$url = '{URL}'",
        f"$sha256 = '{'ab' * 32}'",
        f"$id = '{CLIENT}'",
        "$command = 'echo ''it’’s'' $x `n'",
        "$end = (Get-Date).AddMinutes(15)",
    ]
    assert [line for line in lines if line.startswith("#") or "@" in line] == []


def test_values_cannot_name_each_other() -> None:
    """A command that looks like a placeholder of the template stays as it is."""
    assert "$command = 'x = @url@ @minutes@'" in decoded(bootstrap("x = @url@ @minutes@")).splitlines()


def test_script_does_what_the_instance_needs() -> None:
    """What 5.1 gets wrong unless it is told: errors, TLS, the proxy of the metadata service, the digest, the exit code."""
    script = decoded(bootstrap())
    for needed in (
        "$ErrorActionPreference = 'Stop'",
        "[Net.ServicePointManager]::SecurityProtocol = 'Tls12'",
        "$web.Proxy = $null\n$web.Headers['Metadata'] = 'true'\n$token",
        "api-version=2018-02-01&resource=https%3A%2F%2Fstorage.azure.com%2F&client_id=$id",
        "$web.Headers['Authorization'] = \"Bearer $token\"",
        "$web.Headers['x-ms-version'] = '2020-10-02'",
        "(Get-FileHash $zip -Algorithm SHA256).Hash -eq $sha256",
        "$step -eq 'download' -and $status -ne 0 -and $status -lt 500 -and 403, 404, 408, 429 -notcontains $status",
        "Expand-Archive $zip",
        "$process.WaitForExit()\nexit $process.ExitCode",
    ):
        assert needed in script
    assert not re.search(r"(WriteLine|Write-\w+|Fail)\(?[^\n]*\$token", script)


def test_syntax() -> None:
    """A grammar of PowerShell reads all of it; and would notice a missing bracket."""
    script = decoded(bootstrap())
    assert syntax_errors(script) == []
    assert syntax_errors(script.replace("$process.WaitForExit()", "$process.WaitForExit(")) != []


def test_command_of_the_document_fits() -> None:
    """A real address and the document's own command leave room below cmd.exe's limit."""
    assert len(bootstrap()) < 7_000


def test_command_that_is_too_long_is_refused() -> None:
    """The longest command that fits passes, one more character does not; the error says how many are too many."""
    longest = next(size for size in range(2_000, 0, -1) if _fits("x" * size))
    assert len(bootstrap("x" * longest)) <= 8_100
    with pytest.raises(PayloadError) as raised:
        bootstrap("x" * (longest + 100))
    assert raised.value.problems == [
        f"commandToExecute is {longest + 100:,} characters, about 100 too many: with the download it must fit into a command line of 8,191. "
        "Put the command into a script among the files and run that."
    ]


def _fits(command: str) -> bool:
    try:
        bootstrap(command)
    except PayloadError:
        return False
    return True


def test_inline_script() -> None:
    """A small script is the command line itself; with arguments it is called as a block, which takes its `param`."""
    assert decoded(windows_bootstrap.inline("param($a)\r\n'ü'\r\n") or "") == "param($a)\n'ü'\n"
    assert decoded(windows_bootstrap.inline("param($a)\r\n$a", "-a 'x y'") or "") == "& {\nparam($a)\n$a\n} -a 'x y'"


@pytest.mark.parametrize(
    ("script", "arguments"),
    [
        ("#" * 4_000, ""),
        ("Join-Path $PSScriptRoot x", ""),
        ("$MyInvocation.MyCommand", ""),
        ("#Requires -RunAsAdministrator", ""),
        ("using namespace System.Net\n1", "-a 1"),
    ],
)
def test_script_that_must_be_a_file(script: str, arguments: str) -> None:
    """Too long, or in need of its own path, or of a place at the top of a file: it is no command line."""
    assert windows_bootstrap.inline(script, arguments) is None
