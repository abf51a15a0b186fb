"""Whatever the inputs are, the checks answer; and what isn't known yet is never held against anybody."""

import copy
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from azure_scaleset.rules import (
    UNKNOWN,
    Problem,
    check,
    check_autoscale,
    check_extension,
    check_gallery_image,
    check_gallery_image_version,
    check_load_balancer,
    check_together,
)
from azure_scaleset.rules.operating_system import disk_system
from tests.unit.rules.cases import balancing, extensions, live, machines, policies
from tests.unit.rules.cases.case import edited
from tests.unit.rules.test_rules import BY_NAME, checked

MODELS = [
    yaml.safe_load(file.read_text(encoding="utf-8"))["inputs"]
    for file in sorted((Path(__file__).parents[2] / "fixtures" / "models").glob("*.yaml"))
]
CASES = [*machines.CASES, *extensions.CASES, *policies.CASES, *balancing.CASES, *live.CASES]
VIOLATIONS = [(BY_NAME[case.rule], edited(case.on, case.given, case.wrong)) for case in CASES]

SCALARS = st.one_of(
    st.none(),
    st.just(UNKNOWN),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=12),
    st.sampled_from(
        ["Rolling", "Linux", "Windows", "Flexible", "PT5M", "latest", "/subscriptions/a/b/loadBalancers/c/probes/d", "é\ud800", "#!"]
    ),
)
JSON = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3), max_leaves=12
)
Place = tuple[Any, Any]
"""A map or list of a model, and a key or index in it."""


def places(value: Any) -> Iterator[Place]:
    """Every place in *value* that holds something."""
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in list(pairs):
        yield value, key
        yield from places(inner)


def replaced(model: Any, data: st.DataObject, value: st.SearchStrategy[Any]) -> Any:
    """A copy of *model* with one to four of its parts replaced."""
    result = copy.deepcopy(model)
    for _ in range(data.draw(st.integers(1, 4))):
        found = list(places(result))
        if found:
            owner, key = data.draw(st.sampled_from(found))
            owner[key] = data.draw(value)
    return result


def together(inputs: Any) -> list[Problem]:
    """`check_together` with *inputs* in every place."""
    return check_together(inputs, load_balancers=[inputs], autoscale=inputs, subnets=[inputs], extensions=[inputs])


def with_scale_set(inputs: Any) -> list[Problem]:
    """`check_extension` with *inputs* in both places."""
    return check_extension(inputs, inputs)


CHECKS: list[Callable[[Any], list[Problem]]] = [
    check,
    check_extension,
    with_scale_set,
    check_autoscale,
    check_load_balancer,
    check_gallery_image,
    check_gallery_image_version,
    together,
]


@pytest.mark.parametrize("run", CHECKS, ids=lambda run: str(run.__name__))
@given(inputs=JSON)
@settings(max_examples=150, deadline=None)
def test_any_json_is_answered(run: Callable[[Any], list[Problem]], inputs: Any) -> None:
    """No JSON, nor UNKNOWN anywhere in it, makes a check fail."""
    assert all(isinstance(problem, Problem) for problem in run(inputs))


@given(data=st.data(), violation=st.sampled_from(VIOLATIONS))
@settings(max_examples=1500, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
def test_any_json_inside_a_model_is_answered(data: st.DataObject, violation: Any) -> None:
    """Nor does any JSON in the place of any part of a model: so the rules themselves are reached."""
    rule, model = violation

    assert all(isinstance(problem, Problem) for problem in checked(rule, replaced(model, data, JSON)))


@given(data=st.data(), model=st.sampled_from(MODELS))
@settings(max_examples=1000, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
def test_unknown_parts_of_valid_models_raise_no_problem(data: st.DataObject, model: Any) -> None:
    """A valid model says the same or less when parts of it aren't known."""
    known = {(problem.rule, problem.path) for problem in check(model)}

    assert {(problem.rule, problem.path) for problem in check(replaced(model, data, st.just(UNKNOWN)))} <= known


@given(data=st.data(), violation=st.sampled_from(VIOLATIONS))
@settings(max_examples=1500, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
def test_unknown_parts_of_wrong_models_raise_no_other_problem(data: st.DataObject, violation: Any) -> None:
    """Nor does a wrong model say anything new; but for one whose mistake is to name two systems, of which only the other may be left."""
    rule, model = violation
    assume(rule.find is not disk_system)
    known = {(problem.rule, problem.path) for problem in checked(rule, model)}

    assert {(problem.rule, problem.path) for problem in checked(rule, replaced(model, data, st.just(UNKNOWN)))} <= known
