"""Writes what a page may ask for, as both languages know it: `python -m tests.contract.make_operations`."""

import json
from pathlib import Path

from nnvis_widget.core.pace import CHOICES
from nnvis_widget.stream.protocol import OPERATIONS, PROTOCOL_VERSION

CONTRACT = Path(__file__).parent / "operations.json"


def written():
    operations = {
        op: {name: argument.json_type for name, argument in arguments.items()} for op, arguments in OPERATIONS.items()
    }
    return json.dumps({"version": PROTOCOL_VERSION, "operations": operations, "paces": CHOICES}, indent=1) + "\n"


if __name__ == "__main__":
    CONTRACT.write_text(written(), encoding="utf-8")
