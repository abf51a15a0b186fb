"""Each rule finds its violation, and nothing else does; its counterpart at the boundary passes."""

import importlib
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from azure_scaleset.rules import (
    RULES,
    Problem,
    Rule,
    check,
    check_autoscale,
    check_extension,
    check_gallery_image,
    check_gallery_image_version,
    check_kept,
    check_live,
    check_living,
    check_load_balancer,
    check_together,
)
from azure_scaleset.rules.rule import Target
from tests.unit.rules.cases import balancing, extensions, live, machines, policies
from tests.unit.rules.cases.case import Case, edited

CASES: list[Case] = [*machines.CASES, *extensions.CASES, *policies.CASES, *balancing.CASES, *live.CASES]
BY_NAME: dict[str, Rule] = {rule.name: rule for rule in RULES}


def identity(case: Case) -> str:
    """`N1-windows_prefix`, with the case's own name if it has one."""
    return "-".join(part for part in (BY_NAME[case.rule].id, case.rule, case.name) if part)


def checked(rule: Rule, inputs: Any) -> list[Problem]:
    """The problems of *inputs*, by the check of what they are: the shape tells."""
    if rule.target is Target.LIVE:
        return check_live(inputs["scale_set"], size=inputs["size"], image=inputs["image"])
    if rule.target is Target.LIVING:
        return check_living(**inputs)
    if rule.target is Target.KEPT:
        return check_kept(inputs["scale_set"], before=inputs["before"], after=inputs["after"])
    if "scale_set" in inputs:
        others = {name: value for name, value in inputs.items() if name != "scale_set"}
        return check_together(inputs["scale_set"], **others)
    checks: dict[Target, Callable[[Mapping[str, Any]], list[Problem]]] = {
        Target.EXTENSION: check_extension,
        Target.AUTOSCALE: check_autoscale,
        Target.LOAD_BALANCER: check_load_balancer,
        Target.GALLERY_IMAGE: check_gallery_image,
        Target.GALLERY_IMAGE_VERSION: check_gallery_image_version,
        Target.SCALE_SET: check,
    }
    return checks[rule.target](inputs)


def allowed(case: Case, problems: list[Problem]) -> list[Problem]:
    """*problems* without those that the case says come along."""
    own = (BY_NAME[case.rule].id, BY_NAME[case.rule].severity)
    return [problem for problem in problems if problem.rule not in case.also or (problem.rule, problem.severity) == own]


@pytest.mark.parametrize("case", CASES, ids=identity)
def test_violation(case: Case) -> None:
    """The violation is found, at its path and with its severity, and nothing else is."""
    rule = BY_NAME[case.rule]

    problems = allowed(case, checked(rule, edited(case.on, case.given, case.wrong)))

    assert [(problem.rule, problem.severity, problem.path, problem.source) for problem in problems] == [
        (rule.id, rule.severity, case.at, rule.source)
    ]
    assert case.says in problems[0].message


@pytest.mark.parametrize("case", CASES, ids=identity)
def test_passing(case: Case) -> None:
    """The counterpart passes every rule."""
    assert allowed(case, checked(BY_NAME[case.rule], edited(case.on, case.given, case.right))) == []


def test_every_rule_has_its_first_case_without_a_name() -> None:
    """docs/rules.md names these tests."""
    assert {rule.name for rule in RULES} == {case.rule for case in CASES if not case.name}


def test_names_of_rules_are_unique() -> None:
    """Cases and documentation go by the name."""
    assert len(BY_NAME) == len(RULES)


def test_cases_are_told_apart() -> None:
    """No case hides another."""
    identities = [identity(case) for case in CASES]

    assert sorted(set(identities)) == sorted(identities)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: f"{rule.id}-{rule.name}")
def test_every_rule_explains_itself(rule: Rule) -> None:
    """A sentence, a source and a docstring each."""
    assert rule.summary.endswith(".")
    assert rule.source
    assert rule.find.__doc__
    assert importlib.import_module(rule.find.__module__).__doc__
