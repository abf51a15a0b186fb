"""Effects as text: the block that a preview prints, and a table for a pull request."""

import itertools
from collections.abc import Mapping, Sequence

from azure_scaleset.rules.effect import Effect, EffectKind, Reach
from azure_scaleset.rules.effects_when import in_batches

_LINES = 10
_NO_CHANGE = "No property of the scale set changes. Instances that an interrupted update left on an older model don't show here."
_ROOM = 26
"""Characters of a property's path that a phone shows beside the first column."""


def summary(effects: Sequence[Effect]) -> str:
    """What a preview prints of a scale set's *effects*: a line each, worst first; at most eleven in all."""
    if not effects:
        return _NO_CHANGE
    ordered = _worst_first(effects)
    lines = [f"{effect.kind.value}: {effect.message}" for effect in ordered[:_LINES]]
    rest = ordered[_LINES:]
    if rest:
        lines.append(f"and {len(rest)} more, none worse than {rest[0].kind.value}")
    return "\n".join(lines)


def markdown(scale_sets: Mapping[str, Sequence[Effect]]) -> str:
    """A pull request's table of *scale_sets*, name -> effects: what of each is refused, replaced, reimaged and so on, how many instances, in how many batches.

    Two columns, which fit on a phone. A question mark stands behind what isn't sure. Below the table every effect in words, one list a set.
    """
    rows = [
        [_lines(f"`{_cell(name)}`", _instances(effects)), _lines(_kinds(effects), _how(effects))] for name, effects in scale_sets.items()
    ]
    table = [_line(["Scale set", "What happens"]), _line(["---"] * 2), *(_line(row) for row in rows)]
    details = [line for name, effects in scale_sets.items() for line in _details(name, effects)]
    return "\n".join([*table, *details]) + "\n"


def _lines(*cells: str) -> str:
    """One below the other, without the empty ones."""
    return "<br>".join(filter(None, cells))


def _kinds(effects: Sequence[Effect]) -> str:
    """A line for each kind of effect, with the properties that have it."""
    grouped = itertools.groupby(_worst_first(effects), key=lambda effect: effect.kind)
    return "<br>".join(f"**{kind.value}**: {', '.join(_named(effect) for effect in of_kind)}" for kind, of_kind in grouped) or "no change"


def _worst_first(effects: Sequence[Effect]) -> list[Effect]:
    return sorted(effects, key=lambda effect: (-effect.kind.severity, effect.path))


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _cell(words: str) -> str:
    """*words* without what Markdown or HTML would take for its own."""
    return words.replace("`", "'").replace("|", "\\|").replace("<", "&lt;").replace("\n", " ")


def _named(effect: Effect) -> str:
    """The end of the path that still says what it is, `osProfile.customData`; with a question mark if the effect isn't sure."""
    *_, owner, last = ["", *effect.path.split(".")]
    name = f"{owner}.{last}" if owner and len(owner) + len(last) < _ROOM else last
    return f"`{_cell(name)}`{'' if effect.sure else '?'}"


def _reach(effects: Sequence[Effect]) -> Reach | None:
    """The reach of the worst effect that reaches running instances."""
    reaching = [effect for effect in _worst_first(effects) if EffectKind.IN_PLACE <= effect.kind < EffectKind.DELETE]
    return reaching[0].reach if reaching else None


def _instances(effects: Sequence[Effect]) -> str:
    counts = {effect.reach.instances for effect in effects} - {None}
    if not counts:
        return ""
    most = max(count for count in counts if count is not None)
    return f"{most} instance{'' if most == 1 else 's'}"


def _how(effects: Sequence[Effect]) -> str:
    """How the instances get it."""
    if any(effect.kind is EffectKind.REFUSED and effect.sure for effect in effects):
        return "Azure takes none of it"
    if any(effect.kind is EffectKind.REPLACE for effect in effects):
        return "By a new set"
    reach = _reach(effects)
    if reach is None:
        return ""
    if reach.driven:
        return f"By this update, at most {reach.batch_size} at a time"
    if reach.mode == "Manual":
        return "Manual: `scaleset rollout`"
    if reach.mode == "Automatic":
        return "Automatic: all at once"
    return f"Rolling: {in_batches(reach)}" if reach.mode == "Rolling" else ""


def _details(name: str, effects: Sequence[Effect]) -> list[str]:
    if not effects:
        return []
    listed = [f"- **{effect.kind.value}**: {_cell(effect.message)}" for effect in _worst_first(effects)]
    return ["", f"<details><summary>{_cell(name)}</summary>", "", *listed, "", "</details>"]
