"""The look of all panels: tokens of visual.md section 2 as CSS, which follows the host's theme by itself."""

from __future__ import annotations

from html import escape

from nnvis_widget.core.number_text import safe_text
from nnvis_widget.core.ramps import STOPS, RampName, Theme, ramp
from nnvis_widget.core.tokens import HOST, TOKENS

SIGNS = {"b": "#000000", "w": "#ffffff"}
RAMP_STEPS = 16


def color(name: str) -> str:
    """A token as a colour for a bqplot mark; a picture without the style sheet has the light one."""
    return f"var(--nv-{name}, {TOKENS['light'][name]})"


def text_on(is_light_in_light: bool, is_light_in_dark: bool) -> str:
    """Black or white for text on a cell, by whether the cell is light in the light and in the dark theme."""
    name = f"{'b' if is_light_in_light else 'w'}{'b' if is_light_in_dark else 'w'}"
    return f"var(--nv-on-{name}, {SIGNS[name[0]]})"


def text(value: object) -> str:
    """A name for an HTML widget: text, never markup."""
    return escape(safe_text(str(value)))


def _variables(theme: Theme) -> str:
    entries = [
        f"--nv-{name}:{f'var({HOST[name]},{value})' if name in HOST else value}"
        for name, value in TOKENS[theme].items()
    ]
    which = 0 if theme == "light" else 1
    entries += [f"--nv-on-{a}{b}:{SIGNS[(a, b)[which]]}" for a in SIGNS for b in SIGNS]
    entries += [f"--nv-show-light:{int(which == 0)}", f"--nv-show-dark:{int(which == 1)}"]
    entries += [f"--nv-ramp-{name}:{_gradient(name, theme)}" for name in STOPS[theme]]
    return ";".join(entries)


def _gradient(name: RampName, theme: Theme) -> str:
    table = ramp(name, theme)
    stops = ",".join(f"#{bytes(table[round(i * 256 / RAMP_STEPS)].tolist()).hex()}" for i in range(RAMP_STEPS + 1))
    return f"linear-gradient(to right,{stops})"


_NAMES = " ".join(f"var(--nv-{name})" for name in (*TOKENS["light"], "on-bb", "on-bw", "on-wb", "on-ww"))

_PAGE = ":is(.nnvis-panel,.nnvis-dashboard)"
_DARK = ':is([data-jp-theme-light="false"],[data-vscode-theme-kind="vscode-dark"])'
_PLAIN = "body:not([data-jp-theme-light]):not([data-vscode-theme-kind])"

