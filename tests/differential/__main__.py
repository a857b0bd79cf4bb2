"""`python -m tests.differential 0 10000`: programs of these seeds, those with faults printed."""

from __future__ import annotations

import argparse
import os
import warnings
from time import monotonic

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.differential", description=__doc__)
    parser.add_argument("first", type=int)
    parser.add_argument("end", type=int)
    arguments = parser.parse_args()
    from .claims import faults
    from .programs import program

    warnings.simplefilter("ignore")
    bad, start_s = 0, monotonic()
    for seed in range(arguments.first, arguments.end):
        one = program(seed)
        try:
            found = faults(one)
        except Exception as error:
            found = [f"the program or a claim raised {type(error).__name__}: {error}"]
        if found:
            bad += 1
            print(f"--- seed {seed} ({one.head}, {one.container})", *found, one.source, sep="\n", flush=True)
    count = arguments.end - arguments.first
    print(f"{count} programs, {bad} with faults, {monotonic() - start_s:.0f} s")
    return bool(bad)


if __name__ == "__main__":
    raise SystemExit(main())
