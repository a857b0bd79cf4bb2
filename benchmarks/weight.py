"""How heavy the package is: its import, its front end."""

from __future__ import annotations

import statistics
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import nnvis_widget

from .result import Result

IMPORT = """
import sys, time
start = time.perf_counter()
import nnvis_widget
print(time.perf_counter() - start, any(name in sys.modules for name in ("tensorflow", "keras")))
"""


def measure() -> Iterator[Result]:
    seconds = []
    for _ in range(7):
        child = subprocess.run([sys.executable, "-c", IMPORT], capture_output=True, text=True, check=True)
        answer = child.stdout.split()
        if answer[1] != "False":
            raise RuntimeError("import nnvis_widget loaded TensorFlow")
        seconds.append(float(answer[0]))
    yield Result("import nnvis_widget, without TensorFlow", statistics.median(seconds), "s", 0.5)
    static = Path(nnvis_widget.__file__).parent / "widgets" / "static"
    size = sum((static / name).stat().st_size for name in ("widget.js", "widget.css", "panel.js"))
    yield Result("Front end, JavaScript and CSS", size / 1e3, "kB", 330)
    yield Result("Script of a pad, loaded with one", (static / "pads.js").stat().st_size / 1e3, "kB", 30)
