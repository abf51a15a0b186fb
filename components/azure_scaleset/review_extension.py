"""The review of an extension that is added to a scale set which exists: before it is written, in the preview too."""

from collections.abc import Callable, Collection, Mapping
from typing import Any

import pulumi

from azure_scaleset.hook_inputs import plain
from azure_scaleset.review import binding, hidden_paths, live_scale_set, refusal
from azure_scaleset.review_text import effects_text, masked
from azure_scaleset.rollout.plan import CHANGE_TAG
from azure_scaleset.rules import Problem, Severity, check_extension, effects
from azure_scaleset.rules.effect import Driven
from azure_scaleset.rules.facts import EXTENSIONS
from azure_scaleset.rules.value import get, integer, items, same

_OWN = frozenset({"resourceGroupName", "vmScaleSetName", "vmssExtensionName"})
"""Inputs that say which extension it is, and aren't in the model."""


def review(
    subject: str,
    inputs: Mapping[str, Any],
    identity_id: pulumi.Input[str] | None,
    parent: pulumi.Resource,
    *,
    driven: Callable[[int], Driven] | None,
    ignored: Collection[str],
) -> "pulumi.ResourceHookBinding":
    """Hooks of the extension. *subject*: type and name, for messages. *inputs*: as they are given to the extension. *identity_id*: of the identity with which the
    instances read what was uploaded. *driven*: how `up` brings so many instances to the model. *ignored*: rule ids whose errors are only told."""

    async def find(args: pulumi.ResourceHookArgs) -> str | None:
        new, old = await plain(args.new_inputs), await plain(args.old_inputs)
        live = await live_scale_set(new, parent)
        if live is None:
            problems = check_extension(new)
            hidden = await hidden_paths(inputs)
            return refusal(subject, masked(problems, hidden), [], frozenset(ignored), parent)
        name = get(new, "vmssExtensionName")
        others = without(live, name)
        # What lies in the set (it has no path here) is its owner's: only what Azure refuses is told.
        of_both = [each for each in check_extension(new, others) if each.path or each.severity is Severity.ERROR]
        problems = [*of_both, *conflicts(live, new, await plain(identity_id), exists=old is not None)]
        hidden = await hidden_paths(inputs)
        count = integer(get(live, "sku.capacity"))
        found = effects(
            others if old is None else with_extension(others, old),
            with_extension(others, new),
            instances=count,
            sensitive=[f"{EXTENSIONS}[].{path}" for path in hidden],
            driven=driven(count or 1) if driven is not None else None,
        )
        refused = refusal(subject, masked(problems, hidden), [], frozenset(ignored), parent)
        if found and pulumi.runtime.is_dry_run():
            pulumi.log.info(effects_text(found, refused=refused is not None), parent)
        return refused

    return binding(subject, find, parent)


def without(live: Any, name: Any) -> dict[str, Any]:
    """*live* without its extension *name*."""
    return _with_list(live, [each for _, each in items(live, EXTENSIONS) if not same(get(each, "name"), name)])


def with_extension(scale_set: Any, extension: Mapping[str, Any]) -> dict[str, Any]:
    """*scale_set* with an extension, given by its inputs, in its model."""
    own = {key: value for key, value in extension.items() if key not in _OWN}
    return _with_list(
        scale_set, [*(each for _, each in items(scale_set, EXTENSIONS)), {"name": get(extension, "vmssExtensionName"), **own}]
    )


def _with_list(scale_set: Any, extensions: list[Any]) -> dict[str, Any]:
    profile = dict(get(scale_set, "virtualMachineProfile") or {})
    return {
        **scale_set,
        "virtualMachineProfile": {**profile, "extensionProfile": {**(profile.get("extensionProfile") or {}), "extensions": extensions}},
    }


def conflicts(live: Any, extension: Any, identity_id: Any, *, exists: bool) -> list[Problem]:
    """What stands against an extension beside the model of *live*, the set as Azure has it. *exists*: this program made it before."""
    name, found = get(extension, "vmssExtensionName"), []
    if CHANGE_TAG in (get(live, "tags") or {}):
        found.append(
            Problem(
                "X18",
                Severity.ERROR,
                "vmScaleSetName",
                f"{get(extension, 'vmScaleSetName')} is a scale set of the component ScaleSet, which has its extensions in its own model: its next update would remove this one.",
                "Put the extension into its `extensions`.",
                "TF; T16",
            )
        )
    if not exists and any(same(get(each, "name"), name) for _, each in items(live, EXTENSIONS)):
        found.append(
            Problem(
                "X2",
                Severity.ERROR,
                "vmssExtensionName",
                f"The scale set has an extension {name!r} already, which somebody else manages.",
                "Give this one another name, remove the other, or take it over with `pulumi import azure-native:compute:VirtualMachineScaleSetExtension`.",
                "ARM: a PUT replaces",
            )
        )
    if isinstance(identity_id, str):
        assigned = {str(each).casefold() for each in get(live, "identity.userAssignedIdentities") or ()}
        if identity_id.casefold() not in assigned:
            found.append(
                Problem(
                    "CL7",
                    Severity.ERROR,
                    "payloadStore.identityId",
                    f"The identity {identity_id} is not assigned to the scale set, so its instances could not read what was uploaded.",
                    f"Assign it (`az vmss identity assign --ids {get(live, 'id')} --identities {identity_id}`), then upgrade the instances.",
                    "learn custom-script-linux",
                )
            )
    return found
