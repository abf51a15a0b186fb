"""The checks: what the rules find in the inputs of each kind of resource."""

from collections.abc import Mapping, Sequence
from typing import Any

from azure_scaleset.rules import catalogue
from azure_scaleset.rules.facts import EXTENSIONS, extensions
from azure_scaleset.rules.foreign import Living
from azure_scaleset.rules.kept import Kept
from azure_scaleset.rules.live import Live, answered
from azure_scaleset.rules.problem import Problem, Severity, in_order
from azure_scaleset.rules.resources import resources_of
from azure_scaleset.rules.rule import Target, problems_of
from azure_scaleset.rules.value import UNKNOWN, get, mapping

RULES = catalogue.RULES
"""All rules, in the order of docs/rules.md."""


def check(inputs: Mapping[str, Any]) -> list[Problem]:
    """What is wrong with a `VirtualMachineScaleSet`, its extensions included: errors first, then warnings, each in order of path.

    *inputs*: azure-native's inputs as a plain map. A part that isn't known is `UNKNOWN`. Whatever their shape, nothing is raised.
    """
    problems = problems_of(Target.SCALE_SET, inputs)
    for path, extension in extensions(inputs):
        problems += problems_of(Target.EXTENSION, extension, path)
    return in_order(problems)


def check_extension(inputs: Mapping[str, Any], scale_set_inputs: Mapping[str, Any] | None = None) -> list[Problem]:
    """What is wrong with a `VirtualMachineScaleSetExtension`; with *scale_set_inputs* also what is wrong with the two together.

    A problem that lies in the scale set has an empty path: its message names the property.
    """
    problems = problems_of(Target.EXTENSION, inputs)
    if scale_set_inputs is not None:
        problems += _added(inputs, scale_set_inputs)
    return in_order(problems)


def _added(extension: Mapping[str, Any], scale_set: Mapping[str, Any]) -> list[Problem]:
    """What the scale set's rules find with *extension* in the model, and not without."""
    given = get(scale_set, EXTENSIONS)
    before = [UNKNOWN] if given is UNKNOWN else list(given) if isinstance(given, list) else []
    name = mapping(extension).get("vmssExtensionName")
    named = extension if name is None or mapping(extension).get("name") is not None else {**extension, "name": name}
    path = f"{EXTENSIONS}[{len(before)}]"
    known = set(problems_of(Target.SCALE_SET, scale_set))
    return [
        Problem(found.rule, found.severity, _relative(found.path, path), found.message, found.mend, found.source)
        for found in problems_of(Target.SCALE_SET, _with(scale_set, EXTENSIONS.split("."), [*before, named]))
        if found not in known
    ]


def _with(owner: Any, keys: Sequence[str], value: Any) -> dict[str, Any]:
    """*owner* with *value* at the end of *keys*; the maps on the way are copied."""
    rest = _with(mapping(owner).get(keys[0]), keys[1:], value) if len(keys) > 1 else value
    return {**mapping(owner), keys[0]: rest}


def _relative(path: str, owner: str) -> str:
    return path.removeprefix(owner).removeprefix(".") if path.startswith(owner) else ""


def check_autoscale(inputs: Mapping[str, Any]) -> list[Problem]:
    """What is wrong with an `AutoscaleSetting`."""
    return in_order(problems_of(Target.AUTOSCALE, inputs))


def check_load_balancer(inputs: Mapping[str, Any]) -> list[Problem]:
    """What is wrong with a `LoadBalancer`."""
    return in_order(problems_of(Target.LOAD_BALANCER, inputs))


def check_gallery_image(inputs: Mapping[str, Any]) -> list[Problem]:
    """What is wrong with a `GalleryImage`."""
    return in_order(problems_of(Target.GALLERY_IMAGE, inputs))


def check_gallery_image_version(inputs: Mapping[str, Any]) -> list[Problem]:
    """What is wrong with a `GalleryImageVersion`."""
    return in_order(problems_of(Target.GALLERY_IMAGE_VERSION, inputs))


def check_live(scale_set: Mapping[str, Any], *, size: Any = UNKNOWN, image: Any = UNKNOWN) -> list[Problem]:
    """What is wrong with a `VirtualMachineScaleSet` by what Azure says of its size and its platform image.

    *size*: its item of `Microsoft.Compute/skus`. *image*: the `VirtualMachineImage`. None: Azure has none. UNKNOWN: nobody asked.
    """
    return in_order(problems_of(Target.LIVE, Live(scale_set, size, image)))


def with_answers(problems: Sequence[Problem], scale_set: Mapping[str, Any], *, size: Any, image: Any) -> list[Problem]:
    """*problems*, of `check`, and what Azure's answers add (`check_live`), without the warnings that guess by names what Azure has told."""
    void = answered(Live(scale_set, size, image))
    kept = [each for each in problems if each.severity is Severity.ERROR or each.rule not in void]
    return in_order([*kept, *check_live(scale_set, size=size, image=image)])


def check_living(*, old: Mapping[str, Any], new: Mapping[str, Any], live: Mapping[str, Any]) -> list[Problem]:
    """What an update of a `VirtualMachineScaleSet` from inputs *old* to *new* takes away that others added. *live*: the set as Azure has it, in azure-native's output shape."""
    return in_order(problems_of(Target.LIVING, Living(old, new, live)))


def check_kept(scale_set: Mapping[str, Any], *, before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Problem]:
    """What Azure refuses of a `LoadBalancer` that changes from *before* to *after* under a scale set that exists. Paths are the balancer's."""
    return in_order(problems_of(Target.KEPT, Kept(scale_set, before, after)))


def check_together(
    scale_set: Mapping[str, Any],
    *,
    load_balancers: Sequence[Mapping[str, Any]] = (),
    autoscale: Mapping[str, Any] | None = None,
    subnets: Sequence[Mapping[str, Any]] = (),
    extensions: Sequence[Mapping[str, Any]] = (),
) -> list[Problem]:
    """What is wrong with a scale set and the resources around it that each of them alone doesn't tell.

    *load_balancers*: those of its pools, each with `loadBalancerName`, by which the ids in the scale set find them. *autoscale*: the setting
    that targets it. *subnets*: those of its interfaces. *extensions*: those that are resources of their own. Paths begin with
    `loadBalancers[0]`, `autoscale`, `subnets[0]` or `extensions[0]`; without any of these they are the scale set's.
    """
    return in_order(problems_of(Target.TOGETHER, resources_of(scale_set, load_balancers, subnets, extensions, autoscale)))
