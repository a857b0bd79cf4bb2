"""Does Python still colour as the page does? js/tests/ramps.test.ts reads the same file."""

import json

from nnvis_widget.core.ramps import STOPS, ramp
from tests.contract.make_ramps import RAMPS, written


def test_the_ramps_are_those_of_the_page():
    assert written() == RAMPS.read_text(encoding="utf-8"), "change js/src/theme/ramps.ts too, then make_ramps again"


def test_a_ramp_passes_through_the_stops_of_the_design():
    for theme, names in STOPS.items():
        for name, stops in names.items():
            colors = [bytes(color.tolist()).hex() for color in ramp(name, theme)]
            hexes = stops.split()
            pace = 256 / (len(hexes) - 1)
            ends_and_middles = [(round(i * pace), stop) for i, stop in enumerate(hexes) if (i * pace).is_integer()]
            assert ends_and_middles
            assert all(colors[place] == stop for place, stop in ends_and_middles)
    assert json.loads(written())["dark"]["value"]["colors"][128] == "2b2d30"
