"""Where functions between the layers of a person's own code join what several of them put out."""

from __future__ import annotations

import re
from dis import get_instructions
from functools import lru_cache
from types import CodeType, FrameType
from typing import NamedTuple

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
_ELEMENTWISE = (
    "abs absolute arctan ceil celu clip cos elu erf exp expm1 floor gelu hard_sigmoid hard_silu hard_swish "
    "hard_tanh leaky_relu log log1p log_sigmoid maximum minimum mod negative reciprocal relu relu6 round "
    "rsqrt selu sigmoid sign silu sin soft_shrink softplus softsign sparse_plus sqrt square swish tanh "
    "tanh_shrink threshold add subtract multiply divide power"
)
ELEMENTWISE = frozenset(_ELEMENTWISE.split())
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
        self.keeps_places = source_count > 1 or name in ELEMENTWISE
        self.is_output = False


class Made(NamedTuple):
    """What is known of a tensor that functions have made of another.

    Attributes:
        name: What the last function is called, as in `Joint`; no name where several have made it one after the other.
    """

    name: str = ANY_FUNCTION

    def told_by(self, frame: FrameType, is_first: bool) -> Made | None:
        """What is known when a function has ended that put it out; `None` where that hands on what it was given.

        Args:
            frame: The function; those within it were asked before.
            is_first: Whether it was given nothing that other functions have made.
        """
        if str(frame.f_globals.get("__name__")).partition(".")[0] not in LIBRARIES:
            return self
        plain = SUFFIX.sub("", frame.f_code.co_name.strip("_"))
        if is_first and plain in HANDING_ON:
            return None
        around = frame.f_back
        operator = None if around is None else _operators(around.f_code).get(around.f_lasti)
        known = operator or OTHER_NAMES.get(plain, plain)
        if not is_first:
            return Made()
        return Made(known) if known in PUBLIC and callable(getattr(keras.ops, known)) else self


def name_of_function(innermost: FrameType, call: FrameType) -> str:
    """What `keras.ops` calls the function or operator that has put something out.

    Args:
        innermost: Where it was put out; the functions around it are asked too.
        call: That of the layer, in which they were called.
    """
    frame: FrameType | None = innermost
    while frame is not None and frame is not call:
        operator = _operators(frame.f_code).get(frame.f_lasti)
        if operator is not None:
            return operator
        if str(frame.f_globals.get("__name__")).partition(".")[0] in LIBRARIES:
            plain = SUFFIX.sub("", frame.f_code.co_name.strip("_"))
            known = OTHER_NAMES.get(plain, plain)
            if known in PUBLIC and callable(getattr(keras.ops, known)):
                return known
        frame = frame.f_back
    return ANY_FUNCTION


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
