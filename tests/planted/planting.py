"""Planting a break into a copy of the checkout, and asking tests whether they notice it."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

SHORT_PATIENCE_S = 20
LONGEST_S = 900
FRONT_END = "js/"

RunPytest = Callable[[Sequence[str]], tuple[int, str]]


@dataclass(frozen=True)
class Break:
    """One small edit that makes a claim of the product untrue.

    Attributes:
        claim: What is no longer so.
        file: Where, from the root of the checkout.
        old: A text that is there once.
        new: What takes its place.
        tests: Of these at least one has to fail: `tests/….py::test_name` or `js/tests/….test.ts::the test's name`.
    """

    claim: str
    file: str
    old: str
    new: str
    tests: tuple[str, ...]

    def planted_in(self, text: str) -> str:
        """The text of its file with the break in it.

        Raises:
            ValueError: If the old text is not there exactly once, or is the new one.
        """
        count = text.count(self.old)
        if count != 1 or self.old == self.new:
            raise ValueError(
                f"Expected another text in place of one that {self.file} has once, got it {count} times. "
                f"Bring the break {self.claim!r} up to date."
            )
        return text.replace(self.old, self.new)


def copy_checkout(source: Path, place: Path) -> None:
    """Copy all that git knows or would add, and the built front end; what is installed is linked to.

    Args:
        source: The root of a checkout that was set up.
        place: A folder that is not there yet.
    """
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=source,
        check=True,
        capture_output=True,
        text=True,
    )
    for name in filter(None, listed.stdout.split("\0")):
        if (source / name).is_file():
            (place / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source / name, place / name)
    static = Path("nnvis_widget/widgets/static")
    shutil.copytree(source / static, place / static)
    modules = place / "js/node_modules"  # a folder of links, for vite writes into it
    modules.mkdir()
    for module in (source / "js/node_modules").iterdir():
        (modules / module.name).symlink_to(module)
    limits = place / "tests/limits.py"  # a test that waits in vain need not wait for a busy machine
    limits.write_text(
        re.sub(r"(?m)^PATIENCE_S = [\d.]+", f"PATIENCE_S = {SHORT_PATIENCE_S}", limits.read_text("utf-8"))
    )


@contextmanager
def planted(one: Break, root: Path) -> Iterator[None]:
    """Within it the break is in a copy."""
    path = root / one.file
    before = path.read_text("utf-8")
    path.write_text(one.planted_in(before), "utf-8")
    try:
        yield
    finally:
        path.write_text(before, "utf-8")


class Pytest:
    """Runs tests of a copy in a process each, which begins with the large libraries imported.

    Args:
        root: Of the copy.
    """

    def __init__(self, root: Path) -> None:
        command = [sys.executable, "-m", "tests.planted.forking"]
        # Without bytecode: an edit of the same length within a second would not be seen.
        environment = os.environ | {"PYTHONPATH": str(root), "PYTHONDONTWRITEBYTECODE": "1"}
        self._process = subprocess.Popen(
            command, cwd=root, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def __call__(self, arguments: Sequence[str]) -> tuple[int, str]:
        """The exit code and what was written."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        print(json.dumps(arguments), file=self._process.stdin, flush=True)
        code, written = json.loads(self._process.stdout.readline())
        return code, written

    def close(self) -> None:
        """End the process."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait()


def failing(tests: Sequence[str], root: Path, run_pytest: RunPytest) -> list[str]:
    """Those tests of a copy that fail; of Python the first of them.

    Raises:
        RuntimeError: If they did not run: then nothing is known.
    """
    of_page = [test for test in tests if test.startswith(FRONT_END)]
    of_python = [test for test in tests if not test.startswith(FRONT_END)]
    return [*(_failing_in_pytest(of_python, run_pytest) if of_python else []), *_failing_in_vitest(of_page, root)]


def _failing_in_pytest(tests: Sequence[str], run_pytest: RunPytest) -> list[str]:
    code, written = run_pytest(["-x", "-q", "--tb=no", "-p", "no:cacheprovider", *tests])
    failed = re.findall(r"(?m)^FAILED (\S+::.+?)(?: - .*)?$", written)
    if code not in (0, 1) or bool(failed) != bool(code):
        raise RuntimeError(f"pytest ran no test to its end:\n{written[-5000:]}")
    return failed


def _failing_in_vitest(tests: Sequence[str], root: Path) -> list[str]:
    failed = []
    for file in dict.fromkeys(test.partition("::")[0] for test in tests):
        names = [name for test in tests for path, _, name in [test.partition("::")] if path == file]
        report = root / "js/vitest.json"
        report.unlink(missing_ok=True)
        command = ["node", "node_modules/vitest/vitest.mjs", "run", file.removeprefix(FRONT_END)]
        command += ["--reporter=json", f"--outputFile={report}"]
        if all(names):
            command += ["-t", "|".join(map(re.escape, names))]
        ended = subprocess.run(command, cwd=root / "js", capture_output=True, text=True, timeout=LONGEST_S, check=False)
        results = json.loads(report.read_text("utf-8"))["testResults"] if report.is_file() else []
        asked = [one for result in results for one in result["assertionResults"]]
        if not any(one["status"] in ("passed", "failed") for one in asked):
            raise RuntimeError(f"vitest ran no test to its end:\n{ended.stdout[-3000:]}{ended.stderr[-3000:]}")
        failed += [f"{file}::{one['title']}" for one in asked if one["status"] == "failed"]
    return failed
