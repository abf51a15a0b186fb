"""What `scaleset os-upgrade` makes of Azure's record."""

import pytest

from azure_scaleset.commands.os_upgrade import conclusion, exit_code
from azure_scaleset.rollout.scale_set import RollingUpgrade


def upgrade(code: str, error: str | None = None) -> RollingUpgrade:
    """A record with two done, one failed, three to go."""
    return RollingUpgrade(code, None, 2, 1, 3, error)


@pytest.mark.parametrize(
    ("record", "error", "code", "line"),
    [
        (upgrade("Completed"), None, 0, "Completed: 2 instances done, 1 failed, 3 to go."),
        (upgrade("Cancelled"), None, 1, "Cancelled: 2 instances done, 1 failed, 3 to go. Next: scaleset logs --id x"),
        (
            upgrade("Faulted", "Max: too many"),
            "Max: too many",
            1,
            "Faulted: 2 instances done, 1 failed, 3 to go. Max: too many Next: scaleset logs --id x",
        ),
        (None, "Conflict: busy", 1, "Azure did not start it: Conflict: busy. Next: scaleset status --id x"),
        (None, None, 0, "Nothing to do: Azure started no upgrade."),
    ],
)
def test_end_of_an_upgrade(record: RollingUpgrade | None, error: str | None, code: int, line: str) -> None:
    """Exit code and line for each way that it can end."""
    assert (exit_code(record, error), conclusion(record, error, "--id x")) == (code, line)
