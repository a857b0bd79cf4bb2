"""A number that knows how it is written: each operation gives the result, its line of numpy and its LaTeX at once.

So a formula stands once in the code, and what is shown, what is copied and what was computed cannot differ.
"""

from __future__ import annotations

from base64 import b64encode
from dataclasses import dataclass
from typing import Any

import numpy as np

SUM, PRODUCT, POWER, ATOM = range(4)


@dataclass(frozen=True, eq=False)
class Value:
    """A scalar or an array in float64, with its text.

    Attributes:
        number: What it is.
        python: An expression of numpy over names that were given or told before.
        latex: The same for LaTeX, without dollars.
        binds: How closely its text holds together: `SUM` needs brackets in a product, `ATOM` nowhere.
    """

    number: np.ndarray
    python: str
    latex: str
    binds: int = ATOM

    def __add__(self, other: Operand) -> Value:
        return _infix(self, other, np.add, "{} + {}", "{} + {}", SUM, PRODUCT)

    def __radd__(self, other: Operand) -> Value:
        return constant(other) + self

    def __sub__(self, other: Operand) -> Value:
        return _infix(self, other, np.subtract, "{} - {}", "{} - {}", SUM, PRODUCT, PRODUCT)

    def __rsub__(self, other: Operand) -> Value:
        return constant(other) - self

    def __mul__(self, other: Operand) -> Value:
        return _infix(self, other, np.multiply, "{} * {}", r"{} \cdot {}", PRODUCT, POWER)

    def __rmul__(self, other: Operand) -> Value:
        return constant(other) * self

    def __truediv__(self, other: Operand) -> Value:
        over = constant(other)
        number = _quiet(np.divide, self.number, over.number)
        python = f"{_held(self.python, self.binds, PRODUCT)} / {_held(over.python, over.binds, POWER)}"
        return Value(number, python, rf"\frac{{{self.latex}}}{{{over.latex}}}", PRODUCT)

    def __rtruediv__(self, other: Operand) -> Value:
        return constant(other) / self

    def __matmul__(self, other: Value) -> Value:
        return _infix(self, other, np.matmul, "{} @ {}", r"{} \, {}", PRODUCT, POWER)

    def __pow__(self, other: Operand) -> Value:
        power = constant(other)
        plain = (
            other if isinstance(other, int | float) else power.number
        )  # numpy squares otherwise than it raises to 2.0
        number = _quiet(lambda base: base**plain, self.number)
        python = f"{_held(self.python, self.binds, ATOM)} ** {_held(power.python, power.binds, ATOM)}"
        return Value(number, python, rf"{_braced(self)}^{{{power.latex}}}", POWER)

    def __rpow__(self, other: Operand) -> Value:
        return constant(other) ** self

    def __neg__(self) -> Value:
        held, told = _held(self.python, self.binds, PRODUCT), _held_latex(self, PRODUCT)
        return Value(-self.number, f"-{held}", f"-{told}", SUM)

    def __getitem__(self, place: int | tuple[int, ...]) -> Value:
        """An element; the index is written from 0, as numpy counts."""
        places = place if isinstance(place, tuple) else (place,)
        told = ", ".join(map(str, places))
        held = _held(self.python, self.binds, ATOM)
        return Value(self.number[places], f"{held}[{told}]", rf"{_braced(self)}_{{{told}}}", ATOM)


Operand = Value | float | int


def constant(value: Operand) -> Value:
    """A number that is part of a formula."""
    if isinstance(value, Value):
        return value
    text = str(int(value)) if float(value).is_integer() and abs(value) < 1e15 else repr(float(value))
    digits, _, power = text.partition("e")
    told = rf"{digits} \cdot 10^{{{int(power)}}}" if power else text
    return Value(np.asarray(float(value)), text, told, SUM if value < 0 else PRODUCT if power else ATOM)


def exp(value: Value) -> Value:
    """eˣ"""
    return Value(_quiet(np.exp, value.number), f"np.exp({value.python})", rf"e^{{{value.latex}}}", POWER)


def log(value: Value) -> Value:
    """The natural logarithm."""
    return _function(value, np.log, "np.log", r"\ln")


