"""A frame: one block of bytes with a JSON header and packed numbers. Its twin is js/src/stream/decodeFrame.ts.

    offset 0   4 bytes   magic "NNVF"
    offset 4   uint32    frame version
    offset 8   uint32    length of the header in bytes
    offset 12  uint32    zero
    offset 16            header: UTF-8 JSON, padded with spaces to a multiple of 8
    then                 sections: little-endian, each starting at a multiple of 8 after the header

The header's `sections` list gives quantity, layer, name, dtype, shape and offset (from the end of the header) of each.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from math import prod
from typing import Any

import numpy as np

from nnvis_widget.errors import FrameError

MAGIC = b"NNVF"
FRAME_VERSION = 1
PREAMBLE = struct.Struct("<4sIII")
ALIGNMENT = 8
MAX_SIZE = 2**31 - 1
WIRE_DTYPES = {"float32": "<f4", "float64": "<f8", "uint8": "|u1", "int32": "<i4"}
# numpy writes the name of a dtype anew each time, which took 4 of the 9 us of a small section.
_NAMES = {np.dtype(wire): name for name, wire in WIRE_DTYPES.items()}


@dataclass(frozen=True)
class Section:
    """One array of a frame.

    Attributes:
        quantity: What it is: `activation`, `weight`, `bundle`, `field`, `curve`, …
        values: Any shape; float32, float64, uint8 or int32.
        layer: The layer's id, or empty.
        name: Which of several: a parameter's or a metric's name, or empty.
        attributes: Small extra facts: finite numbers, strings, lists of them.
    """

    quantity: str
    values: np.ndarray
    layer: str = ""
    name: str = ""
    attributes: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Frame:
    """A decoded frame."""

    header: Mapping[str, Any]
    sections: tuple[Section, ...]

    def find(self, quantity: str, layer: str = "", name: str | None = None) -> Section | None:
        """The first section with this quantity, layer and (if given) name."""
        for section in self.sections:
            if section.quantity == quantity and section.layer == layer and name in (None, section.name):
                return section
        return None


def encode_frame(header: Mapping[str, Any], sections: Iterable[Section]) -> bytes:
    """Pack a header and arrays into one block of bytes.

    Args:
        header: JSON-able; every float finite (others belong into a section).
        sections: Copied once into the result.

    Raises:
        FrameError: If an array has a dtype that does not travel.
        ValueError: If a float of the header is not finite.
    """
    table: list[dict[str, Any]] = []
    chunks: list[bytes] = []
    offset = 0
    for section in sections:
        dtype = _NAMES.get(section.values.dtype) or section.values.dtype.name
        if dtype not in WIRE_DTYPES:
            raise FrameError(
                f"Expected {', '.join(WIRE_DTYPES)} in a frame, got {dtype} for {section.quantity!r}. Convert it first."
            )
        data = section.values.astype(WIRE_DTYPES[dtype], copy=False).tobytes()
        padding = -len(data) % ALIGNMENT
        table.append(
            {
                "quantity": section.quantity,
                "layer": section.layer,
                "name": section.name,
                "dtype": dtype,
                "shape": list(section.values.shape),
                "offset": offset,
                **({"attributes": dict(section.attributes)} if section.attributes else {}),
            }
        )
        chunks.append(data + b"\0" * padding)
        offset += len(data) + padding
    text = json.dumps({**header, "sections": table}, allow_nan=False, separators=(",", ":")).encode()
    text += b" " * (-len(text) % ALIGNMENT)
    return b"".join([PREAMBLE.pack(MAGIC, FRAME_VERSION, len(text), 0), text, *chunks])


def decode_frame(data: bytes) -> Frame:
    """Read what `encode_frame` wrote.

    Raises:
        FrameError: If the bytes are no frame of this version, or are cut short.
    """
    if len(data) < PREAMBLE.size:
        raise FrameError(
            f"Expected at least {PREAMBLE.size} bytes of a frame, got {len(data)}. The block was cut short."
        )
    magic, version, length, _ = PREAMBLE.unpack_from(data)
    if magic != MAGIC or version != FRAME_VERSION:
        raise FrameError(
            f"Expected a frame {MAGIC!r} of version {FRAME_VERSION}, got {magic!r} of version {version}. "
            "Use the same version of nnvis_widget on both sides."
        )
    start = PREAMBLE.size + length
    try:
        header = dict(json.loads(data[PREAMBLE.size : start]))
        sections = tuple(_read_section(data, start, entry) for entry in header.pop("sections"))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise FrameError(
            f"Expected a whole frame, got {len(data)} damaged bytes: {error}. Ask for it again."
        ) from error
    return Frame(header, sections)


def _read_section(data: bytes, start: int, entry: Mapping[str, Any]) -> Section:
    shape, offset = tuple(entry["shape"]), entry["offset"]
    dtype = np.dtype(WIRE_DTYPES[entry["dtype"]])
    if not all(type(size) is int and 0 <= size <= MAX_SIZE for size in (*shape, offset)):
        raise ValueError(f"no section has shape={shape!r} and offset={offset!r}")
    count = prod(shape)
    if start + offset + count * dtype.itemsize > len(data):
        raise ValueError(f"a section of shape={shape} at offset={offset} does not fit")
    values = np.frombuffer(data, dtype, count, start + offset).reshape(shape)
    texts = [str(entry[key]) for key in ("quantity", "layer", "name")]
    return Section(texts[0], values, texts[1], texts[2], dict(entry.get("attributes", {})))
