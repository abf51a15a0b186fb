"""Long commands: what is shown, and what is said when they fail."""

import sys
from pathlib import Path

import pytest

from tools import progress
from tools.errors import SetupError


def test_counted_lines_are_shown(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Outside a terminal the last line of progress stays, with what was counted and the total."""
    command = [sys.executable, "-c", "print('a\\nskip\\nb')"]

    progress.run("Engine", command, folder=tmp_path, counts=lambda line: line != "skip\n", unit="packages compiled", total=3)

    assert capsys.readouterr().out == "Engine: 0 s, 2 of 3 packages compiled\n"


def test_failure_shows_the_end_of_the_output(tmp_path: Path) -> None:
    """The error has the command, its exit code, and the last thirty lines of both outputs."""
    script = "import sys; [print(n) for n in range(40)]; sys.stdout.flush(); sys.exit('no space')"

    with pytest.raises(SetupError) as error:
        progress.run("Engine", [sys.executable, "-c", script], folder=tmp_path, counts=lambda _: True, unit="lines")

    assert str(error.value).splitlines() == [
        f"Engine: `{sys.executable} -c {script}` failed (1):",
        *map(str, range(11, 40)),
        "no space",
    ]


def test_total_may_be_unknown() -> None:
    """Without a total the count stands alone; minutes are told in seconds."""
    assert progress.line_of("Modules", 83.6, 12, None, "downloaded") == "Modules: 84 s, 12 downloaded"
