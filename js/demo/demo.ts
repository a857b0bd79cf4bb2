import "../src/draw/picture.css";
import "../src/theme/tokens.css";
import type { PictureLegend } from "../src/draw/legend.ts";
import { createPicture } from "../src/interact/picture.ts";
import { formatScaleEnd } from "../src/lib/numberFormat.ts";
import { FrameStore } from "../src/store/frameStore.ts";
import { ViewState } from "../src/store/viewState.ts";
import { SCENES } from "./scenes.ts";

/** `?scene=moons&theme=dark&width=1053&height=640&edges=signal&units=activation&font=DejaVu Sans` */
const wish = new URLSearchParams(location.search);
const isDark = wish.get("theme") === "dark";
const rules = document.documentElement.style;
document.body.dataset.jpThemeLight = String(!isDark);
rules.setProperty("--jp-layout-color1", isDark ? "#212121" : "#fff");
rules.setProperty("--jp-ui-font-family", `"${wish.get("font") ?? "Liberation Sans"}", sans-serif`);
document.body.style.background = isDark ? "#111" : "#fff";

const host = document.createElement("div");
host.style.cssText = `width:${wish.get("width") ?? "1053"}px;height:${wish.get("height") ?? "640"}px;`;
const legendLine = document.createElement("p");
legendLine.style.cssText = "font:12px sans-serif;color:#888;margin:4px 8px";
document.body.append(host, legendLine);

const build = SCENES[wish.get("scene") ?? "moons"];
if (build === undefined) throw new Error(`Expected a scene of ${Object.keys(SCENES).join(", ")}.`);
const scene = build();
const store = new FrameStore();
const wanted = wish.get("edges");
const state = new ViewState({
  selection: wish.has("free") ? null : (scene.selection ?? null),
  sample: scene.sample ?? 0,
  edges: wanted === "weight" || wanted === "signal" || wanted === "gradient" ? wanted : (scene.edges ?? "weight"),
  units: wish.get("units") === "activation" ? "activation" : "field",
});
const life = new AbortController();
const started = performance.now();
const picture = createPicture(host, store, state, life.signal, () => {
  document.body.dataset.ready = String(Math.round(performance.now() - started));
});
const showLegend = ({ ramps, width, note }: PictureLegend): void => {
  const entries = ramps.map(
    (ramp) => `${ramp.label} ${formatScaleEnd(ramp.low)}…${ramp.isClipped ? "≥ " : ""}${formatScaleEnd(ramp.high)}`,
  );
  legendLine.textContent = [
    ...entries,
    width === null ? "" : `width ${width.label} ${formatScaleEnd(width.high)}`,
    note,
  ].join("  |  ");
};
picture.onLegend(showLegend, life.signal);
state.subscribe((changed) => {
  if (changed.has("sample")) store.update({ frame: scene.frame(state.values.sample) });
}, life.signal);
store.update({ graph: scene.graph, scenery: scene.scenery, frame: scene.frame(state.values.sample) });
Object.assign(globalThis, { demo: { store, state, picture, scene } });
