"""Writes the limits of the picture that both languages keep: `python -m tests.contract.make_limits`."""

import json
from pathlib import Path

from nnvis_widget.core import limits

PATH = Path(__file__).parent / "limits.json"


def written():
    """Every constant of `core/limits.py` by its name, which it has in TypeScript too."""
    shared = {name: value for name, value in sorted(vars(limits).items()) if name.isupper()}
    return json.dumps(shared, indent=1) + "\n"


if __name__ == "__main__":
    PATH.write_text(written(), encoding="utf-8")
