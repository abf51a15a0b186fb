"""Effects as text: the block that a preview prints, and a table for a pull request."""

from collections.abc import Mapping, Sequence

from azure_scaleset.rules.effect import Effect, EffectKind, Reach
from azure_scaleset.rules.effects_when import in_batches

_LINES = 10
_NO_CHANGE = "No property of the scale set changes. Instances that an interrupted update left on an older model don't show here."
_COLUMNS: tuple[tuple[str, frozenset[EffectKind]], ...] = (
    ("Refused", frozenset({EffectKind.REFUSED})),
    ("Replaced", frozenset({EffectKind.REPLACE})),
    ("Deleted", frozenset({EffectKind.DELETE})),
    ("Reimaged", frozenset({EffectKind.REIMAGE})),
    ("Restarted", frozenset({EffectKind.RESTART})),
    ("Not known", frozenset({EffectKind.NOT_KNOWN})),
    ("Updated in place", frozenset({EffectKind.IN_PLACE})),
    ("No running instance", frozenset({EffectKind.NEW_INSTANCES, EffectKind.NOTHING})),
)


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

    A question mark stands behind what isn't sure. Below the table every effect in words, one list a set.
    """
    used = [
        (title, kinds) for title, kinds in _COLUMNS if any(effect.kind in kinds for effects in scale_sets.values() for effect in effects)
    ]
    head = ["Scale set", *(title for title, _ in used), "Instances", "How"]
    rows = [
        [
            f"`{_cell(name)}`",
            *(", ".join(_named(effect) for effect in _worst_first(effects) if effect.kind in kinds) for _, kinds in used),
            _instances(effects),
            _how(effects),
        ]
        for name, effects in scale_sets.items()
    ]
    table = [_line(head), _line(["---"] * len(head)), *(_line(row) for row in rows)]
    details = [line for name, effects in scale_sets.items() for line in _details(name, effects)]
    return "\n".join([*table, *details]) + "\n"


def _worst_first(effects: Sequence[Effect]) -> list[Effect]:
    return sorted(effects, key=lambda effect: (-effect.kind.severity, effect.path))


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _cell(words: str) -> str:
    """*words* without what Markdown or HTML would take for its own."""
    return words.replace("`", "'").replace("|", "\\|").replace("<", "&lt;").replace("\n", " ")


def _named(effect: Effect) -> str:
    """The end of the path that still says what it is, `osProfile.customData`; with a question mark if the effect isn't sure."""
    return f"`{_cell('.'.join(effect.path.split('.')[-2:]))}`{'' if effect.sure else '?'}"


def _reach(effects: Sequence[Effect]) -> Reach | None:
    """The reach of the worst effect that reaches running instances."""
    reaching = [effect for effect in _worst_first(effects) if EffectKind.IN_PLACE <= effect.kind < EffectKind.DELETE]
    return reaching[0].reach if reaching else None


def _instances(effects: Sequence[Effect]) -> str:
    counts = {effect.reach.instances for effect in effects} - {None}
    return str(max(count for count in counts if count is not None)) if counts else ""


def _how(effects: Sequence[Effect]) -> str:
    if any(effect.kind is EffectKind.REFUSED and effect.sure for effect in effects):
        return "not at all"
    if any(effect.kind is EffectKind.REPLACE for effect in effects):
        return "by a new set"
    if not effects:
        return "no change"
    reach = _reach(effects)
    if reach is None:
        return ""
    if reach.driven:
        return f"by this update, at most {reach.batch_size} at a time"
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