def tanh(value: Value) -> Value:
    """The hyperbolic tangent."""
    return _function(value, np.tanh, "np.tanh", r"\tanh")


def sign(value: Value) -> Value:
    """−1, 0 or 1."""
    return _function(value, np.sign, "np.sign", r"\operatorname{sign}")


def sqrt(value: Value) -> Value:
    """The square root."""
    return Value(_quiet(np.sqrt, value.number), f"np.sqrt({value.python})", rf"\sqrt{{{value.latex}}}")


def magnitude(value: Value) -> Value:
    """|x|"""
    return Value(np.abs(value.number), f"np.abs({value.python})", rf"\left|{value.latex}\right|")


def log1p(value: Value) -> Value:
    """ln(1 + x), exact for small x."""
    told = rf"\ln\left(1 + {value.latex}\right)"
    return Value(_quiet(np.log1p, value.number), f"np.log1p({value.python})", told)


def normal_cdf(value: Value) -> Value:
    """Φ(x), the distribution function of the standard normal."""
    python = f"np.vectorize(lambda x: (1 + math.erf(x / math.sqrt(2))) / 2)({value.python})"
    return Value(_normal_cdf(value.number), python, rf"\Phi\left({value.latex}\right)")


def maximum(one: Operand, other: Operand) -> Value:
    """The larger of two, element by element."""
    return _of_two(one, other, np.maximum, "np.maximum", r"\max")


def minimum(one: Operand, other: Operand) -> Value:
    """The smaller of two, element by element."""
    return _of_two(one, other, np.minimum, "np.minimum", r"\min")


def where(is_true: Value, then: Operand, otherwise: Operand) -> Value:
    """One of two, element by element; `is_true` is made by `less`, `at_most` or `equal`."""
    one, other = constant(then), constant(otherwise)
    number = np.where(is_true.number, one.number, other.number)
    told = rf"\begin{{cases}}{one.latex} & {is_true.latex}\\{other.latex} & \text{{else}}\end{{cases}}"
    return Value(number, f"np.where({is_true.python}, {one.python}, {other.python})", told)


def less(one: Operand, other: Operand) -> Value:
    """Whether one is less than the other."""
    return _compared(one, other, np.less, "<", "<")


def at_most(one: Operand, other: Operand) -> Value:
    """Whether one is at most the other."""
    return _compared(one, other, np.less_equal, "<=", r"\le")


def equal(one: Operand, other: Operand) -> Value:
    """Whether both are the same."""
    return _compared(one, other, np.equal, "==", "=")


def total(value: Value, axis: int | None = None) -> Value:
    """The sum of all elements, or along an axis."""
    return _reduced(value, np.sum, "np.sum", r"\sum", axis)


def mean(value: Value, axis: int | None = None) -> Value:
    """The mean of all elements, or along an axis."""
    return _reduced(value, np.mean, "np.mean", r"\operatorname{mean}", axis)


def largest(value: Value, axis: int | None = None) -> Value:
    """The largest element."""
    return _reduced(value, np.max, "np.max", r"\max", axis)


def smallest(value: Value, axis: int | None = None) -> Value:
    """The smallest element."""
    return _reduced(value, np.min, "np.min", r"\min", axis)


def product(value: Value) -> Value:
    """The product of all elements."""
    return _reduced(value, np.prod, "np.prod", r"\prod", None)


def dotted(one: Value, other: Value) -> Value:
    """Σ of the products of two arrays of one shape."""
    number = np.sum(_quiet(np.multiply, one.number, other.number))
    factors = f"{_held(one.python, one.binds, PRODUCT)} * {_held(other.python, other.binds, POWER)}"
    told = rf"\sum_i {_held_latex(one, PRODUCT)}_i\, {_held_latex(other, PRODUCT)}_i"
    return Value(number, f"np.sum({factors})", told, PRODUCT)


def einsum(rule: str, *values: Value) -> Value:
    """Products of arrays, summed over the letters that are not put out."""
    number = _quiet(lambda *arrays: np.einsum(rule, *arrays), *(value.number for value in values))
    told = r" \, ".join(_held_latex(value, PRODUCT) for value in values)
    texts = ", ".join(value.python for value in values)
    return Value(number, f"np.einsum({rule!r}, {texts})", rf"\textstyle\sum {told}", PRODUCT)


