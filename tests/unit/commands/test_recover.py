"""The words of `scaleset recover`."""

import os
from pathlib import Path

import pytest

from azure_scaleset.cli import main

PULUMI = """#!/bin/sh
echo "$*" >> "$FAKE/calls"
case "$1 $2" in
  "whoami --json") echo '{"url": "https://api.pulumi.com"}' ;;
  "stack history") echo '[]' ;;
  "stack export") echo '{"version": 3, "deployment": {"resources": []}}' ;;
esac
"""


@pytest.fixture
def calls(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where a `pulumi` that comes first on PATH notes what it is asked."""
    (tmp_path / "pulumi").write_text(PULUMI)
    (tmp_path / "pulumi").chmod(0o755)
    monkeypatch.setenv("FAKE", str(tmp_path))
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("ARM_SUBSCRIPTION_ID", "s")
    return tmp_path / "calls"


def test_further_words_go_to_the_refresh(calls: Path) -> None:
    """Options that the command doesn't know, with their values."""
    assert main(["recover", "-y", "-s", "dev", "--config-file", "other.yaml", "--parallel=2"]) == 0
    assert calls.read_text().splitlines() == [
        "cancel --yes --stack dev",
        "whoami --json --non-interactive",
        "stack export --stack dev --non-interactive",
        "stack history --json --stack dev --non-interactive",
        "refresh --yes --skip-preview --stack dev --config-file other.yaml --parallel=2",
    ]


def test_nothing_is_done_without_a_yes(calls: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Nobody is at a terminal: exit code 2, and the command that does it."""
    assert main(["recover", "--stack", "dev"]) == 2
    assert capsys.readouterr().err == "Nothing was done. When no update is running: scaleset recover --yes --stack dev\n"
    assert not calls.exists()


def test_subscription_is_needed(calls: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """The names of what was begun are found in it."""
    monkeypatch.delenv("ARM_SUBSCRIPTION_ID")
    assert main(["recover", "--yes", "--stack", "dev"]) == 2
    assert capsys.readouterr().err == (
        "ARM_SUBSCRIPTION_ID is not set. Expected the subscription that `pulumi up` deployed to: export ARM_SUBSCRIPTION_ID=…\n"
    )
    assert not calls.exists()
