"""`python -m tools.pr_preview BASE [STACK …]`: what the working tree changes against a commit, as the comment of a pull request, on the offline Azure.

Each stack is deployed as BASE has it, program, components and files, on an Azure of its own; then the working tree is previewed on it. Nothing in the
checkout is written.
"""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import yaml

from azure_scaleset.commands.failure import CommandError
from azure_scaleset.commands.worktree import checked_out, git
from offline import https_server, workspace
from tools import demo_image, pr_comment, stack_copy
from tools.errors import SetupError


def main(base: str, stacks: list[str]) -> str:
    """The comment. Raises `CommandError` for a commit that isn't there, SetupError for a stack that isn't, or that can't be deployed as BASE has it."""
    unknown = [stack for stack in stacks if stack not in stack_copy.names()]
    if unknown:
        raise SetupError(f"There is no stack {unknown[0]!r} in stacks/. There are: {', '.join(stack_copy.names())}.")
    with tempfile.TemporaryDirectory() as made:
        with checked_out(base, workspace.CHECKOUT, Path(made) / "base") as old:
            new = _working_tree(Path(made) / "head")
            previews = []
            for stack in stacks or stack_copy.names():
                print(f"previewing {stack} …", file=sys.stderr, flush=True)
                previews.append(_preview(stack, old, new, Path(made) / "homes" / stack))
        commit = git(workspace.CHECKOUT, "rev-parse", "--short", base).strip()
        return pr_comment.comment(previews, f"The working tree, against {commit}, on the offline Azure.")


def _working_tree(folder: Path) -> Path:
    """A copy of the files that git knows or would take."""
    for name in git(workspace.CHECKOUT, "ls-files", "-co", "--exclude-standard").splitlines():
        source = workspace.CHECKOUT / name
        if source.is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, folder / name)
    return folder


def _preview(stack: str, old: Path, new: Path, home: Path) -> pr_comment.Preview:
    home.mkdir(parents=True)
    key, password = stack_copy.ssh_public_key(), stack_copy.password()
    with https_server.running(home) as server:
        base = {**workspace.environment(home), **server}

        def pulumi(folder: Path, *words: str, check: bool = True) -> subprocess.CompletedProcess[str]:
            # The components of that tree, before those that are installed here.
            environment = {**base, "PYTHONPATH": str(folder / "components")}
            command = ["pulumi", *words, "--stack", stack, "--non-interactive"]
            done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
            if check and done.returncode != 0:
                raise SetupError(f"`{' '.join(command)}` failed in the tree of {folder.name}:\n{done.stdout}{done.stderr}")
            return done

        if stack == demo_image.STACK:
            demo_image.capture(home, base)
        for folder in (old, new):
            if not _file(folder, stack).exists():
                continue
            (folder / "venv").unlink(missing_ok=True)
            (folder / "venv").symlink_to(workspace.VIRTUAL_ENVIRONMENT)
            if folder is old or not _file(old, stack).exists():
                environment = {**base, "PYTHONPATH": str(folder / "components")}
                subprocess.run(
                    ["pulumi", "stack", "init", stack, "--non-interactive"], cwd=folder, env=environment, check=True, stdout=sys.stderr
                )
            if str(yaml.safe_load(_file(folder, stack).read_text())["config"]["azure-scaleset:os"]).lower() == "windows":
                pulumi(folder, "config", "set", "--secret", "--path", "azure-scaleset:admin.password", password)
            else:
                pulumi(folder, "config", "set", "--path", "azure-scaleset:admin.sshPublicKeys[0]", key)
        if _file(old, stack).exists():
            pulumi(old, "up", "--yes", "--skip-preview")
        done = pulumi(new, "preview", "--json", check=False)
        return pr_comment.read(stack, done.stdout, done.stderr)


def _file(folder: Path, stack: str) -> Path:
    return folder / "stacks" / f"Pulumi.{stack}.yaml"


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit("Usage: python -m tools.pr_preview BASE [STACK …]")
    try:
        print(main(sys.argv[1], sys.argv[2:]), end="")
    except (SetupError, CommandError) as error:
        sys.exit(str(error))
