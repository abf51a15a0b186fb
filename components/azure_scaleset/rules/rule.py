"""The registry of the rules: each is one pure function, with what the documentation says of it."""

import enum
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple

from azure_scaleset.rules.problem import Problem, Severity


class Target(enum.StrEnum):
    """What a rule's function is given, in azure-native's input shape."""

    SCALE_SET = "scale set"
    """`VirtualMachineScaleSet`."""
    EXTENSION = "extension"
    """One extension: an element of a scale set's `extensionProfile.extensions`, or `VirtualMachineScaleSetExtension`. Paths are relative to it."""
    AUTOSCALE = "autoscale setting"
    """`AutoscaleSetting`."""
    LOAD_BALANCER = "load balancer"
    """`LoadBalancer`."""
    GALLERY_IMAGE = "gallery image"
    """`GalleryImage`."""
    GALLERY_IMAGE_VERSION = "gallery image version"
    """`GalleryImageVersion`."""
    LIVING = "scale set before and after, as Azure has it"
    """A `foreign.Living`."""
    LIVE = "scale set with Azure's answers"
    """A `live.Live`."""
    KEPT = "load balancer before and after, with a scale set"
    """A `kept.Kept`."""
    TOGETHER = "several resources"
    """A `together.Resources`."""


class Found(NamedTuple):
    """What a rule's function gives for each violation."""

    path: str
    """The property that is wrong; an empty text stands for the whole."""
    message: str
    """The value given and what is expected."""
    mend: str
    """What to do about it."""


Function = Callable[[Any], Iterable[Found]]


@dataclass(frozen=True)
class Rule:
    """A rule with its function. Two rules may share an id where the facts of one id differ in severity or target; the pair of id and name is unique."""

    id: str
    """Id of the fact it rests on: `N1`."""
    severity: Severity
    """Of every problem that it finds."""
    summary: str
    """The rule in one sentence."""
    source: str
    """Where the rule comes from, in the short names of docs/rules.md."""
    subject: str
    """The heading it stands under in docs/rules.md."""
    target: Target
    """What its function is given."""
    find: Function
    """The function: pure, and without an answer about what is unknown or of a type it doesn't expect."""

    @property
    def name(self) -> str:
        """The function's name."""
        return self.find.__name__


RULES: list[Rule] = []
"""All rules, in the order of their files and in these."""

_BY_TARGET: dict[Target, list[Rule]] = {target: [] for target in Target}


class Subject:
    """A file's worth of rules: registers the functions that it decorates."""

    def __init__(self, name: str, target: Target = Target.SCALE_SET) -> None:
        """*name*: heading in docs/rules.md. *target*: what the functions are given, unless one says otherwise."""
        self.name = name
        self.target = target

    def error(self, id: str, summary: str, *, source: str, target: Target | None = None) -> Callable[[Function], Function]:
        """Registers a rule the violation of which Azure is known to refuse."""
        return self._register(id, Severity.ERROR, summary, source, target)

    def warning(self, id: str, summary: str, *, source: str, target: Target | None = None) -> Callable[[Function], Function]:
        """Registers a rule the violation of which Azure takes, or about which sources disagree."""
        return self._register(id, Severity.WARNING, summary, source, target)

    def _register(self, id: str, severity: Severity, summary: str, source: str, target: Target | None) -> Callable[[Function], Function]:
        def decorate(find: Function) -> Function:
            rule = Rule(id, severity, summary, source, self.name, target or self.target, find)
            RULES.append(rule)
            _BY_TARGET[rule.target].append(rule)
            return find

        return decorate


def problems_of(target: Target, given: Any, prefix: str = "") -> list[Problem]:
    """What the rules of *target* find in *given*; *prefix* is put before their paths (`…extensions[1]`)."""
    return [
        Problem(rule.id, rule.severity, _joined(prefix, found.path), found.message, found.mend, rule.source)
        for rule in _BY_TARGET[target]
        for found in rule.find(given)
    ]


def _joined(prefix: str, path: str) -> str:
    return f"{prefix}.{path}" if prefix and path else prefix or path


def shown(value: Any) -> str:
    """*value* as a message shows it: short, in JSON's words. Not for anything sensitive."""
    if isinstance(value, bool):
        return str(value).lower()
    if value is None:
        return "absent"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    told = repr(value)
    return told if len(told) <= 80 else f"{told[:77]}..."
