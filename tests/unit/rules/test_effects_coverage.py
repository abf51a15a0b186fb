"""The table of effects against the inputs of the installed azure-native package."""

import collections.abc
import inspect
import re
import typing
from collections.abc import Iterator
from typing import Any

import pulumi
from pulumi._types import input_type_py_to_pulumi_names
from pulumi_azure_native.compute import VirtualMachineScaleSetArgs

from azure_scaleset.rules.effect import EffectKind
from azure_scaleset.rules.effect_table import TABLE
from azure_scaleset.rules.effects_difference import rows_of
from azure_scaleset.rules.effects_properties import CHOSEN_BY_AZURE, DEFAULTS, EXACT, ITEM_KEYS, SENSITIVE, SETS
from azure_scaleset.rules.effects_unclassified import UNCLASSIFIED
from tools import effects_document


def _nested(annotation: Any) -> type | None:
    if isinstance(annotation, type) and annotation.__name__.endswith("Args"):
        return annotation
    return next((found for each in typing.get_args(annotation) if (found := _nested(each)) is not None), None)


def _is_list(annotation: Any) -> bool:
    return typing.get_origin(annotation) in (list, collections.abc.Sequence) or any(_is_list(each) for each in typing.get_args(annotation))


def _leaves(arguments: type, prefix: str = "") -> Iterator[str]:
    constructor = vars(arguments)["__init__"]
    hints = typing.get_type_hints(constructor, {**vars(pulumi.output), **vars(inspect.getmodule(arguments))})
    for attribute, name in input_type_py_to_pulumi_names(arguments).items():
        below = _nested(hints[attribute])
        path = f"{prefix}{name}{'[]' if _is_list(hints[attribute]) else ''}"
        if below is None:
            yield path
        else:
            yield from _leaves(below, f"{path}.")


LEAVES = list(_leaves(VirtualMachineScaleSetArgs))


def _known(path: str) -> bool:
    """Whether *path* is a property of azure-native, at any depth."""
    return any(leaf == path or leaf.startswith((f"{path}.", f"{path}[]")) for leaf in LEAVES)


def test_no_property_of_azure_native_is_unclassified() -> None:
    """Every input, at every depth, has a row of its own or below one: classified, or named as one that no source classifies."""
    assert len(LEAVES) > 200
    table = {row.path for row in TABLE}
    assert [leaf for leaf in LEAVES if next(iter(rows_of(leaf).values())).path not in table] == []


def test_every_row_is_a_property_of_azure_native() -> None:
    """No row, default, key or sensitive path is misspelt."""
    assert [row.path for row in TABLE if not _known(row.path)] == []
    named = [*DEFAULTS, *EXACT, *SETS, *SENSITIVE, *CHOSEN_BY_AZURE, *ITEM_KEYS, *(f"{path}[].{key}" for path, key in ITEM_KEYS.items())]
    assert [path for path in named if not _known(path)] == []


def test_a_case_of_a_property_has_one_row() -> None:
    """No two rows answer for the same case."""
    cases = [(row.path, row.case) for row in TABLE]
    assert len(set(cases)) == len(cases)


def test_rows_without_a_fact_are_doubtful() -> None:
    """What no source says is never stated as sure, and what is stated names its fact and source."""
    assert [row.path for row in TABLE if not row.rule and not row.doubt] == []
    assert [row.path for row in TABLE if not row.source or (row.rule and not re.fullmatch(r"[A-Z]{1,2}\d+[a-z]?", row.rule))] == []


def test_unclassified_properties_count_as_restarts() -> None:
    """The cautious row: a restart, in doubt."""
    rows = [row for row in TABLE if row.path in UNCLASSIFIED]
    assert {(row.kind, row.rule, bool(row.doubt)) for row in rows} == {(EffectKind.RESTART, "", True)}
    assert len(rows) == len(UNCLASSIFIED)


def test_the_page_is_written_from_the_table() -> None:
    """docs/effects.md is what the tool writes."""
    assert effects_document.PAGE.read_text(encoding="utf-8") == effects_document.page()
