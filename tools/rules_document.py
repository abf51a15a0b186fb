"""Writes docs/rules.md from the registered rules: `python -m tools.rules_document`; with `--check` it only compares."""

import inspect
import itertools
import re
import sys
from pathlib import Path

from azure_scaleset.rules import RULES, Rule
from azure_scaleset.rules.left_out import LEFT_OUT, Reason

PAGE = Path(__file__).parents[1] / "docs" / "rules.md"
CASES = PAGE.parents[1] / "tests" / "unit" / "rules" / "cases"
TESTS = "tests/unit/rules/test_rules.py"

_HEAD = f"""# What Azure would refuse

`python -m tools.rules_document` writes this page from the rules in `components/azure_scaleset/rules/`; a test compares the two. `azure_scaleset.rules.check(inputs)` and its
companions apply them before anything is sent: without an engine, without a call to Azure, on whatever of the inputs is known by then.

## How to read it

* **error**: Azure is known to refuse it. **warning**: Azure takes it and it is almost surely not what was meant, or the sources disagree.
* Every rule has a test that violates it and one that passes, at the boundary where there is one: the last column links to the file with the two models (search it for the
  name), and `pytest {TESTS} -k NAME` runs `test_violation` and `test_passing` on them. Further cases of a rule have a name after it, as `N1-windows_prefix-digits`.
* A model that Azure accepts has no error: `tests/unit/rules/test_check.py` holds the rules against every model in `tests/fixtures/models/`. Where documents call something
  mandatory and a tool's tests deploy without it, the rule warns.
* What isn't known yet is never held against anybody, and no input makes a check fail: `tests/unit/rules/test_rules_fuzzing.py`.

| Short name of a source | What |
|---|---|
| SDK34, SDK39 | Python package `azure-mgmt-compute`, versions 34.1.0 (API 2024-11-01) and 39.0.0: descriptions and limits of the models |
| MON | Python package `azure-mgmt-monitor` 6.0.2, API 2022-10-01 |
| TF | `hashicorp/terraform-provider-azurerm`: its own checks, documentation and acceptance tests |
| CSE-L | `Azure/custom-script-extension-linux`: source of the handler |
| acd | `MicrosoftDocs/azure-compute-docs`, `articles/…` |
| amd | `MicrosoftDocs/azure-monitor-docs`, `articles/…` |
| LBERR | `MicrosoftDocs/azure-docs`, `articles/load-balancer/load-balancer-common-deployment-errors.md` |
| owner/repository#number | an issue which quotes the service's answer |
"""


def page() -> str:
    """The whole page."""
    parts = [_HEAD, *(_subject(name, list(rules)) for name, rules in itertools.groupby(RULES, key=lambda rule: rule.subject)), _left_out()]
    return "\n".join(parts)


def _subject(name: str, rules: list[Rule]) -> str:
    rows = [f"| {rule.id} | {rule.severity} | {_cell(_told(rule))} | {_cell(rule.source)} | {_case(rule.name)} |" for rule in rules]
    of = ", ".join(dict.fromkeys(rule.target.value for rule in rules))
    return "\n".join(
        [f"## {name}", "", f"Checked: {of}.", "", "| Id | Severity | Rule | Source | Tests |", "|---|---|---|---|---|", *rows, ""]
    )


def _told(rule: Rule) -> str:
    """The rule, and what its function says about the why."""
    return f"{rule.summary} {' '.join((inspect.getdoc(rule.find) or '').split())}"


def _case(rule: str) -> str:
    """A link to the file with the rule's cases."""
    (file,) = [file for file in sorted(CASES.glob("*.py")) if re.search(rf'Case\(\s*"{rule}"', file.read_text(encoding="utf-8"))]
    return f"[`{rule}`](../{file.relative_to(PAGE.parents[1]).as_posix()})"


def _left_out() -> str:
    lines = ["## Left out", "", "Facts of the same list that no check rests on.", ""]
    for reason in Reason:
        lines += [f"### {reason.value.capitalize()}", "", reason.why, "", "| Id | About |", "|---|---|"]
        lines += [f"| {id} | {_cell(text)} |" for id, (why, text) in LEFT_OUT.items() if why is reason]
        lines.append("")
    return "\n".join(lines)


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def main() -> int:
    """Writes the page, or compares it; 1 where it is out of date."""
    if "--check" in sys.argv[1:]:
        if PAGE.read_text(encoding="utf-8") == page():
            return 0
        print("docs/rules.md is out of date: run `python -m tools.rules_document`.", file=sys.stderr)
        return 1
    PAGE.write_text(page(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
