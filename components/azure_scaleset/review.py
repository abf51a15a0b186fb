"""The review of a scale set before it is written, in the preview too: what Azure would refuse, what the change does to the running instances.

It runs in hooks of the scale set itself, so it sees what is really sent, after transforms and overrides, and all scale sets of a program are reviewed in one preview
(what a constructor raises ends the program at the first).
"""

import re
import uuid
from collections.abc import Collection, Mapping, Sequence
from typing import Any

import pulumi

from azure_scaleset.hook_inputs import plain
from azure_scaleset.rollout.change import CHANGE_TAG, OS_TAG
from azure_scaleset.rules import Effect, EffectKind, Problem, Severity, check, check_together, effects
from azure_scaleset.rules.effect import Driven
from azure_scaleset.rules.effects_text import summary
from azure_scaleset.rules.foreign import foreign
from azure_scaleset.rules.value import get, integer
from azure_scaleset.secrecy import secret_paths


class Review:
    """The review of one scale set."""

    def __init__(
        self,
        subject: str,
        inputs: dict[str, Any],
        parent: pulumi.Resource,
        *,
        driven: Driven | None,
        replaces: bool,
        ignored: Collection[str],
        autoscale: dict[str, Any] | None,
    ) -> None:
        """*subject*: type and name, for messages. *inputs*: as they are given to the scale set. *driven*: how `up` brings the instances to the model.
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
        # Names of hooks are global (E7); a new one at each run is no change.
        name = f"review {self._subject} {uuid.uuid4().hex[:8]}"
        hook = pulumi.ResourceHook(name, self._review, pulumi.ResourceHookOptions(on_dry_run=True))
        return pulumi.ResourceHookBinding(before_create=[hook], before_update=[hook])

    async def _review(self, args: pulumi.ResourceHookArgs) -> None:
        new, old = _unmarked(await plain(args.new_inputs)), _unmarked(await plain(args.old_inputs))
        live = _unmarked(await self._live(new)) if old is not None else None
        problems = check(new) + check_together(new, autoscale=self._autoscale)
        if live is not None:
            problems += foreign(old, new, live)
        # A secret may be anywhere: what the program made secret is not shown, whatever the property.
        hidden = [re.sub(r"\[\d+\]", "[]", path.removeprefix(".")) for path in await secret_paths(self._inputs, "")]
        found = effects(
            old,
            new,
            instances=integer(get(live, "sku.capacity")),
            replace_when_immutable=self._replaces,
            sensitive=hidden,
            driven=self._driven,
        )
        refused = [effect for effect in found if effect.kind is EffectKind.REFUSED and effect.sure and effect.rule not in self._ignored]
        errors = [problem for problem in problems if problem.severity is Severity.ERROR and problem.rule not in self._ignored]
        if pulumi.runtime.is_dry_run():
            told = [problem for problem in problems if problem not in errors]
            if told:
                pulumi.log.warn(warning_text(told), self._parent)
            if found:
                pulumi.log.info(f"What this update does to the instances: {summary(found)}", self._parent)
        if errors or refused:
            raise ValueError(error_text(self._subject, errors, refused))

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


def _unmarked(inputs: Any) -> Any:
    """*inputs* without the marks of a change, which are nobody's business here."""
    tags = get(inputs, "tags")
    if not isinstance(tags, Mapping):
        return inputs
    return {**inputs, "tags": {key: value for key, value in tags.items() if key not in (CHANGE_TAG, OS_TAG)}}


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
