"""What a colour stands for, with numbers."""

from __future__ import annotations

from nnvis_widget.core.number_text import format_number, format_signed
from nnvis_widget.core.ramps import RampName
from nnvis_widget.core.words.say import say


def ramp_legend(name: str, limit: float, ramp_name: RampName = "value", is_clipped: bool = False) -> str:
    """HTML: the ramp between its two ends; `≥` where values lie beyond them."""
    beyond = "≥ " if is_clipped else ""
    if ramp_name in ("magnitude", "pixel"):
        low, high = "0", f"{beyond}{format_number(limit)}"
    else:
        below = "≤ " if is_clipped else ""
        low, high = f"{below}{format_signed(-limit)}", f"{beyond}{format_signed(limit)}"
    bar = f'<i aria-hidden="true" style="background:var(--nv-ramp-{ramp_name})"></i>'
    return f'<span class="nnvis-legend">{name} {low} {bar} {high}</span>'


def line_key(name: str, token: str, is_dashed: bool = False) -> str:
    """HTML: a line of a colour and its name."""
    style = "dashed" if is_dashed else "solid"
    line = f'<i aria-hidden="true" style="border-top-color:var(--nv-{token});border-top-style:{style}"></i>'
    return f'<span class="nnvis-key">{line}{name}</span>'


def band_keys() -> str:
    """HTML: the lines of a band of quantiles."""
    return line_key(say("median"), "ink") + line_key(say("middleHalf"), "info") + line_key(say("ends"), "ink-3")


def area_key(name: str, token: str, opacity: float) -> str:
    """HTML: a faint area of a colour and its name."""
    fill = f"color-mix(in srgb,var(--nv-{token}) {opacity:.0%},transparent)"
    return (
        f'<span class="nnvis-key"><i class="nnvis-area" aria-hidden="true" style="background:{fill}"></i>{name}</span>'
    )


def not_finite(nan_count: int, infinite_count: int) -> str:
    """HTML: how many numbers are none; empty where all are."""
    counts = (("nanCount", nan_count), ("infiniteCount", infinite_count))
    parts = [say(key, count=count) for key, count in counts if count]
    said = say("andJoin", first=parts[0], second=parts[1]) if len(parts) > 1 else "".join(parts)
    return f'<span class="nnvis-bad">▲ {said}</span> ' if said else ""
