"""Writes the colours that panels and page share: `python -m tests.contract.make_tokens`."""

import json
from pathlib import Path

from nnvis_widget.core.tokens import HOST, TOKENS

PATH = Path(__file__).parent / "tokens.json"


def written():
    """By theme and name, as `#rrggbb` or `#rrggbbaa`; and the variable of JupyterLab that comes first."""
    return json.dumps({**TOKENS, "host": HOST}, indent=1) + "\n"


if __name__ == "__main__":
    PATH.write_text(written(), encoding="utf-8")
