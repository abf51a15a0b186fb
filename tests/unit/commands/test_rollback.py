"""`scaleset rollback` with a `pulumi` that only notes what it is asked, and a real git repository."""

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

from azure_scaleset.commands.failure import CommandError
from azure_scaleset.commands.rollback import left_to_do, rollback

PULUMI = """#!/bin/sh
echo "$(pwd -P | sed "s#$FAKE/[^ ]*#TEMPORARY#; s#.*scaleset-rollback-[^/]*#TEMPORARY#") $1 $2" >> "$FAKE/calls"
case "$1 $2" in
  "stack history") cat "$FAKE/history.json" ;;
  "config --json") echo '{"tiny:word": {"value": "b", "secret": false}}' ;;
  "config set") cat > "$FAKE/secret" ;;
  "$FAILS "*) exit 1 ;;
  "up "*) cp Pulumi.yaml "$FAKE/program"; while [ $# -gt 0 ]; do [ "$1" = --config-file ] && cp "$2" "$FAKE/settings"; shift; done ;;
esac
exit 0
"""


class Repository:
    """A program in git with two commits, and the history of a stack that ran both."""

    def __init__(self, root: Path, patch: pytest.MonkeyPatch) -> None:
        self.fake = root / "fake"
        self.folder = root / "program"
        for folder in (self.fake, self.folder):
            folder.mkdir()
        (self.fake / "pulumi").write_text(PULUMI)
        (self.fake / "pulumi").chmod(0o755)
        patch.setenv("PATH", f"{self.fake}{os.pathsep}{os.environ['PATH']}")
        patch.setenv("FAKE", str(self.fake))
        patch.setenv("FAILS", "nothing")
        patch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
        patch.chdir(self.folder)
        self.git("init", "--quiet")
        (self.folder / "Pulumi.dev.yaml").write_text("encryptionsalt: v1:salt\nconfig:\n  tiny:word: b\n")
        self.commits = [self.commit("one"), self.commit("two")]
        self.write_history()

    def git(self, *words: str) -> str:
        """What a git command prints."""
        return subprocess.run(["git", *words], cwd=self.folder, check=True, capture_output=True, text=True).stdout

    def commit(self, text: str) -> str:
        """Commits a program; gives the commit."""
        (self.folder / "Pulumi.yaml").write_text(f"name: tiny # {text}\n")
        self.git("add", "--all")
        self.git("-c", "user.name=x", "-c", "user.email=x@example.com", "commit", "--quiet", "--message", text)
        return self.git("rev-parse", "HEAD").strip()

    def write_history(self, **environment: str) -> None:
        """The history: the second commit after the first, whose environment has what is given besides."""
        entry: dict[str, Any] = {"kind": "update", "result": "succeeded", "startTime": "today", "config": {}}
        old = {
            **entry,
            "startTime": "yesterday",
            "environment": {"git.head": self.commits[0], **environment},
            "config": {"tiny:word": {"value": "a", "secret": False}, "tiny:password": {"value": "s1", "secret": True}},
        }
        (self.fake / "history.json").write_text(json.dumps([{**entry, "environment": {"git.head": self.commits[1]}}, old]))

    @property
    def calls(self) -> list[str]:
        """What pulumi was asked, and in which folder."""
        return (self.fake / "calls").read_text().splitlines()


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Repository:
    """The repository, in whose folder the test is."""
    return Repository(tmp_path, monkeypatch)


def test_up_gets_the_program_and_the_settings_of_then(repository: Repository) -> None:
    """The commit's files, the history's settings, secrets through standard input; no file of the checkout changes and no worktree stays."""
    assert rollback("dev", yes=True) == 0

    assert repository.calls == [
        "TEMPORARY/settings stack history",
        "TEMPORARY/settings stack history",
        "TEMPORARY/settings config --json",
        "TEMPORARY/settings config set",
        "TEMPORARY/checkout install --no-plugins",
        "TEMPORARY/checkout preview --stack",
        "TEMPORARY/checkout up --yes",
    ]
    assert (repository.fake / "program").read_text() == "name: tiny # one\n"
    assert (repository.fake / "settings").read_text() == "encryptionsalt: v1:salt\nconfig:\n  tiny:word: a\n"
    assert (repository.fake / "secret").read_text() == "s1"
    assert (repository.git("status", "--short"), len(repository.git("worktree", "list").splitlines())) == ("", 1)


def test_difference_is_shown_and_what_is_left_to_do(repository: Repository, capfd: pytest.CaptureFixture[str]) -> None:
    """Commits, files and settings before the preview; how to bring the checkout along, after it."""
    rollback("dev", yes=True)
    old, new = repository.commits

    assert capfd.readouterr().out.splitlines() == [
        f"From: update of today, commit {new[:10]}, succeeded",
        f"To:   update of yesterday, commit {old[:10]}",
        "Commits that are undone:",
        f"  {new[:7]} two",
        "Files:",
        "  Pulumi.yaml | 2 +-",
        "  1 file changed, 1 insertion(+), 1 deletion(-)",
        "Settings:",
        "  tiny:password: (not set) -> (secret)",
        "  tiny:word: (not set) -> a",
        "This checkout still has the newer inputs, and the next `pulumi up` from it brings them again. Next: "
        f"git revert --no-edit {old}..HEAD; see that Pulumi.dev.yaml changes like this:",
        "  tiny:password: (not set) -> (secret)",
        "  tiny:word: b -> a",
    ]


