"""`python -m bench.preview`: the time of a preview with the components, their hooks included, against a bare azure-native program with the same resources.

Wall time says what a person waits; processor time of all processes is what to compare on a machine that does other things too.
"""

import json
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from offline import workspace

HERE = Path(__file__).parent
RUNS = 5
GOALS = {1: 1.10, 20: 1.25}
"""Scale sets -> the most that the components may take, as a multiple of the bare program's time."""
Times = dict[str, list[tuple[float, float]]]
"""Program -> wall and processor seconds of each run."""


def main() -> None:
    """Measures at 1 and at 20 scale sets and prints a table."""
    print(f"{'scale sets':>10}  {'time':>9}  {'components':>10}  {'bare':>8}  {'ratio':>6}  {'goal':>5}")
    for count, goal in GOALS.items():
        with tempfile.TemporaryDirectory() as folder:
            times = measure(Path(folder), count)
        for index, kind in enumerate(("wall", "processor")):
            ours, bare = ([run[index] for run in times[name]] for name in ("component", "bare"))
            row = f"{count:>10}  {kind:>9}  {statistics.median(ours):>9.2f}s  {statistics.median(bare):>7.2f}s  {ratio(ours, bare):>6.2f}  {goal:>5.2f}"
            print(row, flush=True)


def ratio(ours: list[float], bare: list[float]) -> float:
    """The median of the ratios pair by pair: the machine's speed may drift between the pairs."""
    return statistics.median(a / b for a, b in zip(ours, bare, strict=True))


def measure(folder: Path, count: int) -> Times:
    """The times of each preview, components and bare in turn, after one that isn't counted."""
    environment = workspace.environment(folder / "home")
    projects = {name: make(folder, name, environment) for name in ("component", "bare")}
    (projects["component"] / "count.txt").write_text(str(count))
    preview = pulumi(projects["component"], environment, "preview", "--json")
    (projects["bare"] / "resources.json").write_text(json.dumps(azure_resources(json.loads(preview)["steps"])))
    times: Times = {name: [] for name in projects}
    for run in range(RUNS + 1):
        for name, project in projects.items():
            start, used = time.perf_counter(), processor_seconds()
            pulumi(project, environment, "preview")
            if run:
                times[name].append((time.perf_counter() - start, processor_seconds() - used))
        show_progress(f"{count} scale set(s): run {run} of {RUNS}")
    return times


def processor_seconds() -> float:
    """What the processes that this one started, and theirs, have used so far."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def make(folder: Path, name: str, environment: dict[str, str]) -> Path:
    """A project with one of the two programs."""
    project = folder / name
    project.mkdir()
    shutil.copy(HERE / f"{name}_program.py", project / "__main__.py")
    (project / "Pulumi.yaml").write_text(f"name: bench-{name}\nruntime: python\n")
    pulumi(project, environment, "stack", "init", "bench")
    return project


def pulumi(project: Path, environment: dict[str, str], *words: str) -> str:
    """Runs pulumi; its output."""
    done = subprocess.run(
        ["pulumi", *words, "--non-interactive"], cwd=project, env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        raise SystemExit(f"pulumi {' '.join(words)} failed:\n{done.stdout}\n{done.stderr}")
    return done.stdout


def azure_resources(steps: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Type, name and inputs of the azure-native resources of a preview; what is unknown in it is left out."""
    return [
        {"type": step["newState"]["type"], "name": step["urn"].rsplit("::", 1)[-1], "inputs": known(step["newState"].get("inputs", {}))}
        for step in steps
        if step["newState"]["type"].startswith("azure-native:")
    ]


def known(value: Any) -> Any:
    """*value* with a text in place of what the preview doesn't know."""
    if isinstance(value, dict):
        return {key: known(item) for key, item in value.items()}
    if isinstance(value, list):
        return [known(item) for item in value]
    return "unknown" if value == "04da6b54-80e4-46f7-96ec-b56ff0331ba9" else value


def show_progress(text: str) -> None:
    """A line that the next one replaces, in a terminal."""
    if sys.stderr.isatty():
        print(f"\r{text}\033[K", end="", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
