"""Overrides that make one set of inputs from another."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from azure_scaleset.adoption import difference
from azure_scaleset.model import merge

_LEAVES = st.one_of(st.booleans(), st.integers(0, 3), st.sampled_from(["a", "b"]))
_NAMED = st.lists(st.fixed_dictionaries({"name": st.sampled_from(["a", "b", "c"])}, optional={"x": _LEAVES, "y": _LEAVES}), max_size=3)
# A property has one type, as in Azure.
_FLAT = st.fixed_dictionaries({}, optional={"leaf": _LEAVES, "list": st.lists(_LEAVES, max_size=2), "named": _NAMED})
_DEEP = st.fixed_dictionaries({}, optional={"leaf": _LEAVES, "map": _FLAT, "named": _NAMED})
INPUTS = st.fixed_dictionaries({}, optional={"leaf": _LEAVES, "map": _DEEP, "named": _NAMED})


@given(INPUTS, INPUTS)
def test_merging_them_gives_what_is_wanted(made: dict[str, Any], wanted: dict[str, Any]) -> None:
    """Whatever the two are."""
    assert merge(made, difference.overrides(made, wanted)) == wanted


@pytest.mark.parametrize(
    ("made", "wanted", "overrides"),
    [
        ({"a": 1}, {"a": 1}, {}),
        ({"a": 1, "b": 2}, {"a": 1}, {"b": None}),
        ({"a": {"b": 1, "c": 2}}, {"a": {"b": 3, "c": 2}}, {"a": {"b": 3}}),
        ({"a": [{"name": "nic", "x": 1}]}, {"a": [{"name": "own", "x": 1}]}, {"a": {"nic": {"name": "own"}}}),
        ({"a": [{"name": "nic"}]}, {"a": [{"name": "nic"}, {"name": "two"}]}, {"a": {"two": {"name": "two"}}}),
        ({"a": [{"name": "nic"}]}, {"a": [{"name": "two"}, {"name": "nic"}]}, {"a": [{"name": "two"}, {"name": "nic"}]}),
        ({"a": ["1"]}, {"a": ["2"]}, {"a": ["2"]}),
    ],
    ids=["nothing", "taken away", "within a map", "an item by its name", "one more item", "another order", "a list without names"],
)
def test_what_they_say(made: dict[str, Any], wanted: dict[str, Any], overrides: dict[str, Any]) -> None:
    """No more than what differs."""
    assert difference.overrides(made, wanted) == overrides


def test_their_places() -> None:
    """Each change once, a list as a whole, what is taken away too."""
    assert list(difference.paths({"a": {"b": 1, "c": [1, 2]}, "d": None})) == ["a.b", "a.c", "d"]
