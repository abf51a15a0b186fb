"""`scaleset explain`."""

import json

import pytest

from azure_scaleset.cli import main
from azure_scaleset.rules import RULES
from azure_scaleset.rules.effect_table import TABLE


@pytest.fixture(autouse=True)
def _wide(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "300")


def test_a_rule_is_told_with_its_source(capsys: pytest.CaptureFixture[str]) -> None:
    """In one block: severity, what it is about, the rule, its remark, its source."""
    assert main(["explain", "l2"]) == 0
    assert capsys.readouterr().out == (
        "L2\n"
        "  error, several resources: The health probe is used by a rule of the set's pool.\n"
        "    A rule whose probe or pool isn't known yet may be the one.\n"
        "    Source: LBERR; Azure/ARO-RP#547\n"
    )


def test_a_change_is_told_with_what_the_fact_says(capsys: pytest.CaptureFixture[str]) -> None:
    """Facts that no check rests on are about changes."""
    assert main(["explain", "I2"]) == 0
    assert capsys.readouterr().out == (
        "I2: The orchestration mode.\n"
        "  change of orchestrationMode, changed: refused\n"
        "    Source: acd:virtual-machine-scale-sets/virtual-machine-scale-sets-orchestration-modes.md\n"
    )


def test_each_id_that_a_message_may_name_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    """Of every rule and every row of the table of effects."""
    ids = sorted({rule.id for rule in RULES} | {row.rule for row in TABLE if row.rule})

    assert main(["explain", *ids, "--output", "json"]) == 0
    told = json.loads(capsys.readouterr().out)["rules"]
    assert [each["id"] for each in told] == ids
    assert [each["id"] for each in told if not each["checks"] and not each["changes"]] == []


def test_an_id_that_there_is_not_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    """With what an id looks like."""
    assert main(["explain", "Q99", "U10"]) == 2
    assert capsys.readouterr().err == "There is no rule Q99. Expected ids as messages name them, such as U10.\n"
