"""The review of a scale set before it is written, in the preview too: what Azure would refuse, what the change does to the running instances.

It runs in hooks of the scale set itself, so it sees what is really sent, after transforms and overrides, and all scale sets of a program are reviewed in one preview
(what a constructor raises ends the program at the first).
"""

import re
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any, TypeVar

import pulumi
from pulumi_azure_native import monitor

from azure_scaleset import review_rounds
from azure_scaleset.hook_inputs import plain
from azure_scaleset.hooks import hook
from azure_scaleset.live_facts import with_live_facts
from azure_scaleset.model import merge
from azure_scaleset.review_text import effects_text, error_text, masked, warning_text
from azure_scaleset.rollout.change import unmarked
from azure_scaleset.rollout.plan import CHANGE_TAG
from azure_scaleset.rules import Effect, EffectKind, Problem, Severity, check, check_kept, check_living, effects
from azure_scaleset.rules.effect import Driven
from azure_scaleset.rules.facts import PROFILE
from azure_scaleset.rules.resource_kind import ResourceKind
from azure_scaleset.rules.rolling import upgrades_by_itself
from azure_scaleset.rules.stack_check import Finding, check_relations
from azure_scaleset.rules.stack_resource import Resource
from azure_scaleset.rules.value import UNKNOWN, get, integer
from azure_scaleset.secrecy import secret_paths
from azure_scaleset.shape import camel
from azure_scaleset.surroundings import as_kept, camel_keys, completed, end_of, inputs_before, is_written, note_written, surroundings

_T = TypeVar("_T")


def noted(subject: str, parent: pulumi.Resource) -> pulumi.ResourceHookBinding:
    """Hooks for a resource that has no rules of its own: sets that don't change are held against what changes."""

    async def nothing(_: pulumi.ResourceHookArgs) -> str | None:
        return None

    return binding(subject, nothing, parent)


def checked(
    subject: str, check_inputs: Callable[[Any], list[Problem]], inputs: Mapping[str, Any], parent: pulumi.Resource, ignored: Collection[str]
) -> pulumi.ResourceHookBinding:
    """Hooks for another resource: what *check_inputs* finds in what is sent. *inputs*: as they are given to the resource. *subject*, *ignored*: as of `Review`."""

    async def find(args: pulumi.ResourceHookArgs) -> str | None:
        sent = completed(await plain(args.new_inputs), camel_keys(await plain(inputs)))
        problems = masked(check_inputs(sent), await hidden_paths(inputs))
        return refusal(subject, problems, [], frozenset(ignored), parent)

    return binding(subject, find, parent)


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
        has_custom_data: bool = False,
    ) -> None:
        """*subject*: type and name, for messages. *inputs*: as they are given to the scale set. *driven*: how `up` brings so many instances to the model.
        *replaces*: whether the set may be replaced. *ignored*: rule ids whose errors are only told. *autoscale*: inputs of the setting that targets it.
        *has_custom_data*: an adopted set has custom data that its first update repeats."""
        self._subject = subject
        self._inputs = inputs
        self._parent = parent
        self._driven = driven
        self._replaces = replaces
        self._ignored = frozenset(ignored)
        self._autoscale = autoscale
        self._has_custom_data = has_custom_data
        self._begun = False

    def hooks(self) -> "pulumi.ResourceHookBinding":
        """The hooks of the scale set."""
        return binding(self._subject, self._review, self._parent)

    def of_unchanged(
        self, scale_set: pulumi.Resource, setting: monitor.AutoscaleSetting | None, value: pulumi.Output[_T]
    ) -> pulumi.Output[_T]:
        """*value*, given when a *scale_set* that doesn't change was held against what changes around it: in a preview. It has no review of its own, as hooks run for
        what is written, and a smaller subnet or a removed probe is as wrong for it. *setting*: its autoscale."""

        async def look(_: str) -> None:
            refused = None if self._begun else await self._beside_changes(scale_set, setting)
            if refused is not None:
                review_rounds.refuse(self._subject, refused, self._parent)

        if not pulumi.runtime.is_dry_run():
            return value
        looked: pulumi.Output[None] = scale_set.urn.apply(look)
        review_rounds.follow(scale_set, looked)
        result: pulumi.Output[_T] = pulumi.Output.all(value, looked).apply(lambda known: known[0])
        return result

    async def _beside_changes(self, scale_set: pulumi.Resource, setting: monitor.AutoscaleSetting | None) -> str | None:
        around, _ = await surroundings({PROFILE: self._inputs.get(PROFILE)})
        raised = setting is not None and await self._is_changed(setting)
        kept = await as_kept(scale_set)
        moved = self._refused(effects(kept, await self._placed(kept)))
        found: list[Problem] = []
        if raised or any(is_written(each.urn) for each in around):
            # As they are in the state, which isn't what the program wants where the update leaves them out (`--target`).
            autoscale = self._autoscale if raised or setting is None else {"profiles": setting.profiles}
            found = await self._relations(kept, kept, camel_keys(await plain(autoscale)))
        return refusal(self._subject, masked(found, await hidden_paths(self._inputs)), moved, self._ignored, self._parent)

    async def _placed(self, inputs: Any) -> Any:
        """*inputs* in the region that the program wants: the engine is told to ignore it where the set may not be replaced."""
        wanted = await plain(self._inputs.get("location"))
        return merge(inputs, {"location": wanted}) if isinstance(wanted, str) else inputs

    def _refused(self, found: Sequence[Effect]) -> list[Effect]:
        return [effect for effect in found if effect.kind is EffectKind.REFUSED and effect.sure and effect.rule not in self._ignored]

    async def _is_changed(self, setting: monitor.AutoscaleSetting) -> bool:
        await setting.urn.future()  # its hook has run then
        return is_written(end_of(setting))

    async def _review(self, args: pulumi.ResourceHookArgs) -> str | None:
        self._begun = True
        new, before = await self._placed(unmarked(await plain(args.new_inputs))), await plain(args.old_inputs)
        old = unmarked(before)
        if self._has_custom_data and get(before, f"tags.{CHANGE_TAG}") is None:
            old = merge(old, {PROFILE: {"osProfile": {"customData": get(new, f"{PROFILE}.osProfile.customData")}}})
        live = unmarked(await live_scale_set(new, self._parent)) if old is not None else None
        problems = check(new) + await self._relations(new, old, await plain(self._autoscale))
        if self._driven is not None and not upgrades_by_itself(new):
            # This package's own rollout brings what is unhealthy to the mended model first, so that Azure's goes on.
            problems = [problem for problem in problems if problem.rule != "U10"]
        if pulumi.runtime.is_dry_run():
            problems = await with_live_facts(problems, new, self._parent)
        if live is not None:
            problems += check_living(old=old, new=new, live=live)
        hidden = await hidden_paths(self._inputs)
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
        refused = self._refused(found)
        refusing = refusal(self._subject, masked(problems, hidden), refused, self._ignored, self._parent)
        told = [effect for effect in found if effect not in refused]
        if told and pulumi.runtime.is_dry_run():
            pulumi.log.info(effects_text(told, refused=refusing is not None), self._parent)
        return refusing

    async def _relations(self, new: Any, old: Any, autoscale: Any) -> list[Problem]:
        """What is wrong with the scale set, its *autoscale* and what the program makes around it. *old*: the set up to now."""
        given = {PROFILE: self._inputs.get(PROFILE)}
        around, uses = await surroundings(given)
        every = frozenset(urn for urns in uses.values() for urn in urns)
        scale_set = Resource(ResourceKind.SCALE_SET, "", completed(new, await plain(given)), self._subject, {PROFILE: every, **uses})
        setting = Resource(
            ResourceKind.AUTOSCALE,
            "autoscale",
            {**(autoscale or {}), "targetResourceUri": UNKNOWN},
            "",
            {"targetResourceUri": frozenset({self._subject})},
        )
        found = check_relations([scale_set, *around, *([setting] if autoscale else [])])
        for each in around:
            if each.kind is ResourceKind.LOAD_BALANCER:
                found += [Finding(each, one) for one in check_kept(old, before=await inputs_before(each), after=each.inputs)]
        return [
            each.problem
            if each.resource is scale_set
            else replace(each.problem, path=f"{each.resource.name}.{each.problem.path}".rstrip("."))
            for each in found
        ]


