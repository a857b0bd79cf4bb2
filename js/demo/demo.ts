import "../src/draw/picture.css";
import "../src/theme/tokens.css";
import type { PictureLegend } from "../src/draw/say/legend.ts";
import { createPicture } from "../src/interact/picture.ts";
import { formatScaleEnd } from "../src/lib/numberFormat.ts";
import * as maps from "../src/parts/maps.ts";
import * as plane from "../src/parts/plane.ts";
import { FrameStore } from "../src/store/frameStore.ts";
import { ViewState } from "../src/store/viewState.ts";
import { SCENES } from "./scenes.ts";

/** `late` builds the picture before it is on the page. `?scene=moons&theme=dark&width=1053&height=640&edges=signal&units=activation&font=DejaVu Sans` */
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
if (!wish.has("late")) document.body.append(host, legendLine);

const build = SCENES[wish.get("scene") ?? "moons"];
if (build === undefined) throw new Error(`Expected a scene of ${Object.keys(SCENES).join(", ")}.`);
const scene = build(wish);
const store = new FrameStore();
const wanted = wish.get("edges");
const state = new ViewState({
  selection: wish.has("free") ? null : (scene.selection ?? null),
  sample: scene.sample ?? 0,
  edges: wanted === "weight" || wanted === "signal" || wanted === "gradient" ? wanted : (scene.edges ?? "weight"),
  units: wish.get("units") === "activation" ? "activation" : "field",
  detail: wish.get("detail") === "top" ? "top" : wish.get("detail") === "all" ? "all" : "bundles",
  topK: Number(wish.get("topK") ?? 200),
  hasSignPattern: wish.has("signs"),
  hasStrongEdges: wish.has("strong"),
});
const life = new AbortController();
const started = performance.now();
const drawn = () => Object.assign(document.body.dataset, { ready: Math.round(performance.now() - started) });
const picture = createPicture(host, store, state, life.signal, drawn, undefined, { ...maps, ...plane });
if (wish.has("late")) setTimeout(() => document.body.append(host, legendLine), 300);
const showLegend = ({ ramps, width, note }: PictureLegend): void => {
  const entries = ramps.map(
    (ramp) => `${ramp.label} ${formatScaleEnd(ramp.low)}…${ramp.isClipped ? "≥ " : ""}${formatScaleEnd(ramp.high)}`,
  );
  legendLine.textContent = [
    ...entries,
    width === null ? "" : `width ${width.label} ${width.high === null ? "" : formatScaleEnd(width.high)}`,
    note,
  ].join("  |  ");
};
picture.onLegend(showLegend, life.signal);
state.subscribe((changed) => {
  if (changed.has("sample")) store.update({ frame: scene.frame(state.values.sample) });
}, life.signal);
store.update({ graph: scene.graph, scenery: scene.scenery, frame: scene.frame(state.values.sample) });
Object.assign(globalThis, { demo: { store, state, picture, scene } });

/** `?time=30`: milliseconds of each of so many drawings of changing frames, recorded and then rasterised. */
const rounds = Number(wish.get("time") ?? 0);
if (rounds > 0) {
  const frames = Array.from({ length: 6 }, (_, i) => scene.frame((scene.sample ?? 0) + 10 * i));
  const record: number[] = [];
  const raster: number[] = [];
  const wait = globalThis.requestAnimationFrame.bind(globalThis);
  globalThis.requestAnimationFrame = (draw) =>
    wait((now) => {
      const start = performance.now();
      draw(now);
      record.push(performance.now() - start);
      for (const canvas of host.querySelectorAll("canvas")) canvas.getContext("2d")?.getImageData(0, 0, 1, 1);
      raster.push(performance.now() - start);
    });
  const median = (values: number[]): number => values.sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
  for (let i = 0; i < rounds; i++) {
    store.update({ frame: frames[i % frames.length] ?? null });
    await new Promise((resolve) => wait(() => wait(resolve)));
  }
  const fastest = (values: number[]): string => Math.min(...values).toFixed(1);
  document.body.dataset.times =
    `draw ${median(record).toFixed(1)} ms, with raster ${median(raster).toFixed(1)} ms, ` +
    `fastest ${fastest(record)} and ${fastest(raster)} ms`;
}
