import "../src/widget.ts";
import type { Frame, Scenery } from "../src/core/frame.ts";
import { networkView } from "../src/networkView.ts";
import * as levels from "../src/parts/levels.ts";
import * as maps from "../src/parts/maps.ts";
import * as plane from "../src/parts/plane.ts";
import * as sequences from "../src/parts/sequences.ts";
import { Session } from "../src/session/session.ts";
import { MemoryChannel } from "../src/stream/memoryChannel.ts";
import { encodeFrame, type TestSection } from "../tests/encodeFrame.ts";
import type { DemoScene } from "./demoScene.ts";
import { timeSections } from "./frames.ts";
import { SCENES } from "./scenes.ts";

/** The whole view in one state: `?state=bad&scene=moons&theme=dark&width=1400&height=640`. */
const wish = new URLSearchParams(location.search);
const isDark = wish.get("theme") === "dark";
document.body.dataset.jpThemeLight = String(!isDark);
document.documentElement.style.setProperty("--jp-layout-color1", isDark ? "#212121" : "#fff");
document.documentElement.style.setProperty("--jp-ui-font-color1", isDark ? "rgba(255,255,255,.87)" : "rgba(0,0,0,.87)");
document.documentElement.style.setProperty(
  "--jp-ui-font-family",
  `"${wish.get("font") ?? "Liberation Sans"}", sans-serif`,
);
document.body.style.cssText = `margin:0;background:${isDark ? "#111" : "#fff"}`;

const LAST = 600;
const COMMANDS = ["pause", "stop", "reset", "set_hyperparameter", "set_pace"];
const bad = {
  what: "dense_1/kernel",
  step: 421,
  last_good_step: 418,
  sound_step: 420,
  metric: "loss",
  is_nan: true,
};
const states: Readonly<Record<string, Record<string, unknown>>> = {
  ready: {
    state: "idle",
    step: 0,
    latest_step: 0,
    commands: ["start", "run_steps", "set_pace"],
  },
  reset: {
    state: "idle",
    step: 0,
    latest_step: 0,
    commands: ["start", "run_steps", "set_pace", "undo_reset"],
  },
  rest: { state: "idle", pace: "", step: 0, latest_step: 0, commands: [] },
  loading: {},
  live: { state: "running" },
  paused: { state: "paused", commands: ["start", "run_steps", "reset", "stop", "set_pace"] },
  past: { state: "running", step: 300, is_following: false },
  finished: { state: "finished", epochs: 120, commands: ["start", "run_steps", "reset", "set_pace"] },
  ended: {
    state: "finished",
    ending: "the best val_loss is 200 epochs old",
    commands: ["start", "run_steps", "reset", "set_pace"],
  },
  bad: { state: "running", first_bad: bad },
  failed: {
    state: "failed",
    commands: ["start", "reset", "set_pace"],
    problem: { title: "ValueError: step four is broken", text: "Traceback\n  line 3\nValueError: step four is broken" },
  },
  sampled: { state: "running", kept_count: 60, seen_count: 480 },
  unreachable: { state: "running" },
  saved: { state: "paused" },
};

const name = wish.get("state") ?? "live";
const build = SCENES[wish.get("scene") ?? "moons"];
if (build === undefined) throw new Error(`Expected a scene of ${Object.keys(SCENES).join(", ")}.`);
const scene: DemoScene = build(wish);
const host = document.createElement("div");
host.style.width = `${wish.get("width") ?? "1400"}px`;
document.body.append(host);

const life = new AbortController();
const channel: MemoryChannel = new MemoryChannel(
  {
    graph: graphJson(),
    scenery: scene.scenery === null ? null : sceneryBytes(scene.scenery),
    frame: name === "loading" ? null : frameBytes(states[name] ?? {}),
    step: name === "past" ? 300 : null,
    selection: wish.has("free") ? {} : (scene.selection ?? {}),
    sample: scene.sample ?? 0,
    bookmarks: wish.has("plain") || name === "ready" ? [] : [120, 300],
    height: Number(wish.get("height") ?? 640),
  },
  life.signal,
  (op) => (name === "unreachable" && op !== "setVisible" ? null : { ok: true, reason: "" }),
);
channel.onTrait("step", () => push(channel.readShared("step")), life.signal);
if (name === "saved") channel.setKernel(false);
const session = new Session(channel, life.signal);
networkView(session, host, life.signal, { levels, maps, sequences, plane });
if (name !== "saved" && name !== "none" && name !== "loading") push(name === "past" ? 300 : null);
if (name === "unreachable") setTimeout(() => channel.setKernel(false), 300);
Object.assign(globalThis, { demo: { session, channel } });

