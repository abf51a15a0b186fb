"""`scaleset rollback`: an `up` with the inputs of the update before: its program from git, its configuration from the stack's history."""

import json
import shlex
import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer
import yaml

from azure_scaleset.commands import history, options, printing, pulumi_command, stack_file, worktree
from azure_scaleset.commands.failure import CommandError
from azure_scaleset.commands.question import agreed

_KeepDependencies = Annotated[
    bool, typer.Option("--keep-dependencies", help="Use this checkout's virtual environment instead of `pulumi install` at the commit.")
]
_PAGE = 100


def rollback(
    stack: options.OneStack,
    yes: options.Yes = False,
    config_file: options.ConfigFile = None,
    keep_dependencies: _KeepDependencies = False,
) -> int:
    """Goes back to the inputs of the update before: shows the difference and a preview, asks, and runs `pulumi up` with that commit and configuration.

    Run it in the folder of the stack's program. The checkout stays as it is.
    """
    project = Path.cwd()
    described = stack_file.load(stack_file.project_file(project))
    place = stack_file.place(described, stack)
    named = f"--stack {shlex.quote(stack)}" + (f" --config-file {shlex.quote(str(config_file))}" if config_file else "")
    again = f"scaleset rollback {named}" + " --keep-dependencies" * keep_dependencies
    with tempfile.TemporaryDirectory(prefix="scaleset-rollback-") as temporary:
        # A project of its own for the commands that read and encrypt settings: some rewrite the stack file that they find.
        scratch = _scratch(Path(temporary), project, place, config_file)
        last, wanted = history.previous(_updates(stack, scratch), stack, f"pulumi up {named}")
        assert wanted.commit is not None
        printing.line(f"From: {last.title}, {last.result}\nTo:   {wanted.title}")
        _show_difference(project, last, wanted)
        settings = _write_settings(wanted, stack, scratch, place)
        with worktree.checked_out(wanted.commit, project, Path(temporary) / "checkout") as folder:
            _prepare(folder, project, described, keep_dependencies)
            code = _carry_out(folder, scratch / place, stack, wanted, yes, again)
        if code == 0:
            printing.line(left_to_do(worktree.way_back(project, wanted.commit), last.dirty, config_file or place, settings))
        return code


def left_to_do(way_back: str | None, dirty: bool, file: Path, settings: Sequence[str]) -> str:
    """What the checkout still needs, so that the next `pulumi up` from it doesn't bring the newer inputs again.

    *way_back*: the git command that brings it to the commit; *dirty*: the last update ran with uncommitted changes; *settings*: what is other in the
    stack file *file*, a line a key.
    """
    steps = [way_back] if way_back else []
    steps += ["take the uncommitted changes back"] if dirty else []
    steps += ["\n  ".join([f"see that {file} changes like this:", *settings])] if settings else []
    if not steps:
        return "This checkout has the same inputs."
    return f"This checkout still has the newer inputs, and the next `pulumi up` from it brings them again. Next: {'; '.join(steps)}"


def _scratch(temporary: Path, project: Path, place: Path, config_file: Path | None) -> Path:
    scratch = temporary / "settings"
    (scratch / place).parent.mkdir(parents=True)
    shutil.copy(stack_file.project_file(project), scratch)
    today = config_file or project / place
    if today.exists():
        shutil.copy(today, scratch / place)
    return scratch


def _updates(stack: str, scratch: Path) -> list[history.Update]:
    words = ("stack", "history", "--json", "--page-size", str(_PAGE), "--stack", stack)
    shown = json.loads(pulumi_command.run(*words, folder=scratch))
    if any(value.get("secret") for each in shown for value in (each.get("config") or {}).values()):
        shown = json.loads(pulumi_command.run(*words, "--show-secrets", folder=scratch))
    return history.read(shown)


def _show_difference(project: Path, last: history.Update, wanted: history.Update) -> None:
    if last.dirty:
        printing.line("The last update ran with changes that are in no commit: they are undone, too.")
    for line in worktree.difference(project, last.commit or "", wanted.commit or ""):
        printing.line(line)
    lines = history.changed_settings(last.settings, wanted.settings)
    printing.line("\n  ".join(["Settings:", *lines]) if lines else "Settings: the same")


def _write_settings(wanted: history.Update, stack: str, scratch: Path, place: Path) -> list[str]:
    """Makes the stack file of *scratch* the one of the update; gives the settings that were other before, a line a key."""
    shown = json.loads(pulumi_command.run("config", "--json", "--show-secrets", "--stack", stack, folder=scratch))
    today = history.settings(shown)
    document, secrets = stack_file.rebuilt(stack_file.load(scratch / place), today, wanted.settings)
    (scratch / place).write_text(yaml.safe_dump(document, sort_keys=False))
    for key, value in secrets.items():
        # Through standard input: other users of the machine see the arguments of a process.
        pulumi_command.run("config", "set", "--secret", "--stack", stack, key, folder=scratch, given=value)
    return history.changed_settings(today, wanted.settings)


def _prepare(folder: Path, project: Path, described: dict[str, Any], keep_dependencies: bool) -> None:
    if not keep_dependencies:
        if pulumi_command.shown("install", "--no-plugins", folder=folder) != 0:
            raise CommandError(
                "The dependencies of that commit could not be installed: see above. With those of this checkout: --keep-dependencies"
            )
        return
    runtime = described.get("runtime")
    name = (runtime.get("options") or {}).get("virtualenv") if isinstance(runtime, dict) else None
    if not name or not (project / name).is_dir() or (folder / name).exists():
        return
    # A folder with links in it, not a link: what ignores a folder doesn't ignore a link, and the checkout would count as changed.
    (folder / name).mkdir(parents=True)
    for each in (project / name).iterdir():
        (folder / name / each.name).symlink_to(each.resolve() if each.is_dir() else each)


def _carry_out(folder: Path, file: Path, stack: str, wanted: history.Update, yes: bool, again: str) -> int:
    words = ("--stack", stack, "--config-file", str(file))
    if pulumi_command.shown("preview", *words, folder=folder) != 0:
        printing.complain("The preview failed: see above. Nothing was changed.")
        return 1
    if not yes and not agreed(f"Go back to the {wanted.title}?"):
        raise CommandError(f"Nothing was changed. To go back: {again} --yes")
    message = f"scaleset rollback to the update of {wanted.time}"
    if pulumi_command.shown("up", "--yes", "--skip-preview", "--message", message, *words, folder=folder) != 0:
        printing.complain(f"The update failed: see above. Next: mend the cause, then {again}")
        return 1
    return 0
