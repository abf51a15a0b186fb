"""`python -m bench.check`: the time of `check` on typical models beside reading the same model from JSON."""

import json
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import yaml

from azure_scaleset.rules import check

MODELS = Path(__file__).parents[1] / "tests" / "fixtures" / "models"
GOAL = 5.0
"""Milliseconds for a typical model."""
RUNS = 30


def main() -> int:
    """Measures every model of the tests' fixtures and prints median and worst; 1 when the typical one misses the goal."""
    models = {file.stem: yaml.safe_load(file.read_text(encoding="utf-8"))["inputs"] for file in sorted(MODELS.glob("*.yaml"))}
    times = {name: measure(model) for name, model in models.items()}
    ranked = sorted(times, key=lambda name: times[name][0])
    typical = statistics.median(each[0] for each in times.values())
    print(f"{'model':<55}  {'check':>8}  {'json.loads':>10}  {'ratio':>6}")
    for name in (ranked[0], ranked[len(ranked) // 2], ranked[-1]):
        ours, reading = times[name]
        print(f"{name:<55}  {ours:>6.2f}ms  {reading:>8.3f}ms  {ours / reading:>6.0f}")
    met = typical < GOAL
    print(f"median of {len(models)} models: {typical:.2f} ms, goal under {GOAL:.0f} ms: {'met' if met else 'missed'}")
    return 0 if met else 1


def measure(model: dict[str, Any]) -> tuple[float, float]:
    """Milliseconds of `check` and of `json.loads`, the median of several runs in turn."""
    text = json.dumps(model)
    runs = [(seconds(check, model), seconds(json.loads, text)) for _ in range(RUNS)]
    ours, reading = (1000 * statistics.median(each) for each in zip(*runs, strict=True))
    return ours, reading


def seconds(function: Callable[[Any], Any], argument: Any) -> float:
    """How long one call takes."""
    start = time.perf_counter()
    function(argument)
    return time.perf_counter() - start


if __name__ == "__main__":
    sys.exit(main())
