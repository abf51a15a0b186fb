"""The rules are pure: they import nothing of Pulumi, and change nothing that they are given."""

import ast
import copy
from pathlib import Path

import pytest

import azure_scaleset.rules
from azure_scaleset.rules import RULES
from tests.unit.rules.cases.case import Case, edited
from tests.unit.rules.test_rules import BY_NAME, CASES, checked, identity

FILES = sorted(Path(azure_scaleset.rules.__file__).parent.glob("*.py"))


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.stem))
def test_rules_import_nothing_of_pulumi(file: Path) -> None:
    """So they run in a policy, a command and a test alike."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    imported = [alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names]
    imported += [node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]

    assert [name for name in imported if name.split(".")[0].startswith("pulumi")] == []


@pytest.mark.parametrize("case", CASES, ids=identity)
def test_checks_change_nothing(case: Case) -> None:
    """The inputs are the caller's."""
    model = edited(case.on, case.given, case.wrong)
    before = copy.deepcopy(model)

    checked(BY_NAME[case.rule], model)

    assert model == before


def test_rules_are_in_the_order_of_their_subjects() -> None:
    """A subject stands in one place of the documentation."""
    subjects = [rule.subject for rule in RULES]

    assert sorted(subjects, key=subjects.index) == subjects
