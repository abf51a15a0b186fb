"""The comment of a pull request, from the previews of its stacks: Markdown that reads on a phone. Pure."""

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from azure_scaleset.commands.impact import as_pull_request
from azure_scaleset.commands.impact_file import Action, impacts, others
from azure_scaleset.rollout.gate import DEFAULT_MAX_UNAVAILABLE, REIMAGES
from azure_scaleset.rollout.policy import count_of
from azure_scaleset.rules.effect import Driven

MARKER = "<!-- azure-scaleset: preview -->"
"""The first line: by it the comment is found again, and updated."""

_SIGNS = {"create": "+", "delete": "-", "update": "!", "replace": "!", "import": "+", "create-replacement": "+", "delete-replaced": "-"}
"""Operation -> sign of a `diff` block. GitHub colours lines with `+`, `-` and `!`."""
_DONE = {"create": "made", "update": "changed", "replace": "replaced", "delete": "deleted", "import": "imported"}
_HIDDEN = frozenset({"same", "read", "create-replacement", "delete-replaced"})
"""Operations that are told by another line, or are none."""
_WIDTH = 44
"""What a phone shows of a line of code."""
_MOST = 60_000
"""GitHub takes 65536 characters in a comment."""


@dataclass(frozen=True)
class Preview:
    """A stack's preview."""

    stack: str
    document: Mapping[str, Any] | None
    """What `pulumi preview --json` wrote; None where it failed."""
    failure: str = ""
    """Its output where it failed."""


def comment(previews: list[Preview], about: str) -> str:
    """The comment. *about*: which commits are compared."""
    rows = [f"| `{each.stack}` | {_resources(each)} | {_instances(each)} |" for each in previews]
    parts = [MARKER, "## What this change deploys", about, "\n".join(["| Stack | Resources | Scale sets |", "|---|---|---|", *rows])]
    parts += [_details(each) for each in previews if each.document is None or _steps(each)]
    text = "\n\n".join(parts) + "\n"
    return text if len(text) <= _MOST else text[:_MOST].rpartition("\n")[0] + "\n```\n\n… The rest is in the log of the run.\n"


def _steps(preview: Preview) -> list[Mapping[str, Any]]:
    steps: list[Mapping[str, Any]] = list((preview.document or {}).get("steps") or [])
    return [step for step in steps if step["op"] not in _HIDDEN]


def _resources(preview: Preview) -> str:
    if preview.document is None:
        return "**the preview failed**"
    counts = Counter(_DONE.get(step["op"], step["op"]) for step in _steps(preview))
    return ", ".join(f"{count} {what}" for what, count in sorted(counts.items())) or "no change"


def _instances(preview: Preview) -> str:
    if preview.document is None:
        return "?"
    return (
        "<br>".join(
            f"`{each.name}`: {each.action.value}{'' if each.action is not Action.CHANGED or each.effects else ', nothing for the instances'}"
            for each in impacts(preview.document, _driven)
        )
        or "untouched"
    )


def _details(preview: Preview) -> str:
    if preview.document is None:
        body = f"```\n{preview.failure.strip().replace('```', chr(39) * 3)}\n```"
    else:
        effects = as_pull_request(impacts(preview.document, _driven), others(preview.document)).rstrip()
        lines = "\n".join(line for step in _steps(preview) for line in _difference(step))
        body = f"{effects}\n\n```diff\n{lines}\n```"
    opened = " open" if preview.document is None else ""
    return f"<details{opened}><summary><b>{preview.stack}</b>: {_resources(preview).strip('*')}</summary>\n\n{body}\n\n</details>"


def _difference(step: Mapping[str, Any]) -> list[str]:
    """A line for the resource, and one for each property that changes: never values, since a comment is no place for them."""
    kind = str(step["urn"]).split("::")[2].rpartition("$")[2].rpartition(":")[2]
    head = f"{_SIGNS.get(step['op'], ' ')} {kind} {str(step['urn']).rpartition('::')[2]}"
    changed = sorted(step.get("detailedDiff") or ()) if step["op"] in ("update", "replace") else []
    return [head if step["op"] != "replace" else f"{head} (replaced)", *(_cut(each) for each in changed)]


def _cut(path: str) -> str:
    """A line with the property: without the beginning of a long path, since the end says which one it is."""
    room = _WIDTH - 4
    return f"    {path if len(path) <= room else '…' + path[-(room - 1) :]}"


def _driven(instances: int) -> Driven:
    return Driven(max(1, count_of(DEFAULT_MAX_UNAVAILABLE, instances)), REIMAGES)


def read(stack: str, output: str, failure: str = "") -> Preview:
    """The preview of a stack from what `pulumi preview --json` wrote; a failed one where *output* is no whole document, or has errors."""
    try:
        document = json.loads(output)
    except json.JSONDecodeError:
        return Preview(stack, None, failure or output)
    errors = [str(each["message"]).strip() for each in document.get("diagnostics") or [] if each.get("severity") == "error"]
    return Preview(stack, None, "\n".join(errors)) if errors else Preview(stack, document)
