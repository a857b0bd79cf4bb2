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
ANY_FUNCTION = "function"
SUFFIX = re.compile(r"(_v\d+|_dispatch)+$")
PUBLIC = frozenset(dir(keras.ops))


class Joint:
    """Such as the + of a way around.

    Attributes:
        name: What the function is called in `keras.ops`, `function` where it is none of these.
        put: What it put out.
    """

    def __init__(self, name: str, put: Put) -> None:
        self.name = name
        self.put = put


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
