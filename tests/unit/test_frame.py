"""The bytes of a frame: what goes in comes out, and damaged bytes are refused."""

import json
import struct

import numpy as np
import pytest

from nnvis_widget.errors import FrameError
from nnvis_widget.stream.frame import Section, decode_frame, encode_frame


def test_the_bytes_lie_as_the_module_says():
    data = encode_frame({"kind": "x"}, [Section("a", np.uint8([1, 2, 3])), Section("b", np.float64([0.5]), "L1", "n")])
    magic, version, length, zero = struct.unpack_from("<4sIII", data)
    assert (magic, version, zero) == (b"NNVF", 1, 0)
    assert (16 + length) % 8 == 0
    header = json.loads(data[16 : 16 + length])
    assert header["kind"] == "x"
    assert [section["offset"] for section in header["sections"]] == [0, 8]
    assert data[16 + length :] == b"\1\2\3\0\0\0\0\0" + struct.pack("<d", 0.5)


def test_nan_and_infinities_travel_in_sections():
    values = np.float32([np.nan, np.inf, -np.inf, -0.0])
    decoded = decode_frame(encode_frame({}, [Section("a", values)])).sections[0].values
    assert decoded.tobytes() == values.tobytes()


def test_a_header_that_is_not_finite_is_refused():
    with pytest.raises(ValueError, match="JSON"):
        encode_frame({"loss": float("nan")}, [])


@pytest.mark.parametrize("dtype", ["int64", "float16", "bool", "U1", "object", "complex64"])
def test_a_dtype_that_does_not_travel_is_refused(dtype):
    with pytest.raises(FrameError, match=r"Expected float32, .* Convert it first"):
        encode_frame({}, [Section("a", np.zeros(2, dtype))])


def test_arrays_of_any_memory_order_and_byte_order_travel():
    values = np.arange(6, dtype=np.float32).reshape(2, 3)
    for array in (values.T, values[:, ::2], np.asfortranarray(values), values.astype(">f4")):
        decoded = decode_frame(encode_frame({}, [Section("a", array)])).sections[0].values
        np.testing.assert_array_equal(decoded, array)


def test_a_frame_does_not_change_with_its_source():
    values = np.zeros(4, np.float32)
    data = encode_frame({}, [Section("a", values)])
    values[:] = 9
    assert decode_frame(data).sections[0].values.tolist() == [0, 0, 0, 0]


def test_a_section_is_found_by_what_it_is():
    frame = decode_frame(
        encode_frame({}, [Section("w", np.zeros(1, np.uint8), "L1", "bias"), Section("w", np.ones(2, np.uint8), "L1")])
    )
    assert frame.find("w", "L1").values.tolist() == [0]
    assert frame.find("w", "L1", "").values.tolist() == [1, 1]
    assert frame.find("w", "L2") is None


FRAME = encode_frame({"kind": "x"}, [Section("a", np.arange(5, dtype=np.float32), "L1", "n", {"lo": 1.5})])


@pytest.mark.parametrize("length", range(len(FRAME) - 5))
def test_a_frame_cut_short_is_refused(length):
    with pytest.raises(FrameError, match="Expected"):
        decode_frame(FRAME[:length])


@pytest.mark.parametrize("bad", [b"", b"NNVF", b"PNG!" + FRAME[4:], FRAME[:4] + b"\2" + FRAME[5:]])
def test_other_bytes_are_refused_with_a_way_out(bad):
    with pytest.raises(FrameError, match=r"Expected .*\. \w+"):
        decode_frame(bad)


def header_of(sections):
    text = json.dumps(sections).encode()
    text += b" " * (-len(text) % 8)
    return struct.pack("<4sIII", b"NNVF", 1, len(text), 0) + text + b"\0" * 64


SECTION = {"quantity": "a", "layer": "", "name": "", "dtype": "float32", "shape": [2], "offset": 0}


@pytest.mark.parametrize(
    "header",
    [
        [],
        {},
        "text",
        None,
        {"sections": 3},
        {"sections": [3]},
        {"sections": ["x"]},
        {"sections": {"a": 1}},
        *(
            {"sections": [SECTION | change]}
            for change in (
                {"shape": [10**9]},
                {"shape": [-1]},
                {"shape": [2**40, 2**40]},
                {"shape": [10**30]},
                {"shape": ["2"]},
                {"shape": [1.5]},
                {"shape": 3},
                {"shape": None},
                {"offset": -64},
                {"offset": 10**6},
                {"offset": 10**30},
                {"offset": "0"},
                {"offset": None},
                {"offset": 1.5},
                {"dtype": "object"},
                {"dtype": []},
                {"dtype": {}},
                {"quantity": None, "shape": [99]},
            )
        ),
    ],
)
def test_a_header_that_lies_is_refused(header):
    with pytest.raises(FrameError, match="damaged"):
        decode_frame(header_of(header))
