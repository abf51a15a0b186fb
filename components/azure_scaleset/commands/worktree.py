"""A commit of a git repository, checked out in a folder of its own for a while."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from azure_scaleset.commands.failure import CommandError, one_line


@contextmanager
def checked_out(commit: str, project: Path, folder: Path) -> Iterator[Path]:
    """Checks *commit* of the project's repository out into *folder*, which doesn't exist yet; gives the project's folder there. The checkout goes
    with the context. Raises `CommandError` when the repository doesn't have the commit."""
    inner = git(project, "rev-parse", "--show-prefix").strip()
    if subprocess.run(["git", "cat-file", "-e", f"{commit}^{{commit}}"], cwd=project, check=False, capture_output=True).returncode != 0:
        raise CommandError(f"The commit {commit} is not in this repository. Next: git fetch, and the same command again.")
    git(project, "worktree", "add", "--detach", str(folder), commit)
    try:
        yield folder / inner
    finally:
        git(project, "worktree", "remove", "--force", str(folder))


def difference(project: Path, last: str, wanted: str) -> list[str]:
    """What the way from one commit to another undoes, brings back and changes, in lines; none where the repository doesn't have one of them, or they are the same."""
    looks = (
        ("Commits that are undone:", ("log", "--oneline", "--max-count=20", f"{wanted}..{last}")),
        ("Commits that come back:", ("log", "--oneline", "--max-count=20", f"{last}..{wanted}")),
        ("Files:", ("diff", "--stat", last, wanted)),
    )
    try:
        found = [(title, git(project, *words).splitlines()) for title, words in looks]
    except CommandError:
        return []
    return [line for title, lines in found if lines for line in (title, *(f"  {each.strip()}" for each in lines))]


def way_back(project: Path, commit: str) -> str | None:
    """The command that brings the checkout to the files of *commit*; None when it is there."""
    if git(project, "rev-parse", "HEAD").strip() == commit:
        return None
    ancestor = subprocess.run(["git", "merge-base", "--is-ancestor", commit, "HEAD"], cwd=project, check=False, capture_output=True)
    return f"git revert --no-edit {commit}..HEAD" if ancestor.returncode == 0 else f"git restore --source {commit} -- ."


def git(folder: Path, *words: str) -> str:
    """What a git command prints. Raises `CommandError` with git's reason when it fails."""
    try:
        done = subprocess.run(["git", *words], cwd=folder, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        raise CommandError("There is no command `git` on PATH, which has the program of the earlier update.") from None
    if done.returncode != 0:
        raise CommandError(f"`git {' '.join(words[:2])}` failed: {one_line(done.stderr)}")
    return done.stdout