STYLE = f"""<style>
.nnvis-panel,.nnvis-dashboard{{
{_variables("light")};
--nv-rendering:pixelated;
--nv-font:var(--jp-ui-font-family,system-ui,-apple-system,"Segoe UI",Helvetica,Arial,sans-serif),
"PingFang SC","Microsoft YaHei","Noto Sans CJK SC";
color-scheme:light}}
.nnvis-panel{{position:relative;isolation:isolate;box-sizing:border-box;background:var(--nv-surface);color:var(--nv-ink);
border:1px solid var(--nv-rule);border-radius:8px;padding:12px 16px;margin:4px 0;font:12px/20px var(--nv-font);
font-variant-numeric:tabular-nums;overflow:hidden}}
{_DARK} {_PAGE}{{{_variables("dark")};
color-scheme:dark}}
@media (prefers-color-scheme:dark){{{_PLAIN} {_PAGE}{{
{_variables("dark")};color-scheme:dark}}}}
@media (prefers-contrast:more){{{_PAGE}{{--nv-ink-2:var(--nv-ink);--nv-hair:var(--nv-border)}}}}
.nnvis-panel .widget-html,.nnvis-panel .widget-html-content{{
margin:0;white-space:normal;overflow:visible;width:auto;
font:12px/20px var(--nv-font);height:auto;line-height:20px;color:var(--nv-ink-2);min-width:0}}
.nnvis-panel .nnvis-head{{font-size:12px;color:var(--nv-ink-2);overflow-wrap:anywhere;padding-right:28px}}
.nnvis-panel .nnvis-help{{position:absolute;top:8px;left:10px;right:8px;width:auto;height:24px;z-index:6;
pointer-events:none}}
.nnvis-panel .nnvis-help details{{width:24px;margin-left:auto;pointer-events:auto}}
.nnvis-panel .nnvis-help summary{{width:24px;height:24px;border-radius:6px;text-align:center;line-height:24px;
font-weight:600;list-style:none;cursor:pointer;color:var(--nv-ink-2)}}
.nnvis-panel .nnvis-help summary::-webkit-details-marker{{display:none}}
.nnvis-panel .nnvis-help summary:hover,.nnvis-panel .nnvis-help [open] summary{{background:var(--nv-hover);
color:var(--nv-ink)}}
.nnvis-panel .nnvis-help p{{position:absolute;top:26px;right:0;box-sizing:border-box;width:min(300px,100%);
margin:0;padding:8px 12px;border:1px solid var(--nv-border);border-radius:6px;background:var(--nv-surface);
color:var(--nv-ink);white-space:normal}}
.nnvis-panel .nnvis-head b{{font-size:13px;font-weight:600;color:var(--nv-ink);margin-right:8px}}
.nnvis-panel .nnvis-note{{color:var(--nv-ink-2);min-height:20px;overflow-wrap:anywhere}}
.nnvis-panel .nnvis-bad{{color:var(--nv-err)}}
.nnvis-panel .nnvis-good{{color:var(--nv-ok)}}
.nnvis-panel .nnvis-warn{{color:var(--nv-warn)}}
.nnvis-panel .nnvis-finding{{flex-flow:row wrap;gap:8px;align-items:flex-start;box-sizing:border-box;width:100%;
border:1px solid var(--nv-rule);border-radius:6px;padding:8px 12px;margin:4px 0;overflow-wrap:anywhere}}
.nnvis-panel .nnvis-finding b{{color:var(--nv-ink)}}
.nnvis-panel .nnvis-finding b.nnvis-bad{{color:var(--nv-err)}}
.nnvis-panel .nnvis-finding b.nnvis-warn{{color:var(--nv-warn)}}
.nnvis-panel .nnvis-finding ol{{margin:0;padding-left:20px}}
.nnvis-panel .nnvis-finding pre{{margin:4px 0;padding:8px;white-space:pre-wrap;background:var(--nv-sunken);
color:var(--nv-ink);border-radius:4px}}
.nnvis-panel .nnvis-evidence{{display:flex;flex-wrap:wrap;align-items:center;gap:8px;margin:4px 0}}
.nnvis-panel .nnvis-trial{{flex-flow:row wrap;gap:8px;align-items:flex-start;box-sizing:border-box;width:100%;
border-top:1px solid var(--nv-hair);padding-top:8px;margin-top:4px}}
.nnvis-panel .nnvis-trial progress{{width:160px;height:12px;accent-color:var(--nv-info)}}
.nnvis-panel .nnvis-lanes{{margin:8px 0}}
.nnvis-panel .nnvis-lanes>div:not([role]),.nnvis-panel .nnvis-lanes>div>div{{display:grid;
grid-template-columns:120px minmax(0,1fr) 96px;gap:8px;align-items:center;
color:var(--nv-ink-2)}}
.nnvis-panel .nnvis-ends{{display:flex;justify-content:space-between}}
.nnvis-panel .nnvis-lanes svg{{display:block;width:100%;background:var(--nv-sunken)}}
.nnvis-panel summary{{cursor:pointer}}
.nnvis-panel .widget-button{{min-width:24px;height:28px;margin:0;padding:0 10px;border:1px solid var(--nv-border);
border-radius:6px;background:var(--nv-surface);box-shadow:none;color:var(--nv-ink);font:12px/26px var(--nv-font)}}
.nnvis-panel .widget-button:hover:enabled{{background:var(--nv-hover)}}
.nnvis-panel .widget-button:disabled{{opacity:.45}}
.nnvis-panel .widget-button:focus-visible{{outline:2px solid var(--nv-focus);outline-offset:2px}}
.nnvis-panel .nnvis-legend{{display:inline-flex;align-items:center;gap:8px;margin:0 16px 0 8px;white-space:nowrap}}
.nnvis-panel .nnvis-legend i{{display:inline-block;width:88px;height:10px;border-radius:3px}}
.nnvis-panel .nnvis-key{{display:inline-flex;vertical-align:middle;align-items:center;gap:6px;margin:0 8px}}
.nnvis-panel .nnvis-key i{{display:inline-block;width:20px;border-top:2px solid}}
.nnvis-panel .nnvis-key i.nnvis-area{{height:10px;border:1px solid var(--nv-hair)}}
.nnvis-panel .nnvis-hidden{{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);
white-space:nowrap}}
.nnvis-panel .nnvis-row{{flex-flow:row wrap;gap:8px 16px;align-items:flex-start;min-width:0}}
.nnvis-panel .bqplot{{min-width:0;margin:0;
--bq-content-font-color:var(--nv-ink-2);--bq-axis-tick-text-fill:var(--nv-ink-2);
--bq-axis-tick-text-font:12px var(--nv-font);--bq-axislabel-fill:var(--nv-ink-2);
--bq-axislabel-font:12px var(--nv-font);
--bq-grid-color:var(--nv-hair);--bq-axis-border-color:var(--nv-hair);--bq-axis-tick-stroke:var(--nv-hair);
--bq-axis-path-stroke:var(--nv-hair);--bq-axis-tick-stroke-width:1px;--bq-plotarea-background-fill:transparent;
--bq-background:transparent;--bq-font:12px var(--nv-font);
--bq-axis-tick-short-stroke:var(--nv-hair)}}
.nnvis-panel .bqplot.nnvis-cells{{--bq-axis-path-stroke:transparent;--bq-axis-tick-stroke:transparent;
--bq-axis-tick-short-stroke:transparent}}
.nnvis-panel :focus-visible{{outline:2px solid var(--nv-focus);outline-offset:2px}}
.nnvis-panel select,.nnvis-panel input{{color:var(--nv-ink);background-color:var(--nv-surface);
border:1px solid var(--nv-border)}}
.nnvis-panel .widget-label{{color:var(--nv-ink-2)}}
.bqplot > svg image:not(.image_pixelated){{image-rendering:var(--nv-rendering,auto)}}
.bqplot > svg image.image_pixelated{{opacity:var(--nv-show-light,1)}}
.bqplot > svg image:not(.image_pixelated){{opacity:var(--nv-show-dark,1)}}
.bqplot > svg .plotarea_background{{--nv-keep:{_NAMES}}}
@media (forced-colors:active){{.nnvis-panel .bqplot,.nnvis-panel .nnvis-legend i{{forced-color-adjust:none}}}}
</style>"""
