import numpy as np
from hypothesis import example, given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from nnvis_widget.errors import FrameError
from nnvis_widget.stream.frame import WIRE_DTYPES, Section, decode_frame, encode_frame

VALUES = st.sampled_from(sorted(WIRE_DTYPES)).flatmap(
    lambda dtype: arrays.arrays(dtype, arrays.array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=5))
)
FACTS = st.dictionaries(
    st.text(max_size=9),
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=9)
    | st.lists(st.text(max_size=5), max_size=3),
    max_size=4,
)
SECTIONS = st.lists(
    st.builds(Section, st.text(max_size=9), VALUES, st.text(max_size=9), st.text(max_size=9), FACTS), max_size=5
)
VALID = encode_frame({"kind": "x"}, [Section("a", np.arange(5, dtype=np.float32), "L1", "n", {"lo": 1.5})])


@given(header=FACTS, sections=SECTIONS)
def test_what_is_encoded_comes_back(header, sections):
    header.pop("sections", None)
    data = encode_frame(header, sections)
    frame = decode_frame(data)
    assert frame.header == header
    assert len(frame.sections) == len(sections)
    for read, written in zip(frame.sections, sections, strict=True):
        assert (read.quantity, read.layer, read.name) == (written.quantity, written.layer, written.name)
        assert read.attributes == written.attributes
        assert (read.values.dtype, read.values.shape) == (written.values.dtype, written.values.shape)
        assert read.values.tobytes() == np.ascontiguousarray(written.values).tobytes()
        assert read.values.ctypes.data % read.values.itemsize == 0 or not read.values.size


def refuses_or_reads(data):
    try:
        decode_frame(data)
    except FrameError:
        return
    assert data[:4] == b"NNVF"


@given(st.binary(max_size=200))
@example(b"NNVF\x01\0\0\0\xff\xff\xff\xff\0\0\0\0")
def test_any_bytes_are_read_or_refused_as_a_frame_error(data):
    refuses_or_reads(data)
    refuses_or_reads(VALID[:16] + data)


@given(st.lists(st.tuples(st.integers(0, len(VALID) - 1), st.integers(0, 255)), min_size=1, max_size=4))
def test_flipped_bytes_are_read_or_refused_as_a_frame_error(changes):
    data = bytearray(VALID)
    for place, value in changes:
        data[place] = value
    refuses_or_reads(bytes(data))
