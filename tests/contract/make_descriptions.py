"""Writes what both languages say of the same things: `python -m tests.contract.make_descriptions`.

descriptions.json: the text of `describe` for each golden frame, with the graph it belongs to. number_texts.json:
numbers and names as they are written. sum_texts.json: sums with their factors. Read by test_descriptions.py, by
js/tests/descriptions.test.ts and js/tests/addUp.test.ts.
"""

import json
import math
from pathlib import Path

import numpy as np

from nnvis_widget.core import number_text
from nnvis_widget.core.face import Face
from nnvis_widget.core.graph import Layer, Link, NetworkGraph
from nnvis_widget.core.words.catalogue import LANGUAGES
from nnvis_widget.core.words.language import set_language
from nnvis_widget.stream.description import describe
from nnvis_widget.stream.frame import decode_frame
from nnvis_widget.workings.add_up import factors_text, shorten, write_sum
from nnvis_widget.workings.card import Sum, Term
from tests.contract.make_golden import FOLDER, dense_graph

DESCRIPTIONS = Path(__file__).parent / "descriptions.json"
NUMBER_TEXTS = Path(__file__).parent / "number_texts.json"
SUM_TEXTS = Path(__file__).parent / "sum_texts.json"

NUMBERS = [
    *(0.0, -0.0, 0.125, -0.125, 0.375, 0.5, 1.5, 2.5, -0.0049, 0.001, 0.00099999, -1.3e-5, 9.95e-4, 1e-7, 5e-324),
    *(9999.994, 9999.996, 12_345.0, 99_950.0, -1e300, 0.9994, 0.99941, 0.99999, 1.0, 0.75, 0.1, 0.3, 2 / 3, 1e-3 / 3),
    *(1_234_567.5, 0.0005, 0.00125, 1.005, 1.115, 3e-4, 0.0030000000260770321, 10.0, 256.0, 1e4, 1e21),
    *(math.inf, -math.inf, math.nan),
]
NAMES = ["dense", "", "a\u202eb", "\u0000<b>", "é" * 300, "😀" * 200, "x" * 256, "x" * 257, "\r\n\t", "\ufeff\u2028"]


def lanes():
    """Two inputs, a layer without a shape, a name to be careful with, and more layers than are told."""
    layers = [
        Layer("L0", "left", "InputLayer", ((None, 3),), units=3, role="input", unit_names=("x₁²", "a\u202e", "<b>")),
        Layer("L1", "<img src=x>", "InputLayer", ((None, None, 5),), units=5, role="input"),
        Layer("L2", "later\u202e", "Lambda", (), note="not built"),
        Layer("L3", "routed", "Mixture", ((None, 5),), units=5, face=Face("units", (1, 1, 2), "shares", ("a", "<b>"))),
        Layer("L4", "spread", "Spread", ((None, 5),), units=5, face=Face("matrix", (5, 5, 1)), numbers=("size",)),
        *(
            Layer(f"L{i}", f"act_{i}", kind, ((None, 1),), (), "leaky_relu", 1, role="elementwise")
            for i, kind in enumerate(["LeakyReLU"] + 20 * ["Activation"], 5)
        ),
    ]
    links = tuple(Link(f"L{i}", f"L{max(2, i + 1)}") for i in range(25))
    return NetworkGraph("lanes & more", tuple(layers), links, ("L0", "L1"), ("L25",), 1_234, 1_000)


def empty():
    return NetworkGraph("empty", (), (), (), (), 0, 0, is_built=False)


CASES = {
    "moons": (dense_graph(2, 4, 1), "gradient"),
    "digits": (dense_graph(784, 64, 10), "signal"),
    "nan_everywhere": (dense_graph(3, 5, 2), "weight"),
    "empty_model": (empty(), "weight"),
    None: (lanes(), "weight"),
}


def descriptions():
    said = []
    for name, (graph, edges) in CASES.items():
        frame = None if name is None else decode_frame((FOLDER / f"{name}.bin").read_bytes())
        said.append({"frame": name, "graph": graph.to_json(), "edges": edges, **told(graph, frame, edges)})
    return [*said, {"frame": None, "graph": None, "edges": "weight", **told(None, None)}]


def told(*what):
    """In each language."""
    texts = {}
    for language in LANGUAGES:
        set_language(language)
        texts[language] = describe(*what)
    set_language(None)
    return texts


def plain(value):
    return value if math.isfinite(value) else str(value)


def number_texts():
    numbers = [
        {
            "value": plain(value),
            "number": number_text.format_number(value),
            "signed": number_text.format_signed(value, 3),
            "percent": number_text.format_percent(value),
            "rate": number_text.format_rate(value),
            "count": number_text.format_count(value) if 0 <= value < 1e15 else None,
        }
        for value in NUMBERS
    ]
    return {"numbers": numbers, "names": [{"name": name, "shown": number_text.safe_text(name)} for name in NAMES]}


def sum_texts():
    """Sums of every size, with their factors, as both languages write them."""
    random = np.random.default_rng(5)
    made = []
    for size, scale in ((3, 1.0), (12, 1.0), (13, 1.0), (40, 1.0), (5, 1e-6), (5, 3e5), (9, 0.01), (1, 0.0)):
        weights = [round(one, 6) for one in (random.normal(size=size) * scale).tolist()]
        inputs = [round(one, 6) for one in random.normal(size=size).tolist()]
        terms = [Term("", w * x, w, x) for w, x in zip(weights, inputs, strict=True)]
        total = sum(term.value for term in terms)
        texts, whole = write_sum([term.value for term in terms], total)
        factors = [factors_text(term, text) for term, text in zip(terms, texts, strict=True)]
        shown = [terms.index(row.term) for row in shorten(Sum("z", tuple(terms), total)).rows if row.term is not None]
        made.append(
            {"weights": weights, "inputs": inputs, "texts": texts, "total": whole, "factors": factors, "shown": shown}
        )
    return made


def written(what):
    return json.dumps(what, allow_nan=False, ensure_ascii=False, indent=1) + "\n"


if __name__ == "__main__":
    DESCRIPTIONS.write_text(written(descriptions()), encoding="utf-8")
    NUMBER_TEXTS.write_text(written(number_texts()), encoding="utf-8")
    SUM_TEXTS.write_text(written(sum_texts()), encoding="utf-8")
