import "../src/styles.ts";
import { networkView } from "../src/networkView.ts";
import * as levels from "../src/parts/levels.ts";
import * as maps from "../src/parts/maps.ts";
import * as plane from "../src/parts/plane.ts";
import * as sequences from "../src/parts/sequences.ts";
import { Session } from "../src/session/session.ts";
import type { ViewValues } from "../src/store/viewState.ts";
import { MemoryChannel } from "../src/stream/memoryChannel.ts";
import { SCENES } from "./scenes.ts";

/** The whole view on a plain page. `?scene=moons&theme=dark&height=640&layer=L2&unit=1&edges=signal&font=DejaVu Sans`; `free` selects nothing. */
const wish = new URLSearchParams(location.search);
const isDark = wish.get("theme") === "dark";
const rules = document.documentElement.style;
document.body.dataset.jpThemeLight = String(!isDark);
rules.setProperty("--jp-layout-color1", isDark ? "#212121" : "#fff");
rules.setProperty("--jp-ui-font-color1", isDark ? "rgba(255,255,255,0.87)" : "rgba(0,0,0,0.87)");
rules.setProperty("--jp-ui-font-family", `"${wish.get("font") ?? "Liberation Sans"}", sans-serif`);
document.body.style.background = isDark ? "#111" : "#fff";

const name = wish.get("scene") ?? "moons";
const build = SCENES[name];
if (build === undefined) throw new Error(`Expected a scene of ${Object.keys(SCENES).join(", ")}, got ${name}.`);
const scene = build(wish);
const life = new AbortController();
const height = Number(wish.get("height") ?? 640);
const session = new Session(new MemoryChannel({ graph: null, step: null, height }, life.signal), life.signal);
const { store, state } = session;

const layer = wish.get("layer");
const selection = layer === null ? (scene.selection ?? null) : { layer, unit: Number(wish.get("unit") ?? 0) };
const edges = (wish.get("edges") ?? scene.edges ?? "weight") as ViewValues["edges"];
state.set({
  selection: wish.has("free") ? null : selection,
  sample: Number(wish.get("sample") ?? scene.sample ?? 0),
  edges,
});
store.update({ graph: scene.graph, scenery: scene.scenery, frame: scene.frame(state.values.sample) });
state.subscribe((changed) => {
  if (changed.has("sample")) store.update({ frame: scene.frame(state.values.sample) });
}, life.signal);
const host = document.getElementById("host");
if (host === null) throw new Error("Expected an element #host in view.html.");
networkView(session, host, life.signal, { levels, maps, sequences, plane });
Object.assign(globalThis, { demo: { session, store, state, scene, life } });
requestAnimationFrame(() => requestAnimationFrame(() => Object.assign(document.body.dataset, { ready: "true" })));
