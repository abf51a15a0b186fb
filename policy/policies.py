"""The policies: errors are mandatory, warnings advisory, each of a resource by itself and of the resources together."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from plain_inputs import plain
from pulumi_policy import (
    EnforcementLevel,
    PolicyConfigSchema,
    PolicyResource,
    ReportViolation,
    ResourceValidationArgs,
    ResourceValidationPolicy,
    StackValidationArgs,
    StackValidationPolicy,
)

from azure_scaleset.rules import Problem, Severity
from azure_scaleset.rules.arm_model import inputs_of
from azure_scaleset.rules.resource_kind import ResourceKind
from azure_scaleset.rules.stack_check import check_alone, check_relations
from azure_scaleset.rules.stack_resource import Resource

IGNORE = "ignoreRules"
"""Key of a policy's configuration: ids of rules that aren't reported."""

_SCHEMA = PolicyConfigSchema(properties={IGNORE: {"type": "array", "items": {"type": "string"}, "default": []}})
_LEVELS = {Severity.ERROR: EnforcementLevel.MANDATORY, Severity.WARNING: EnforcementLevel.ADVISORY}
_WORDS = {Severity.ERROR: "Azure refuses it", Severity.WARNING: "Azure takes it, and it is hardly meant"}


def policies() -> list[ResourceValidationPolicy | StackValidationPolicy]:
    """All of them."""
    return [policy for severity in Severity for policy in (_of_resources(severity), _of_stacks(severity))]


def _of_resources(severity: Severity) -> ResourceValidationPolicy:
    def validate(args: ResourceValidationArgs, report: ReportViolation) -> None:
        resource = _resource(args.resource_type, args.name, args.urn, args.props)
        for finding in check_alone(resource) if resource is not None else ():
            _report(finding.problem, severity, args.get_config(), report, None)

    return ResourceValidationPolicy(
        name=f"scale-set-{severity}s",
        description=f"Scale sets, their extensions, autoscale settings, load balancers and gallery images: {_WORDS[severity]}.",
        validate=validate,
        enforcement_level=_LEVELS[severity],
        config_schema=_SCHEMA,
    )


def _of_stacks(severity: Severity) -> StackValidationPolicy:
    def validate(args: StackValidationArgs, report: ReportViolation) -> None:
        for finding in check_relations(resources(args.resources)):
            _report(finding.problem, severity, args.get_config(), report, finding.resource.urn)

    return StackValidationPolicy(
        name=f"scale-set-relation-{severity}s",
        description=f"A scale set and the resources around it, together: {_WORDS[severity]}.",
        validate=validate,
        enforcement_level=_LEVELS[severity],
        config_schema=_SCHEMA,
    )


def resources(given: Iterable[PolicyResource]) -> list[Resource]:
    """The resources of a stack that the checks know."""
    found = []
    for each in given:
        uses = {key: frozenset(used.urn for used in all_used) for key, all_used in each.property_dependencies.items()}
        resource = _resource(each.resource_type, each.name, each.urn, each.props)
        if resource is not None:
            # A stack's policy is given outputs, where there are any: names stand elsewhere in them.
            found.append(replace(resource, inputs=inputs_of(resource.inputs, resource.kind), uses=uses))
    return found


def _resource(token: str, name: str, urn: str, props: Mapping[str, Any]) -> Resource | None:
    kind = ResourceKind.of_token(token)
    return None if kind is None else Resource(kind, name, plain(props), urn)


def _report(problem: Problem, severity: Severity, config: Mapping[str, Any], report: ReportViolation, urn: str | None) -> None:
    ignored = {str(rule).casefold() for rule in config.get(IGNORE, [])}
    if problem.severity is severity and problem.rule.casefold() not in ignored:
        report(f"{problem.rule}: {problem.path}: {problem.message} {problem.mend} ({problem.source})", urn)
