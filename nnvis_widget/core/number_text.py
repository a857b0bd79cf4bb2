"""Numbers and names as the page writes them. Its twins are js/src/lib/numberFormat.ts and js/src/lib/safeText.ts."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Context, Decimal
from math import floor, isfinite, isnan

MINUS = "\u2212"
LONGEST_NAME = 256
UNSAFE = re.compile("[\u0000-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]")
RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")


def format_number(value: float, decimals: int = 2) -> str:
    """`−0.29`, `1.3e-5`, `NaN`: two decimals unless told, a true minus, no sign on what reads as zero."""
    if isnan(value):
        return "NaN"
    if not isfinite(value):
        return "∞" if value > 0 else f"{MINUS}∞"
    text = _digits(abs(value), decimals)
    return f"{MINUS}{text}" if value < 0 and not _reads_as_zero(text) else text


def format_signed(value: float, decimals: int = 2) -> str:
    """As `format_number`, with a plus on positive values."""
    text = format_number(value, decimals)
    return f"+{text}" if value > 0 and not _reads_as_zero(text) else text


def format_percent(share: float) -> str:
    """`75.3%`; never `0.0%` or `100.0%` for what is not exactly that."""
    if not isfinite(share):
        return "NaN"
    if 0 < share < 0.001:
        return "< 0.1%"
    if 0.9994 < share < 1:
        return "> 99.9%"
    return f"{format_number(100 * share, 0 if share in (0, 1) else 1)}%"


def format_count(count: float) -> str:
    """`50,176`"""
    return f"{floor(count + 0.5):,}"


def format_epoch(epoch: float) -> str:
    """`1,234.5`: one decimal, never rounded up, for what has not ended is not whole."""
    return f"{floor(epoch * 10 + 1e-6) / 10:,.1f}"


def format_rate(rate: float) -> str:
    """`0.001`, `3e−4`: as a person writes it; float32 noise is cut."""
    if not isfinite(rate):
        return "NaN"
    if 1e-3 <= abs(rate) < 1e4:
        return _shortest(_rounded(rate, 3))
    mantissa, _, exponent = f"{_rounded(rate or 0.0, 3):e}".partition("e")
    return f"{_shortest(Decimal(mantissa))}e{int(exponent)}".replace("e-", f"e{MINUS}")


def safe_text(text: str) -> str:
    """A name as it may be shown: control and direction characters become visible escapes, at most 256 characters.

    A name that runs from right to left is isolated, so that it does not turn what is written beside it.
    """
    visible = UNSAFE.sub(lambda hit: f"\\u{ord(hit[0]):04x}", text)
    short = visible if len(visible) <= LONGEST_NAME else f"{visible[: LONGEST_NAME - 1]}…"
    return f"\u2068{short}\u2069" if RIGHT_TO_LEFT.search(short) else short


def _digits(magnitude: float, decimals: int) -> str:
    # JavaScript rounds the exact binary value, halves upwards.
    if magnitude != 0 and (magnitude >= 1e4 or magnitude < 1e-3):
        mantissa, _, exponent = f"{_rounded(magnitude, 2):.1e}".partition("e")
        return f"{mantissa}e{int(exponent)}"
    return str(Decimal(magnitude).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP))


def _rounded(value: float, digits: int) -> Decimal:
    return Context(prec=digits, rounding=ROUND_HALF_UP).create_decimal(Decimal(value))


def _shortest(value: Decimal) -> str:
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _reads_as_zero(text: str) -> bool:
    return not text.strip("0.")