def test_commits_come_back_when_a_rollback_is_rolled_back(repository: Repository, capfd: pytest.CaptureFixture[str]) -> None:
    """The last update ran an older commit than the one before. Settings that the update had and the stack file has not are told, although both updates had the same."""
    old, new = repository.commits
    entry = {"kind": "update", "result": "succeeded", "config": {"tiny:word": {"value": "a", "secret": False}}}
    updates = [{**entry, "startTime": time, "environment": {"git.head": head}} for time, head in (("today", old), ("yesterday", new))]
    (repository.fake / "history.json").write_text(json.dumps(updates))
    rollback("dev", yes=True, config_file=repository.folder / "Pulumi.dev.yaml")

    assert capfd.readouterr().out.splitlines()[2:] == [
        "Commits that come back:",
        f"  {new[:7]} two",
        "Files:",
        "  Pulumi.yaml | 2 +-",
        "  1 file changed, 1 insertion(+), 1 deletion(-)",
        "Settings: the same",
        "This checkout still has the newer inputs, and the next `pulumi up` from it brings them again. Next: "
        f"see that {repository.folder / 'Pulumi.dev.yaml'} changes like this:",
        "  tiny:word: b -> a",
    ]


def test_checkout_that_has_the_inputs_needs_nothing(repository: Repository, capfd: pytest.CaptureFixture[str]) -> None:
    """The revert was committed before the rollback: only the settings are left; from another branch, the files are."""
    repository.git("checkout", "--quiet", repository.commits[0])
    rollback("dev", yes=True)
    same = capfd.readouterr().out.splitlines()[-3]
    repository.git("checkout", "--quiet", "--orphan", "other")
    repository.commit("three")
    rollback("dev", yes=True)
    other = capfd.readouterr().out.splitlines()[-3]

    beginning = "This checkout still has the newer inputs, and the next `pulumi up` from it brings them again. Next: "
    assert same == f"{beginning}see that Pulumi.dev.yaml changes like this:"
    assert other == f"{beginning}git restore --source {repository.commits[0]} -- .; see that Pulumi.dev.yaml changes like this:"


def test_nothing_left_to_do() -> None:
    """Commit and settings are those of the update."""
    assert left_to_do(None, False, Path("Pulumi.dev.yaml"), []) == "This checkout has the same inputs."


def test_nothing_is_changed_without_a_yes(repository: Repository) -> None:
    """Without a terminal nobody can be asked: the preview is shown, `up` is not run."""
    with pytest.raises(CommandError, match=r"^Nothing was changed\. To go back: scaleset rollback --stack dev --yes$"):
        rollback("dev")
    assert repository.calls[-1] == "TEMPORARY/checkout preview --stack"


def test_next_command_repeats_what_was_given(
    repository: Repository, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """Nobody said yes; the update failed; it has to be done by hand: each with the options that were given and belong to it."""
    file = repository.folder / "Pulumi.dev.yaml"
    again = f"scaleset rollback --stack dev --config-file {file} --keep-dependencies"
    with pytest.raises(CommandError) as refusal:
        rollback("dev", config_file=file, keep_dependencies=True)
    assert str(refusal.value) == f"Nothing was changed. To go back: {again} --yes"

    monkeypatch.setenv("FAILS", "up")
    assert rollback("dev", yes=True, config_file=file, keep_dependencies=True) == 1
    assert capfd.readouterr().err == f"The update failed: see above. Next: mend the cause, then {again}\n"

    repository.write_history(**{"git.dirty": "true"})
    with pytest.raises(CommandError, match=f"By hand: restore the files as they were then, pulumi up --stack dev --config-file {file}$"):
        rollback("dev", yes=True, config_file=file, keep_dependencies=True)


@pytest.mark.parametrize("word", ["preview", "up"])
def test_failure_of_pulumi_is_exit_code_1(repository: Repository, monkeypatch: pytest.MonkeyPatch, word: str) -> None:
    """A preview that fails is not followed by an update; the worktree goes in any case."""
    monkeypatch.setenv("FAILS", word)
    assert rollback("dev", yes=True) == 1
    assert repository.calls[-1].split()[1] == word
    assert len(repository.git("worktree", "list").splitlines()) == 1


def test_dirty_tree_of_then_is_refused_before_anything(repository: Repository) -> None:
    """Pulumi is asked for the history alone."""
    repository.write_history(**{"git.dirty": "true"})
    with pytest.raises(CommandError, match="ran with changes that were in no commit"):
        rollback("dev", yes=True)
    assert {call.split(" ", 1)[1] for call in repository.calls} == {"stack history"}


def test_commit_that_is_not_here_is_refused(repository: Repository) -> None:
    """It may be on a branch that was not fetched."""
    repository.write_history(**{"git.head": "0" * 40})
    with pytest.raises(CommandError, match=f"^The commit {'0' * 40} is not in this repository. Next: git fetch"):
        rollback("dev", yes=True)


def test_dependencies_of_the_checkout_are_linked(repository: Repository, tmp_path: Path) -> None:
    """With --keep-dependencies the virtual environment that Pulumi.yaml names is there at the commit, too, and nothing is installed."""
    (repository.folder / "venv" / "bin").mkdir(parents=True)
    (repository.folder / "venv" / "pyvenv.cfg").write_text("")
    (repository.folder / ".gitignore").write_text("/venv/\n")
    (repository.folder / "Pulumi.yaml").write_text("name: tiny\nruntime:\n  name: python\n  options:\n    virtualenv: venv\n")
    script = (repository.fake / "pulumi").read_text()
    (repository.fake / "pulumi").write_text(script.replace('"up "*)', '"up "*) ls venv > "$FAKE/linked";'))

    assert rollback("dev", yes=True, keep_dependencies=True) == 0
    assert (repository.fake / "linked").read_text().split() == ["bin", "pyvenv.cfg"]
    assert not [call for call in repository.calls if " install " in call]
    assert (repository.folder / "venv" / "pyvenv.cfg").exists()
