// @vitest-environment jsdom
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { emptyLegend } from "../src/draw/say/legend.ts";
import { networkView } from "../src/networkView.ts";
import { Session } from "../src/session/session.ts";
import { MemoryChannel } from "../src/stream/memoryChannel.ts";
import { PATIENCE_MS } from "../src/ui/frame/loading.ts";
import { graphJson, snapshotBytes } from "./encodeFrame.ts";

vi.mock("../src/interact/picture.ts", () => ({
  createPicture(host: HTMLElement) {
    const still = { resize() {}, destroy() {}, moveFocus() {}, zoomBy() {}, fit() {}, show() {}, boxOf: () => null };
    const silent = { onLegend() {}, onFocus() {}, onPeek() {}, onMove() {} };
    const mountTree = (tree: HTMLElement) => host.append(tree);
    return { ...still, ...silent, mountTree, legend: emptyLegend, element: host, focus: null };
  },
}));

const READY = { state: "idle", step: 0, latest_step: 0 };

function setUp(traits: Record<string, unknown> = {}) {
  const life = new AbortController();
  const asked: string[] = [];
  const all = { graph: graphJson(), step: null, height: 640, ...traits };
  const channel = new MemoryChannel(all, life.signal, (op) => {
    asked.push(op);
    return { ok: true, reason: "" };
  });
  const session = new Session(channel, life.signal);
  const host = document.createElement("div");
  document.body.append(host);
  networkView(session, host, life.signal);
  const push = (change: Record<string, unknown>) => {
    channel.push({ kind: "frame", seq: 1 }, snapshotBytes(change, []));
    vi.advanceTimersByTime(20);
  };
  const shown = () => [...host.querySelectorAll<HTMLElement>(".nv-notice")].filter((notice) => !notice.hidden);
  return { life, asked, channel, host, push, shown };
}

beforeEach(() => vi.useFakeTimers());
afterEach(() => {
  vi.useRealTimers();
  document.body.replaceChildren();
});

test("a trainer that has not trained invites to train, by the command of the timeline's button", () => {
  const { asked, push, shown, host } = setUp();
  push({ ...READY, commands: ["start", "run_steps"] });
  const [notice, ...others] = shown();
  expect(others).toEqual([]);
  expect(notice?.textContent).toContain("Ready");
  expect(notice?.querySelector("code")?.hidden).toBe(true);
  const button = notice?.querySelector("button");
  button?.focus();
  button?.click();
  expect(asked).toContain("start");

  push({ ...READY, state: "running", commands: ["pause"] });
  expect(shown()).toEqual([]);
  expect(document.activeElement?.getAttribute("aria-label")).toBe("Pause training (Space)");
  expect(host.contains(document.activeElement)).toBe(true);
});

test("a compiled model at rest is told the call that trains it; without an optimiser nothing is asked", () => {
  const { push, shown } = setUp();
  push({ ...READY, commands: [], optimizer: "Adam" });
  expect(shown()[0]?.textContent).toContain("model.fit(x, y, callbacks=[nv.LiveCallback(view)])");
  expect(shown()[0]?.querySelector("button")?.hidden).toBe(true);
  push({ ...READY, commands: [], optimizer: null });
  expect(shown()).toEqual([]);
});

test.each([
  ["the past", { ...READY, latest_step: 20, commands: ["start"], is_following: false }],
  ["a trained network", { ...READY, state: "paused", step: 20, latest_step: 20, commands: ["start"] }],
  ["what went wrong", { ...READY, commands: ["start"], problem: { title: "ValueError", text: "" } }],
])("%s invites to nothing", (_, change) => {
  const { push, shown } = setUp();
  push(change);
  expect(shown()).toEqual([]);
});

test("a saved picture invites to nothing", () => {
  const { push, shown, channel } = setUp();
  push({ ...READY, commands: ["start"] });
  expect(shown()).toHaveLength(1);
  channel.setKernel(false);
  vi.advanceTimersByTime(20);
  expect(shown()).toEqual([]);
});

test("what is awaited is said after 200 ms, and not when the picture comes sooner", () => {
  const slow = setUp();
  vi.advanceTimersByTime(PATIENCE_MS - 20);
  expect(slow.shown()).toEqual([]);
  vi.advanceTimersByTime(40);
  expect(slow.shown()[0]?.textContent).toBe("3 layers readWaiting for the first weights and activations.");
  slow.push({ state: "paused" });
  expect(slow.shown()).toEqual([]);

  const quick = setUp();
  vi.advanceTimersByTime(PATIENCE_MS / 2);
  quick.push({ state: "paused" });
  vi.advanceTimersByTime(10 * PATIENCE_MS);
  expect(quick.shown()).toEqual([]);
});

test("an empty view awaits nothing, and a kernel that went away is told by the banner alone", () => {
  const empty = setUp({ graph: null });
  vi.advanceTimersByTime(10 * PATIENCE_MS);
  expect(empty.shown()).toEqual([]);

  const lost = setUp();
  vi.advanceTimersByTime(10 * PATIENCE_MS);
  expect(lost.shown()).toHaveLength(1);
  lost.channel.setKernel(false);
  vi.advanceTimersByTime(20);
  expect(lost.shown()).toEqual([]);
});
