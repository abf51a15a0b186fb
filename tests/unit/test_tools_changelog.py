"""Reading the changelog."""

from tools.changelog import breaking, section, untold

TEXT = """# Changelog

## 0.3.0 (unreleased)

### Added

- A thing.

### Breaking changes

- `ScaleSet.inputs.size` is now `vmSize`: rename it.

## 0.2.0

First.
"""


def test_a_versions_section() -> None:
    """From its heading to the next one; none for a version that isn't there."""
    assert (section(TEXT, "0.2.0"), section(TEXT, "0.1.0")) == ("First.", None)
    assert str(section(TEXT, "0.3.0")).startswith("### Added")


def test_what_breaks() -> None:
    """The part under `Breaking changes`; empty without one."""
    assert (breaking(TEXT, "0.3.0"), breaking(TEXT, "0.2.0")) == ("- `ScaleSet.inputs.size` is now `vmSize`: rename it.", "")


def test_a_break_that_is_not_told() -> None:
    """By the change's path."""
    assert untold(TEXT, "0.3.0", ["ScaleSet.inputs.size", "Mode.Fast"]) == ["Mode.Fast"]
