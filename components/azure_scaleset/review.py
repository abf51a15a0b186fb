"""The review of a scale set before it is written, in the preview too: what Azure would refuse, what the change does to the running instances.

It runs in hooks of the scale set itself, so it sees what is really sent, after transforms and overrides, and all scale sets of a program are reviewed in one preview
(what a constructor raises ends the program at the first).
"""

import re
import uuid
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any

import pulumi

from azure_scaleset.hook_inputs import plain
from azure_scaleset.rollout.change import unmarked
from azure_scaleset.rules import RULES, Effect, EffectKind, Problem, Severity, check, check_together, effects
from azure_scaleset.rules.effect import Driven
from azure_scaleset.rules.effects_text import summary
from azure_scaleset.rules.foreign import foreign
from azure_scaleset.rules.value import get, integer
from azure_scaleset.secrecy import secret_paths
from azure_scaleset.shape import camel


def checked(
    subject: str, check_inputs: Callable[[Any], list[Problem]], inputs: Mapping[str, Any], parent: pulumi.Resource, ignored: Collection[str]
) -> pulumi.ResourceHookBinding:
    """Hooks for another resource: what *check_inputs* finds in what is sent. *inputs*: as they are given to the resource. *subject*, *ignored*: as of `Review`."""

    async def find(args: pulumi.ResourceHookArgs) -> None:
        problems = _masked(check_inputs(await plain(args.new_inputs)), await _hidden(inputs))
        _tell(subject, problems, [], frozenset(ignored), parent)

    return _binding(subject, find)


class Review:
    """The review of one scale set."""

    def __init__(
        self,
        subject: str,
        inputs: dict[str, Any],
        parent: pulumi.Resource,
        *,
        driven: Callable[[int], Driven] | None,
        replaces: bool,
        ignored: Collection[str],
        autoscale: dict[str, Any] | None,
    ) -> None:
        """*subject*: type and name, for messages. *inputs*: as they are given to the scale set. *driven*: how `up` brings so many instances to the model.
        *replaces*: whether the set may be replaced. *ignored*: rule ids whose errors are only told. *autoscale*: inputs of the setting that targets it."""
        self._subject = subject
        self._inputs = inputs
        self._parent = parent
        self._driven = driven
        self._replaces = replaces
        self._ignored = frozenset(ignored)
        self._autoscale = autoscale

    def hooks(self) -> "pulumi.ResourceHookBinding":
        """The hooks of the scale set."""
        return _binding(self._subject, self._review)

    async def _review(self, args: pulumi.ResourceHookArgs) -> None:
        new, old = unmarked(await plain(args.new_inputs)), unmarked(await plain(args.old_inputs))
        live = unmarked(await self._live(new)) if old is not None else None
        problems = check(new) + check_together(new, autoscale=await plain(self._autoscale))
        if live is not None:
            problems += foreign(old, new, live)
        hidden = await _hidden(self._inputs)
        instances = integer(get(live, "sku.capacity"))
        count = instances if instances is not None else integer(get(old, "sku.capacity"))
        found = effects(
            old,
            new,
            instances=instances,
            replace_when_immutable=self._replaces,
            sensitive=hidden,
            driven=self._driven(count or 1) if self._driven is not None else None,
        )
        if found and pulumi.runtime.is_dry_run():
            pulumi.log.info(f"What this update does to the instances: {summary(found)}", self._parent)
        refused = [effect for effect in found if effect.kind is EffectKind.REFUSED and effect.sure and effect.rule not in self._ignored]
        _tell(self._subject, _masked(problems, hidden), refused, self._ignored, self._parent)

    async def _live(self, new: Any) -> Any:
        """The set as Azure has it; None when it has none."""
        names = {key: get(new, key) for key in ("resourceGroupName", "vmScaleSetName")}
        if not all(isinstance(name, str) for name in names.values()):
            return None
        try:
            return await plain(
                await pulumi.runtime.invoke_async(
                    "azure-native:compute:getVirtualMachineScaleSet", names, pulumi.InvokeOptions(parent=self._parent)
                )
            )
        except Exception as error:
            # The engine gives errors of a provider as text only.
            if "ResourceNotFound" in str(error) or "ResourceGroupNotFound" in str(error):
                return None
            raise


def _binding(subject: str, function: Callable[[pulumi.ResourceHookArgs], Awaitable[None]]) -> pulumi.ResourceHookBinding:
    # Names of hooks are global (E7); a new one at each run is no change.
    hook = pulumi.ResourceHook(f"review {subject} {uuid.uuid4().hex[:8]}", function, pulumi.ResourceHookOptions(on_dry_run=True))
    return pulumi.ResourceHookBinding(before_create=[hook], before_update=[hook])


async def _hidden(inputs: Mapping[str, Any]) -> list[str]:
    """The properties that the program made secret, whatever they are, with `[]` for items: their values are never shown."""
    paths = await secret_paths(dict(inputs), "")
    return [".".join(camel(part) for part in re.sub(r"\[\d+\]", "[]", path.removeprefix(".")).split(".")) for path in paths]


def _masked(problems: Sequence[Problem], hidden: Sequence[str]) -> list[Problem]:
    """*problems* without the values of what is hidden, or is a part of it."""
    rules = {rule.id: rule.summary for rule in RULES}

    def mask(problem: Problem) -> Problem:
        path = re.sub(r"\[\d+\]", "[]", problem.path)
        if not any(path == each or path.startswith((f"{each}.", f"{each}[")) for each in hidden):
            return problem
        return replace(problem, message=f"The value, which is secret, breaks the rule: {rules.get(problem.rule, problem.rule)}", mend="")

    return [mask(problem) for problem in problems]


def _tell(subject: str, problems: Sequence[Problem], refused: Sequence[Effect], ignored: Collection[str], parent: pulumi.Resource) -> None:
    """Warns, in the preview, of what Azure takes; raises with all that it refuses."""
    errors = [problem for problem in problems if problem.severity is Severity.ERROR and problem.rule not in ignored]
    told = [problem for problem in problems if problem not in errors]
    if told and pulumi.runtime.is_dry_run():
        pulumi.log.warn(warning_text(told), parent)
    if errors or refused:
        raise ValueError(error_text(subject, errors, refused))


def error_text(subject: str, errors: Sequence[Problem], refused: Sequence[Effect]) -> str:
    """All that Azure would refuse, each with the way out, and the way round for emergencies."""
    count = len(errors) + len(refused)
    lines = [f"{subject} has {'a problem' if count == 1 else f'{count} problems'} that Azure refuses:"]
    lines += [f"  - {_line(problem)}" for problem in errors]
    lines += [f"  - {effect.rule}: {effect.message}" for effect in refused]
    ids = sorted({problem.rule for problem in errors} | {effect.rule for effect in refused})
    lines.append(f"Is a rule wrong? `ignoreRules: [{', '.join(ids)}]` sends it all the same, and Azure decides.")
    return "\n".join(lines)


def warning_text(problems: Sequence[Problem]) -> str:
    """What Azure takes and is hardly meant."""
    return "\n".join(_line(problem) for problem in problems)


def _line(problem: Problem) -> str:
    return f"{problem.rule}: {problem.path}: {problem.message} {problem.mend}"
