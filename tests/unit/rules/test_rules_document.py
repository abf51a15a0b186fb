"""docs/rules.md is what the rules say, and no fact of their source list is forgotten."""

import re

from azure_scaleset.rules import RULES
from azure_scaleset.rules.left_out import LEFT_OUT
from tests.unit.rules.cases import balancing, extensions, live, machines, policies
from tests.unit.rules.test_rules import BY_NAME
from tools.rules_document import PAGE, page

FACTS = {
    "N": 22,
    "D": 11,
    "X": 18,
    "CL": 15,
    "CW": 6,
    "DS": 10,
    "H": 6,
    "U": 18,
    "M": 13,
    "I": 14,
    "O": 17,
    "S": 12,
    "P": 8,
    "C": 6,
    "K": 12,
    "R": 12,
    "G": 13,
    "V": 6,
    "Y": 9,
    "B": 13,
    "Z": 4,
    "A": 18,
    "L": 18,
}
"""Sections 1 to 9 of the list of facts: the letters of an id, and how many there are."""
BESIDE = {"L7b", "L7c"}
"""Facts of these sections that were put between two numbers."""
TRAPS = {"T16"}
"""Of the list of traps, which has no sections: they are about what an update does."""
IMAGES_TODAY = {f"Q{number}" for number in range(1, 8)}
"""Section 10."""


def test_page_is_up_to_date() -> None:
    """`python -m tools.rules_document` writes it."""
    assert PAGE.read_text(encoding="utf-8") == page()


def test_every_fact_has_a_rule_or_a_reason() -> None:
    """None is in neither, and none in both."""
    facts = {f"{letters}{number}" for letters, count in FACTS.items() for number in range(1, count + 1)} | BESIDE | IMAGES_TODAY
    with_rule = {rule.id for rule in RULES}

    assert sorted(facts - with_rule - LEFT_OUT.keys()) == []
    assert sorted(with_rule & LEFT_OUT.keys()) == []
    assert sorted((with_rule | LEFT_OUT.keys()) - facts - TRAPS) == []


def test_every_rule_links_to_its_tests() -> None:
    """Each row names the rule's function and the file in which its cases stand."""
    linked = re.findall(
        r"^\| (\w+) \| (?:error|warning) \|.*\| \[`(\w+)`\]\(\.\./tests/unit/rules/cases/(\w+)\.py\) \|$", page(), re.MULTILINE
    )
    files = {"balancing": balancing, "extensions": extensions, "live": live, "machines": machines, "policies": policies}

    assert sorted(linked) == sorted(
        (BY_NAME[case.rule].id, case.rule, name) for name, module in files.items() for case in module.CASES if not case.name
    )
