"""A stack's history: which update to go back to, and what is different there. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from azure_scaleset.commands.failure import CommandError


@dataclass(frozen=True)
class Setting:
    """A value of a stack's configuration, as `pulumi … --json` shows it."""

    value: str | None
    """The value, an object as JSON; None for a secret that is not shown."""
    secret: bool = False
    """It is encrypted, or something in it."""
    object: Any = None
    """The value, when it is an object or a list."""


@dataclass(frozen=True)
class Update:
    """An update of a stack."""

    number: int
    """Pulumi's number; 0 where the backend counts none."""
    kind: str
    """As `update`, `refresh`, `destroy`."""
    result: str
    """`succeeded`, `failed` or `in-progress`."""
    time: str
    """When it began."""
    message: str
    commit: str | None
    """The commit that was checked out; None outside of a git repository."""
    dirty: bool
    """There were changes beside the commit."""
    settings: Mapping[str, Setting]
    """Its configuration."""

    @property
    def title(self) -> str:
        """What people know it by."""
        number = f" {self.number}" if self.number else ""
        commit = f", commit {self.commit[:10]}" if self.commit else ""
        return f"update{number} of {self.time}{commit}" + (f" ({self.message})" if self.message else "")


def read(history: Sequence[Mapping[str, Any]]) -> list[Update]:
    """The updates of `pulumi stack history --json`, the newest first."""
    return [
        Update(
            number=int(each.get("version") or 0),
            kind=str(each["kind"]),
            result=str(each.get("result", "")),
            time=str(each.get("startTime", "")),
            message=str(each.get("message") or ""),
            commit=(each.get("environment") or {}).get("git.head"),
            dirty=(each.get("environment") or {}).get("git.dirty") == "true",
            settings=settings(each.get("config") or {}),
        )
        for each in history
    ]


def settings(shown: Mapping[str, Mapping[str, Any]]) -> dict[str, Setting]:
    """The configuration that `pulumi config --json` or the history shows."""
    return {key: Setting(each.get("value"), bool(each.get("secret")), each.get("objectValue")) for key, each in shown.items()}


def previous(updates: Sequence[Update], stack: str, up: str) -> tuple[Update, Update]:
    """The last update, and the one to go back to: the last that succeeded before it with other inputs. *up*: the command that does it by hand. Raises
    `CommandError` where there is none, or its program is not known."""
    ups = [each for each in updates if each.kind == "update"]
    if not ups:
        raise CommandError(f"Stack {stack} has no update in its history: there is nothing to go back to.")
    last, *earlier = ups
    if last.result == "in-progress":
        raise CommandError(
            f"The {last.title} of stack {stack} has not ended. Next: wait for it; after a kill: scaleset recover --stack {stack}"
        )
    found = next((each for each in earlier if each.result == "succeeded" and not _same_inputs(each, last)), None)
    if found is None:
        raise CommandError(
            f"The history of stack {stack} has no successful update with other inputs before the {last.title}. By hand: git revert, {up}"
        )
    if found.commit is None or found.dirty:
        why = "with changes that were in no commit" if found.commit else "outside of a git repository"
        raise CommandError(
            f"The {found.title} ran {why}, so its program can't be restored. By hand: restore the files as they were then, {up}"
        )
    return last, found


def changed_settings(old: Mapping[str, Setting], new: Mapping[str, Setting]) -> list[str]:
    """What is different between two configurations, a line a key. Secret values are not shown."""
    lines = []
    for key in sorted({*old, *new}):
        before, after = old.get(key), new.get(key)
        if before != after:
            lines.append(f"{key}: {_shown(before)} -> {_shown(after)}")
    return lines


def _same_inputs(one: Update, other: Update) -> bool:
    # What a dirty tree had is not known, so two of them are never the same.
    return (one.commit, one.settings) == (other.commit, other.settings) and not one.dirty and not other.dirty


def _shown(setting: Setting | None) -> str:
    if setting is None:
        return "(not set)"
    return "(secret)" if setting.secret else str(setting.value)
