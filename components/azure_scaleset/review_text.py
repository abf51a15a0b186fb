"""What a review says: problems and effects as text, without what is secret."""

import re
from collections.abc import Sequence
from dataclasses import replace

from azure_scaleset.rules import RULES, Effect, Problem
from azure_scaleset.rules.effects_text import summary


def masked(problems: Sequence[Problem], hidden: Sequence[str]) -> list[Problem]:
    """*problems* without the values of what is *hidden* (properties, with `[]` for items), or is a part of it."""
    rules = {rule.id: rule.summary for rule in RULES}

    def mask(problem: Problem) -> Problem:
        path = re.sub(r"\[\d+\]", "[]", problem.path)
        if not any(path == each or path.startswith((f"{each}.", f"{each}[")) for each in hidden):
            return problem
        return replace(problem, message=f"The value, which is secret, breaks the rule: {rules.get(problem.rule, problem.rule)}", mend="")

    return [mask(problem) for problem in problems]


def error_text(subject: str, errors: Sequence[Problem], refused: Sequence[Effect]) -> str:
    """All that Azure would refuse, each with the way out, and at the end what to do: the way round for emergencies too."""
    count = len(errors) + len(refused)
    ids = sorted({problem.rule for problem in errors} | {effect.rule for effect in refused})
    return "\n".join(
        [
            f"{subject} has {'a problem' if count == 1 else f'{count} problems'} that Azure refuses:",
            *(f"  - {_line(problem)}" for problem in errors),
            *(f"  - {effect.rule}: {effect.message}" for effect in refused),
            f"More about {'it' if len(ids) == 1 else 'them'}: `scaleset explain {' '.join(ids)}`.",
            f"In an emergency `ignoreRules: [{', '.join(ids)}]` sends it all the same, and Azure decides.",
        ]
    )


def effects_text(effects: Sequence[Effect], *, refused: bool) -> str:
    """What an update does, or would do if it weren't *refused*."""
    head = "What this update would do to the instances, if Azure took it:" if refused else "What this update does to the instances:"
    return "\n  ".join([head, *summary(effects).splitlines()])


def warning_text(problems: Sequence[Problem]) -> str:
    """What Azure takes and is hardly meant."""
    return "\n".join(_line(problem) for problem in problems)


def _line(problem: Problem) -> str:
    return f"{problem.rule}: {problem.path}: {problem.message} {problem.mend}".rstrip()
