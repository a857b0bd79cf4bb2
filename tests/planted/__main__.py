"""`python -m tests.planted [words …]`: plant each break whose claim has one of the words, and see it noticed."""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from time import monotonic

from .breaks import BREAKS
from .planting import Break, Pytest, RunPytest, copy_checkout, failing, planted

ROOT = Path(__file__).parents[2]


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.planted", description=__doc__)
    parser.add_argument("words", nargs="*", help="parts of claims; all breaks where there is none")
    words = parser.parse_args().words
    chosen = [one for one in BREAKS if not words or any(word in one.claim for word in words)]
    if not chosen:
        parser.error(f"no claim has any of: {', '.join(words)}")
    start_s = monotonic()
    with tempfile.TemporaryDirectory(prefix="nnvis-planted-") as folder:
        root = Path(folder) / "checkout"
        copy_checkout(ROOT, root)
        with closing(Pytest(root)) as run_pytest:
            broken = failing(tests_of(chosen), root, run_pytest)
            if broken:
                print("fails without any break:", *broken, sep="\n  ")
                return 1
            print(f"unbroken, the tests of {len(chosen)} breaks pass: {monotonic() - start_s:.0f} s", flush=True)
            unnoticed = [one.claim for one in chosen if not is_noticed(one, root, run_pytest)]
    print(f"{len(chosen)} breaks, {len(unnoticed)} not noticed, {monotonic() - start_s:.0f} s", *unnoticed, sep="\n  ")
    return 1 if unnoticed else 0


def tests_of(breaks: Sequence[Break]) -> list[str]:
    """Their tests, each once, those of a file together."""
    tests = dict.fromkeys(test for one in breaks for test in one.tests)
    return sorted(tests, key=lambda test: test.partition("::")[0])


def is_noticed(one: Break, root: Path, run_pytest: RunPytest) -> bool:
    """Plant a break, ask its tests, and say what they said."""
    start_s = monotonic()
    try:
        with planted(one, root):
            noticed = failing(one.tests, root, run_pytest)
    except RuntimeError as error:
        print(error)
        noticed = []
    told = f"noticed      {one.claim}: {noticed[0]}" if noticed else f"NOT NOTICED  {one.claim}"
    print(f"{told} ({monotonic() - start_s:.0f} s)", flush=True)
    return bool(noticed)


if __name__ == "__main__":
    raise SystemExit(main())
