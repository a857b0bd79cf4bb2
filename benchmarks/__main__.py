"""`python -m benchmarks`: measure everything; `--only training` one part; `--minutes 1` a shorter memory run."""

from __future__ import annotations

import argparse
import json
import os
import platform
from collections.abc import Callable, Iterator
from dataclasses import asdict
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path

from .result import Result

PARTS = (
    "weight",
    "training",
    "doctor",
    "convolutions",
    "sequences",
    "pace",
    "past",
    "drawn",
    "floods",
    "browser",
    "lesson",
    "drawing",
    "panels",
    "large_models",
    "levels",
    "input_shares",
    "learning",
    "what_if",
    "sequence_zoo",
    "memory",
)
RESULTS = Path(__file__).parent / "results"


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--only", choices=PARTS, action="append", help="measure only this part; may be repeated")
    parser.add_argument("--minutes", type=float, default=10.0, help="length of the memory run")
    arguments = parser.parse_args()
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    print(f"On {machine()}\n")
    results: list[Result] = []
    for part in arguments.only or PARTS:
        measure: Callable[..., Iterator[Result]] = import_module(f"benchmarks.{part}").measure
        for result in measure(arguments.minutes) if part == "memory" else measure():
            print(line(result), flush=True)
            results.append(result)
    RESULTS.mkdir(exist_ok=True)
    report = {
        "machine": machine(),
        "when": datetime.now(UTC).isoformat(timespec="seconds"),
        "results": [asdict(result) | {"is_met": result.is_met} for result in results],
    }
    (RESULTS / "latest.json").write_text(json.dumps(report, indent=2, ensure_ascii=False))
    print(f"\nWritten to {RESULTS / 'latest.json'}")


def line(result: Result) -> str:
    limit = "" if result.limit is None else f"≤ {result.limit:g}"
    mark = {True: "met", False: "NOT MET", None: ""}[result.is_met]
    return f"{result.name:<58}{result.value:>10.3f} {result.unit:<10}{limit:<8}{mark:<9}{result.note}"


def machine() -> str:
    model = platform.processor() or platform.machine()
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists():
        rows = [row for row in cpuinfo.read_text().splitlines() if row.startswith("model name")]
        model = rows[0].partition(":")[2].strip() if rows else model
    return f"{model}, {os.cpu_count()} cores, {platform.system()}, Python {platform.python_version()}"


if __name__ == "__main__":
    main()
