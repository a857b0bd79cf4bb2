"""`python -m tests.differential 0 10000`: programs of these seeds, those with faults printed."""

from __future__ import annotations

import argparse
import gc
import os
import traceback
import warnings
from time import monotonic

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

MOST_FAULTS = 2
MOST_CHARACTERS = 400
COLLECT_EVERY = 20


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.differential", description=__doc__)
    parser.add_argument("first", type=int)
    parser.add_argument("end", type=int)
    arguments = parser.parse_args()
    from .claims import faults
    from .programs import program

    warnings.simplefilter("ignore")
    bad, refused, start_s = 0, 0, monotonic()
    for seed in range(arguments.first, arguments.end):
        one = program(seed)
        try:
            found = faults(one)
        except Exception as error:
            where = traceback.extract_tb(error.__traceback__)[-1]
            found = [f"a claim raised {type(error).__name__} in {where.name}: {error}"]
        refused += found is None
        if found:
            bad += 1
            more = [f"and {len(found) - MOST_FAULTS} more"] if len(found) > MOST_FAULTS else []
            told = [fault.replace("\n", " ")[:MOST_CHARACTERS] for fault in found[:MOST_FAULTS]]
            print(f"--- seed {seed} ({one.head}, {one.container})", *told, *more, one.source, sep="\n", flush=True)
        if seed % COLLECT_EVERY == 0:
            gc.collect()
    count, time_s = arguments.end - arguments.first, monotonic() - start_s
    print(f"{count} programs, {refused} refused by Keras, {bad} with faults, {time_s:.0f} s")
    return bool(bad)


if __name__ == "__main__":
    raise SystemExit(main())