function push(step: number | null): void {
  if (scene.graph === null) return;
  const change = step === null ? {} : { step, is_following: false };
  channel.push({ kind: "frame", seq: 1 }, frameBytes({ ...(states[name] ?? {}), ...change }));
}

function graphJson(): Record<string, unknown> | null {
  return scene.graph === null ? null : { ...(snake(scene.graph) as Record<string, unknown>), generation: 1 };
}

function sectionsOf(frame: { sections: Frame["sections"] }): TestSection[] {
  return frame.sections.map((own) => ({ ...own, attributes: snake(own.attributes) as Record<string, unknown> }));
}

function frameBytes(change: Record<string, unknown>): DataView | null {
  const frame = scene.frame(scene.sample ?? 0);
  if (frame === null || scene.graph === null) return null;
  const isUntrained = change.latest_step === 0;
  const isBad = change.first_bad !== undefined;
  const curve = Array.from({ length: 300 }, (_, i) => {
    const step = 2 * i;
    const noise = 1 + 0.15 * Math.sin(12.9898 * i) * Math.sin(78.233 * i);
    const loss =
      isBad && step > 380
        ? step > 420
          ? Number.NaN
          : 0.1 * 1.3 ** (step - 380)
        : (0.05 + 0.65 * Math.exp(-step / 90)) * noise;
    return [step, loss, loss, loss];
  }).flat();
  const scalars = Object.fromEntries(frame.scalars);
  const own = frame.sections.filter(({ quantity }) => quantity !== "clock" && quantity !== "headline");
  const change_rows = Float64Array.of(200, 0.25, 0.1, 420, 0.1, 3);
  const header: Record<string, unknown> & { step: number } = {
    ...(snake(frame.header) as Record<string, unknown>),
    state: "running",
    step: LAST,
    latest_step: LAST,
    is_following: true,
    kept_count: 61,
    seen_count: 61,
    commands: COMMANDS,
    pace: "30 epochs/s",
    unrecorded: undefined, // a frame that holds everything does not name it
    ...change,
    kind: "snapshot",
    scalar_names: isUntrained ? [] : [...frame.scalars.keys()],
    hyperparameter_names: ["learning_rate"],
  };
  const run: TestSection[] = isUntrained
    ? []
    : [
        { quantity: "curve", name: "loss", values: Float32Array.from(curve), shape: [300, 4] },
        { quantity: "kept", values: Float32Array.from({ length: 61 }, (_, i) => 10 * i) },
        ...(wish.has("plain")
          ? []
          : [
              {
                quantity: "change",
                name: "learning_rate",
                values: isBad ? change_rows : change_rows.subarray(0, 3),
                shape: [isBad ? 2 : 1, 3],
                attributes: { count: 2 },
              },
            ]),
      ];
  const bytes = encodeFrame(header, [
    { quantity: "scalars", values: Float64Array.from(isUntrained ? [] : frame.scalars.values()) },
    { quantity: "hyperparameters", values: Float64Array.of(0.25) },
    ...sectionsOf({
      sections: [...own, ...(isUntrained ? timeSections(0, 0, {}) : timeSections(header.step, LAST, scalars))],
    }),
    ...run,
  ]);
  return new DataView(bytes.buffer);
}

function sceneryBytes(scenery: Scenery): DataView {
  const { sections: _, ...header } = scenery;
  const own = sectionsOf(scenery);
  return new DataView(encodeFrame({ ...(snake(header) as object), kind: "scenery" }, own).buffer);
}

function snake(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(snake);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, own]) => [key.replace(/[A-Z]/g, (c) => `_${c.toLowerCase()}`), snake(own)]),
  );
}