MOST_WRITTEN = 20_000


def literal(value: Any) -> str:
    """A line of numpy that gives this array, to the last bit of float64; of float32 in as few digits as that takes.

    Of more than 20,000 numbers their bytes, which nobody reads either, and which take a hundredth of the time.
    """
    array = np.asarray(value)
    if array.dtype.kind in "iu" or (array.ndim == 0 and array.dtype.kind == "b"):
        return str(array.tolist()) if array.ndim == 0 else f"np.array({array.tolist()})"
    numbers = array.astype(np.float64)
    short = numbers.astype(np.float32)
    is_single = bool(np.array_equal(short.astype(np.float64), numbers, equal_nan=True))
    if numbers.ndim == 0:
        return repr(numbers.item()).replace("nan", "np.nan").replace("inf", "np.inf")
    kept = short if is_single else numbers
    if kept.size > MOST_WRITTEN:
        code = b64encode(kept.astype(kept.dtype.newbyteorder("<")).tobytes()).decode()
        return f"np.frombuffer(base64.b64decode('{code}'), '<f{kept.itemsize}').reshape({kept.shape}).astype(float)"
    told = np.array2string(kept, separator=", ", threshold=kept.size + 1, floatmode="unique", max_line_width=100)
    shape = f".reshape({kept.shape})" if 0 in kept.shape else ""
    told = told.replace("nan", "np.nan").replace("inf", "np.inf")
    return f"np.array({told}, np.float32).astype(float){shape}" if is_single else f"np.array({told}, float){shape}"


def _normal_cdf(x: np.ndarray) -> np.ndarray:
    from math import erf, sqrt

    return np.asarray(np.vectorize(lambda one: (1 + erf(one / sqrt(2))) / 2, otypes=[float])(x))


def _quiet(function: Any, *numbers: np.ndarray) -> np.ndarray:
    with np.errstate(all="ignore"):
        return np.asarray(function(*(np.asarray(number, np.float64) for number in numbers)))


def _held(text: str, binds: int, least: int) -> str:
    return text if binds >= least else f"({text})"


def _held_latex(value: Value, least: int) -> str:
    return value.latex if value.binds >= least else rf"\left({value.latex}\right)"


def _braced(value: Value) -> str:
    return f"{{{_held_latex(value, ATOM)}}}"


def _infix(
    one: Value, other: Operand, function: Any, python: str, latex: str, binds: int, right: int, told: int | None = None
) -> Value:
    """Two values with a sign between them.

    The second is bracketed in Python where it binds less than `right`, for a + (b + c) is rounded otherwise than
    a + b + c; in LaTeX only where it means something else, below `told`.
    """
    second = constant(other)
    texts = _held(one.python, one.binds, binds), _held(second.python, second.binds, right)
    formulas = _held_latex(one, binds), _held_latex(second, binds if told is None else told)
    return Value(_quiet(function, one.number, second.number), python.format(*texts), latex.format(*formulas), binds)


def _function(value: Value, function: Any, python: str, latex: str) -> Value:
    return Value(_quiet(function, value.number), f"{python}({value.python})", rf"{latex}\left({value.latex}\right)")


def _of_two(one: Operand, other: Operand, function: Any, python: str, latex: str) -> Value:
    first, second = constant(one), constant(other)
    told = rf"{latex}\left({first.latex}, {second.latex}\right)"
    return Value(_quiet(function, first.number, second.number), f"{python}({first.python}, {second.python})", told)


def _compared(one: Operand, other: Operand, function: Any, python: str, latex: str) -> Value:
    first, second = constant(one), constant(other)
    text = f"{_held(first.python, first.binds, SUM)} {python} {_held(second.python, second.binds, SUM)}"
    return Value(function(first.number, second.number), text, f"{first.latex} {latex} {second.latex}", SUM)


def _reduced(value: Value, function: Any, python: str, latex: str, axis: int | None) -> Value:
    along = "" if axis is None else f", axis={axis}"
    number = _quiet(lambda x: function(x, axis=axis), value.number)
    return Value(number, f"{python}({value.python}{along})", rf"{latex}\left({value.latex}\right)")
