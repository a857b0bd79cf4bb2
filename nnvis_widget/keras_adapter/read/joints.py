"""Where functions between the layers of a person's own code join what several of them put out."""

from __future__ import annotations

import re
from dis import get_instructions
from functools import lru_cache
from types import CodeType, FrameType

import keras

from nnvis_widget.keras_adapter.read.nodes import Level, Put

LIBRARIES = ("keras", "tensorflow", "jax", "torch")
OPERATORS = {"+": "add", "-": "subtract", "*": "multiply", "/": "divide", "@": "matmul", "**": "power"}
OTHER_NAMES = {
    "mul": "multiply",
    "sub": "subtract",
    "truediv": "divide",
    "real_div": "divide",
    "pow": "power",
    "concat": "concatenate",
    "mat_mul": "matmul",
    "batch_mat_mul": "matmul",
}
HANDING_ON = ("cast", "convert_to_tensor", "stop_gradient", "copy", "identity")
ANY_FUNCTION = "function"
SUFFIX = re.compile(r"(_v\d+|_dispatch)+$")
PUBLIC = frozenset(dir(keras.ops))
_KEEPING_PLACES = (
    "abs absolute arctan ceil celu clip cos elu erf exp expm1 floor gelu hard_sigmoid hard_silu hard_swish "
    "hard_tanh leaky_relu log log1p log_sigmoid maximum minimum mod negative reciprocal relu relu6 round "
    "rsqrt selu sigmoid sign silu sin soft_shrink softplus softsign sparse_plus sqrt square swish tanh "
    "tanh_shrink threshold add subtract multiply divide power"
)
KEEPING_PLACES = frozenset(_KEEPING_PLACES.split())
"""What puts out at each place what it makes of what it was given there."""


class Joint:
    """Such as the + of a way around, or a function between two layers.

    Attributes:
        name: What the function is called in `keras.ops`, `function` where it is none of these.
        put: What it put out.
        keeps_places: Whether what it puts out is at the place of what it was given.
        is_output: Whether the model puts that out.
    """

    def __init__(self, name: str, put: Put, source_count: int) -> None:
        self.name = name
        self.put = put
        self.keeps_places = source_count > 1 or name in KEEPING_PLACES
        self.is_output = False


def name_of_function(innermost: FrameType, call: FrameType) -> str:
    """What `keras.ops` calls the function or operator that has put something out.

    Args:
        innermost: Where it was put out; the functions around it are asked too.
        call: That of the layer, in which they were called.
    """
    frame: FrameType | None = innermost
    while frame is not None and frame is not call:
        known = _operator(frame) or _public_name(frame)
        if known is not None:
            return known
        frame = frame.f_back
    return ANY_FUNCTION


def name_of_maker(frame: FrameType, known: str, is_first: bool) -> str:
    """What a tensor's maker is called now that a function has ended that put it out.

    Args:
        frame: The function; those within it were asked before.
        known: What they have told.
        is_first: Whether it was given nothing that other functions have made.

    Returns:
        A name as that of a joint; empty where the function hands on what it was given.
    """
    if not _is_of_library(frame):
        return known
    if not is_first:
        return ANY_FUNCTION
    if _plain_name(frame) in HANDING_ON:
        return ""
    return (frame.f_back and _operator(frame.f_back)) or _public_name(frame) or known


def _is_of_library(frame: FrameType) -> bool:
    return str(frame.f_globals.get("__name__")).partition(".")[0] in LIBRARIES


def _plain_name(frame: FrameType) -> str:
    return SUFFIX.sub("", frame.f_code.co_name.strip("_"))


def _public_name(frame: FrameType) -> str | None:
    """What `keras.ops` calls a function of a library; `None` where it has none such."""
    known = OTHER_NAMES.get(_plain_name(frame), _plain_name(frame))
    is_public = _is_of_library(frame) and known in PUBLIC and callable(getattr(keras.ops, known))
    return known if is_public else None


def _operator(frame: FrameType) -> str | None:
    """The operator that a function is at."""
    return _operators(frame.f_code).get(frame.f_lasti)


@lru_cache(maxsize=256)
def _operators(code: CodeType) -> dict[int, str]:
    """By their places in a function the operators in it."""
    found = {
        each.offset: OPERATORS.get(each.argrepr.rstrip("="))
        for each in get_instructions(code)
        if each.opname == "BINARY_OP"
    }
    return {place: name for place, name in found.items() if name is not None}


def without_loose_joints(level: Level) -> Level:
    """The level without joints that lead nowhere, such as those of a loss that is added."""
    members, wires = level.members, level.wires
    while True:
        sources = {id(wire.source) for wire in wires}
        loose = {id(one) for one in members if isinstance(one, Joint) and id(one) not in sources}
        if not loose:
            return Level(members, wires, level.uses, level.note)
        members = [one for one in members if id(one) not in loose]
        wires = [wire for wire in wires if id(wire.target) not in loose]