async def live_scale_set(names: Any, parent: pulumi.Resource) -> Any:
    """A scale set as Azure has it, in azure-native's output shape; None when it has none, or its group or name isn't known yet. *names*: inputs with both."""
    known = {key: get(names, key) for key in ("resourceGroupName", "vmScaleSetName")}
    if not all(isinstance(name, str) for name in known.values()):
        return None
    try:
        return await plain(
            await pulumi.runtime.invoke_async("azure-native:compute:getVirtualMachineScaleSet", known, pulumi.InvokeOptions(parent=parent))
        )
    except Exception as error:
        # The engine gives errors of a provider as text only.
        if "ResourceNotFound" in str(error) or "ResourceGroupNotFound" in str(error):
            return None
        raise


def binding(
    subject: str, function: Callable[[pulumi.ResourceHookArgs], Awaitable[str | None]], parent: pulumi.Resource
) -> pulumi.ResourceHookBinding:
    """Hooks that fail with what *function* gives, if anything: in a preview when all resources that `review_rounds` follows were reviewed."""

    async def review(args: pulumi.ResourceHookArgs) -> None:
        note_written(args)
        refused = await function(args)
        if refused is None:
            return
        if not pulumi.runtime.is_dry_run():
            raise ValueError(refused)
        review_rounds.refuse(subject, refused, parent)

    made = hook(f"review {subject}", review, on_dry_run=True)
    return pulumi.ResourceHookBinding(before_create=[made], before_update=[made])


async def hidden_paths(inputs: Mapping[str, Any]) -> list[str]:
    """The properties that the program made secret, whatever they are, with `[]` for items: their values are never shown."""
    paths = await secret_paths(dict(inputs), "")
    return [".".join(camel(part) for part in re.sub(r"\[\d+\]", "[]", path.removeprefix(".")).split(".")) for path in paths]


def refusal(
    subject: str, problems: Sequence[Problem], refused: Sequence[Effect], ignored: Collection[str], parent: pulumi.Resource
) -> str | None:
    """Warns, in the preview, of what Azure takes; gives all that it refuses."""
    errors = [problem for problem in problems if problem.severity is Severity.ERROR and problem.rule not in ignored]
    told = [problem for problem in problems if problem not in errors]
    if told and pulumi.runtime.is_dry_run():
        pulumi.log.warn(warning_text(told), parent)
    return error_text(subject, errors, refused) if errors or refused else None
