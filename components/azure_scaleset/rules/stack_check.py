"""The checks of a whole stack: each resource by itself, and resources together where the stack has both sides."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from azure_scaleset.rules.checks import (
    check,
    check_autoscale,
    check_extension,
    check_gallery_image,
    check_gallery_image_version,
    check_load_balancer,
    check_together,
)
from azure_scaleset.rules.problem import Problem, Severity
from azure_scaleset.rules.resource_kind import ResourceKind
from azure_scaleset.rules.stack_ids import with_ids
from azure_scaleset.rules.stack_resource import Part, Resource, autoscale_of, load_balancers_of, owner_of, subnets_of
from azure_scaleset.rules.value import UNKNOWN


@dataclass(frozen=True)
class Finding:
    """A problem of one resource of a stack."""

    resource: Resource
    """The resource to mend."""
    problem: Problem
    """What is wrong; its path is one of that resource."""


_ALONE = {
    ResourceKind.SCALE_SET: check,
    ResourceKind.EXTENSION: check_extension,
    ResourceKind.AUTOSCALE: check_autoscale,
    ResourceKind.LOAD_BALANCER: check_load_balancer,
    ResourceKind.GALLERY_IMAGE: check_gallery_image,
    ResourceKind.GALLERY_IMAGE_VERSION: check_gallery_image_version,
}


def check_alone(resource: Resource) -> list[Finding]:
    """What is wrong with *resource* by itself; nothing for a kind that has no rules of its own."""
    find = _ALONE.get(resource.kind)
    return [Finding(resource, problem) for problem in find(resource.inputs)] if find is not None else []


def check_relations(stack: Sequence[Resource]) -> list[Finding]:
    """What is wrong with the resources of *stack* together, that none of them tells alone."""
    filled = with_ids(stack)
    given = {id(each): original for each, original in zip(filled, stack, strict=True)}
    found = [finding for each in filled if each.kind is ResourceKind.SCALE_SET for finding in _around(each, filled)]
    for extension in filled:
        owner = owner_of(extension, filled) if extension.kind is ResourceKind.EXTENSION else None
        if owner is not None:
            alone = check_extension(extension.inputs)
            found += [Finding(extension, each) for each in check_extension(extension.inputs, owner.inputs) if each not in alone]
    return [replace(each, resource=given[id(each.resource)]) for each in found]


def check_stack(stack: Sequence[Resource]) -> list[Finding]:
    """All that is wrong with the resources of *stack*, errors first, each severity in the order of the resources."""
    found = [finding for each in stack for finding in check_alone(each)] + check_relations(stack)
    place = {id(each): index for index, each in enumerate(stack)}
    return sorted(found, key=lambda each: (each.problem.severity is not Severity.ERROR, place[id(each.resource)]))


def _around(scale_set: Resource, stack: Sequence[Resource]) -> list[Finding]:
    balancers, subnets = load_balancers_of(scale_set, stack), subnets_of(scale_set, stack)
    autoscale = autoscale_of(scale_set, stack)
    own = [each for each in stack if each.kind is ResourceKind.EXTENSION and owner_of(each, stack) is scale_set]
    parts: dict[str, Part | None] = {f"loadBalancers[{index}]": part for index, part in enumerate(balancers)}
    parts |= {f"subnets[{index}]": part for index, part in enumerate(subnets)}
    parts |= {f"extensions[{index}]": Part(each, "", each.inputs) for index, each in enumerate(own)} | {"autoscale": autoscale}
    problems = check_together(
        scale_set.inputs,
        load_balancers=[_inputs(part) for part in balancers],
        autoscale=None if autoscale is None else autoscale.inputs,
        subnets=[_inputs(part) for part in subnets],
        extensions=[each.inputs for each in own],
    )
    return [_placed(problem, scale_set, parts) for problem in problems]


def _inputs(part: Part | None) -> Any:
    return UNKNOWN if part is None else part.inputs


def _placed(problem: Problem, scale_set: Resource, parts: dict[str, Part | None]) -> Finding:
    """*problem* as one of the resource that its path begins with; what the message calls by number is called by name."""
    message = problem.message
    for prefix, part in parts.items():
        if part is not None and part.resource is not scale_set:
            message = message.replace(prefix, part.resource.name) if prefix.endswith("]") else message
    for prefix, part in parts.items():
        if part is not None and (problem.path == prefix or problem.path.startswith(f"{prefix}.")):
            rest = problem.path.removeprefix(prefix).removeprefix(".")
            return Finding(part.resource, replace(problem, path=".".join(filter(None, (part.path, rest))), message=message))
    return Finding(scale_set, replace(problem, message=message))
