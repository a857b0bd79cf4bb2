"""Writes what both languages know of the roles of layers: `python -m tests.contract.make_anatomy`."""

import json
from dataclasses import asdict
from pathlib import Path

from nnvis_widget.core.anatomy import ANATOMY, GATES, NEVER_NEGATIVE

FILE = Path(__file__).parent / "anatomy.json"


def written():
    table = {
        "roles": {role: asdict(anatomy) for role, anatomy in ANATOMY.items()},
        "gates": GATES,
        "never_negative": sorted(NEVER_NEGATIVE),
    }
    return json.dumps(table, indent=1) + "\n"


if __name__ == "__main__":
    FILE.write_text(written(), encoding="utf-8")
