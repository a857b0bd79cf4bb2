// @vitest-environment jsdom
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { chainFrame, chainGraph, scenery } from "../demo/frames.ts";
import { createMlp, seeded } from "../demo/mlp.ts";
import { type Finding, Frame, type FrameHeader } from "../src/core/frame.ts";
import { networkView } from "../src/networkView.ts";
import { Session } from "../src/session/session.ts";
import { asPast, withPresentOf } from "../src/store/composeFrame.ts";
import { MemoryChannel } from "../src/stream/memoryChannel.ts";
import { foundLines } from "../src/ui/words/foundLines.ts";
import { fakeCanvas } from "./fakeCanvas.ts";
import { until } from "./until.ts";

const DEAD: Finding = {
  rule: "dead_relu",
  severity: "fault",
  layer: "L1",
  at: "L1",
  units: [1, 4],
  sinceStep: 30,
  lastStep: 60,
  isOver: false,
  follows: false,
  title: "Dead units in 'dense_0': 2 of 6",
  text: "They cannot learn any more.",
  badge: "2/6 dead",
  left: 0,
};
const FLAT: Finding = {
  ...DEAD,
  rule: "plateau",
  layer: "L3",
  units: [],
  follows: true,
  title: "No better than guessing",
};
const SCALE: Finding = {
  ...DEAD,
  rule: "input_not_normalised",
  severity: "warning",
  layer: "L0",
  units: [],
  sinceStep: 0,
  title: "Inputs are as large as 255",
  badge: "up to 255",
};

const layers = createMlp([2, 6, 4, 1], ["relu", "tanh", "sigmoid"], seeded(3));
const plain = chainFrame(layers, { index: 0, x: [0.4, 0.1], y: [1], target: 1 }, {}, null);

function frameWith(change: Partial<FrameHeader>): Frame {
  const { scalars, hyperparameters, sections, byteLength } = plain;
  return new Frame({ ...plain.header, ...change }, scalars, hyperparameters, sections, byteLength);
}

function setUp() {
  const life = new AbortController();
  const session = new Session(new MemoryChannel({ height: 640 }, life.signal), life.signal);
  const host = document.createElement("div");
  document.body.append(host);
  networkView(session, host, life.signal);
  const graph = chainGraph("moons", layers, ["dense_0", "dense_1", "output"], [2]);
  session.store.update({ graph, scenery: scenery({ sampleCount: 10 }), connection: "live" });
  const show = (change: Partial<FrameHeader>) => {
    session.store.update({ frame: frameWith(change) });
    vi.advanceTimersByTime(2_000);
  };
  const badges = () =>
    [...host.querySelectorAll(".nnvis-stage text")].map((text) => text.firstChild?.textContent ?? "");
  const alert = () => host.querySelector<HTMLElement>(".nv-found:not([hidden]) [role=alert]")?.textContent ?? "";
  const names = (selector: string) => [...host.querySelectorAll(selector)].map((one) => one.textContent ?? "");
  return { session, host, show, badges, alert, names };
}

beforeEach(() => {
  vi.useFakeTimers({
    toFake: ["setTimeout", "clearTimeout", "setInterval", "clearInterval", "requestAnimationFrame", "Date"],
  });
  fakeCanvas(1000, 560);
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
  document.body.replaceChildren();
});

test("what is wrong stands at its place, is said once as an alert, and leads there", async () => {
  const { session, host, show, badges, alert, names } = setUp();
  show({ findings: [] });
  expect(badges().filter((text) => /^[✗▲]/.test(text))).toEqual([]);

  show({ findings: [DEAD, FLAT, SCALE] });
  await until(() => {
    vi.advanceTimersByTime(100);
    expect(alert()).toContain("Dead units in 'dense_0': 2 of 6");
  });
  expect(
    badges()
      .filter((text) => /^[✗▲]/.test(text))
      .sort(),
  ).toEqual(["▲ up to 255", "✗ 2/6 dead", "✗ 2/6 dead"]);
  expect(host.querySelectorAll(".nnvis-stage rect.found-unit-fault")).toHaveLength(2);
  const spoken = names("[role=treeitem]");
  expect(
    spoken.filter((text) => text.endsWith(", 2/6 dead")).map((text) => text.split(",").slice(0, 2).join()),
  ).toEqual(["dense_0, 6 units", "dense_0, unit 1 of 6", "dense_0, unit 4 of 6", "output, 1 unit"]);
  expect(names(".nv-found-list button")).toEqual([
    "Fault since epoch 6.0 (step 30): Dead units in 'dense_0': 2 of 6.",
    "Warning: Inputs are as large as 255.",
  ]);
  show({ findings: [DEAD, FLAT, { ...SCALE, left: 7 }] });
  expect(names(".nv-found-list li").at(-1)).toBe("And 7 more findings.");
  show({ findings: [DEAD, FLAT, SCALE] });
  expect(names(".nv-found-list li")).toHaveLength(2);

  host.querySelector<HTMLElement>(".nv-found button")?.click();
  expect(session.state.values.selection).toEqual({ layer: "L1", unit: 1 });
  expect(session.state.values.step).toBe(30);
  show({ findings: [{ ...DEAD, title: "Dead units in 'dense_0': 3 of 6" }, FLAT, SCALE] });
  expect(alert()).toBe(""); // the same fault is no news
  show({ findings: [] });
  show({ findings: [DEAD] });
  expect(alert()).toContain("Dead units"); // after a new beginning it is
  show({ findings: [{ ...DEAD, isOver: true }] });
  expect(alert()).toBe("");
  expect(badges().filter((text) => /^[✗▲]/.test(text))).toEqual([]);
});

test("marks lie where each cause began; the past has what stood then, and the lane all of it", () => {
  const early = frameWith({ step: 10, latestStep: 10, findings: [SCALE] });
  const now = frameWith({ step: 60, latestStep: 60, findings: [DEAD, FLAT, SCALE] });
  const past = asPast(early, now);
  expect(foundLines(past)).toEqual(["Warning: Inputs are as large as 255."]);
  expect(past.header.findings).toHaveLength(3);
  const told = frameWith({ step: 30, isFollowing: false, findings: [], foundThen: [DEAD] });
  expect(foundLines(withPresentOf(told, now))).toEqual([
    "Fault since epoch 6.0 (step 30): Dead units in 'dense_0': 2 of 6.",
  ]);
  expect(foundLines(withPresentOf(now, now))[0]).toBe(
    "Fault since epoch 6.0 (step 30): Dead units in 'dense_0': 2 of 6 → No better than guessing.",
  );
});

test("what is over has no badge and says when it was seen last", () => {
  const frame = frameWith({ findings: [{ ...DEAD, isOver: true }] });
  expect(foundLines(frame)).toEqual(["Fault, last seen at epoch 12.0 (step 60): Dead units in 'dense_0': 2 of 6."]);
});
