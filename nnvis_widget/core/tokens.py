"""Colours of the page by what they are for. Their twin is js/src/theme/tokens.css; both are read against
tests/contract/tokens.json.
"""

from __future__ import annotations

from nnvis_widget.core.ramps import Theme

TOKENS: dict[Theme, dict[str, str]] = {
    "light": {
        "surface": "#ffffff",
        "ink": "#000000de",
        "rule": "#e0e0e0",
        "border": "#bdbdbd",
        "focus": "#1976d2",
        "sunken": "#f6f7f9",
        "hover": "#f0f2f5",
        "ink-2": "#57606a",
        "ink-3": "#6e7781",
        "hair": "#e7e9ec",
        "neg": "#b34700",
        "pos": "#0f5fa6",
        "act": "#12706b",
        "train": "#3b4252",
        "val": "#a3367e",
        "ok": "#177232",
        "ok-bg": "#e6f4ea",
        "warn": "#8a5a00",
        "warn-bg": "#fff4d6",
        "err": "#b3261e",
        "err-bg": "#fde9e7",
        "info": "#0b57b0",
    },
    "dark": {
        "surface": "#212121",
        "ink": "#ffffffde",
        "rule": "#424242",
        "border": "#616161",
        "focus": "#42a5f5",
        "sunken": "#1a1a1b",
        "hover": "#303133",
        "ink-2": "#b4b9c1",
        "ink-3": "#9aa1ab",
        "hair": "#343537",
        "neg": "#ffab66",
        "pos": "#7cc0f7",
        "act": "#6cc7ba",
        "train": "#e3e6ea",
        "val": "#f091cd",
        "ok": "#6fd685",
        "ok-bg": "#1b3322",
        "warn": "#f0c05a",
        "warn-bg": "#3a2f14",
        "err": "#ff8a80",
        "err-bg": "#40211f",
        "info": "#8ac4ff",
    },
}
HOST = {
    "surface": "--jp-layout-color1",
    "ink": "--jp-ui-font-color1",
    "rule": "--jp-border-color2",
    "border": "--jp-border-color1",
    "focus": "--jp-brand-color1",
}
"""Where JupyterLab has a variable of its own, that comes first."""
