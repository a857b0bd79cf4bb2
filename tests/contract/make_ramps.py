"""Writes the colours of the ramps that both languages compute: `python -m tests.contract.make_ramps`."""

import json
from pathlib import Path

from nnvis_widget.core.ramps import STOPS, is_light, ramp

RAMPS = Path(__file__).parent / "ramps.json"


def ramps():
    """By theme and ramp: all 257 colours as hex, and where black text reads better than white."""
    return {
        theme: {
            name: {
                "colors": [bytes(color.tolist()).hex() for color in ramp(name, theme)],
                "is_light": "".join("01"[int(light)] for light in is_light(ramp(name, theme))),
            }
            for name in names
        }
        for theme, names in STOPS.items()
    }


def written():
    return json.dumps(ramps(), indent=1) + "\n"


if __name__ == "__main__":
    RAMPS.write_text(written(), encoding="utf-8")
