"""One table says what is measured and sent: does the document of the wire agree with it, and do the probes?"""

import re
from pathlib import Path

import pytest

import nnvis_widget
from nnvis_widget.core.quantity import ANY, QUANTITIES

PACKAGE = Path(nnvis_widget.__file__).parent
DTYPES = {"f4": "float32", "f8": "float64", "u1": "uint8", "i4": "int32"}
ROW = re.compile(r"^\| (\w+) \|[^|]*\|[^|]*\| (f4|f8|u1|i4) \[([^\]]*)\]")


def documented():
    """Quantity, dtype and number of axes of each row of a snapshot's table in the document of the wire."""
    text = (PACKAGE / "stream" / "README.md").read_text(encoding="utf-8").partition("Scenery header")[0]
    return [
        (match[1], DTYPES[match[2]], match[3].count(",") + 1) for match in map(ROW.match, text.splitlines()) if match
    ]


def test_the_document_of_the_wire_names_each_quantity_that_is_sent_and_no_other():
    assert {name for name, _, _ in documented()} == {row.name for row in QUANTITIES.values() if row.is_sent}


@pytest.mark.parametrize(("name", "dtype", "axes"), documented())
def test_the_document_of_the_wire_has_the_types_and_axes_of_the_table(name, dtype, axes):
    row = QUANTITIES[name]
    assert row.dtype == dtype
    assert ANY in row.axes or name == "prediction" or len(row.axes) == axes


def test_each_quantity_is_made_by_a_probe_that_there_is_or_by_the_stream():
    probes = {path.stem for path in (PACKAGE / "keras_adapter" / "probes").glob("*.py")}
    assert {row.made_by for row in QUANTITIES.values()} <= probes | {"stream"}
