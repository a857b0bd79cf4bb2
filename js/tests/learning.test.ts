// @vitest-environment jsdom
import { afterEach, expect, test, vi } from "vitest";
import { chainGraph, emptyFrame, scenery, section } from "../demo/frames.ts";
import { createMlp, seeded } from "../demo/mlp.ts";
import type { Frame } from "../src/core/frame.ts";
import { FrameStore } from "../src/store/frameStore.ts";
import { ViewState } from "../src/store/viewState.ts";
import { createLearning } from "../src/ui/inspector/learningPanel.ts";
import { noActions } from "./helpers.ts";
import { until } from "./until.ts";

const layers = createMlp([3, 2, 1], ["tanh", "sigmoid"], seeded(1));
const graph = chainGraph("page", layers, ["dense", "output"], [3]);

const weight = (at: number[], own: string, change: string) => ({
  variable: at.length > 0 ? "kernel" : "bias",
  at,
  label: at.length > 0 ? `dense unit ${at[0]}` : "bias",
  own,
  batch: "+0.041",
  before: "−0.169",
  after: "−0.170",
  change,
  way: change === "" ? 0 : -1,
});

const told = {
  sample: 0,
  rows: [0, 15],
  place: [],
  isMean: true,
  isOtherwise: false,
  delta: "−0.104",
  chain: [
    ["∂L/∂a", "−0.208"],
    ["f′(z)", "0.500"],
  ],
  optimizer: "Adam",
  shape: [2],
  weights: 3,
  moves: [weight([0], "−0.007", "−4.058e-4"), weight([1], "<b>", ""), weight([], "−0.104", "+0.001")],
  furthest: "bias",
  rule: [["g: the gradient of this batch", "+0.041"]],
  checked: ["6", "autodiff", "9.6e-8"],
  failed: [] as string[],
  notes: ["The loss of these 16 samples is 0.7975."],
};

const bytes = (text: string) => new TextEncoder().encode(text);
const frame = (message: unknown, change: Partial<Frame["header"]> = {}, ...more: ReturnType<typeof section>[]) => {
  const text = bytes(JSON.stringify(message));
  const kernel = section("weight", "L2", "kernel", [2, 1], Float32Array.of(0.5, -0.5));
  const sections = message === null ? [] : [section("learning", "L2", "0", [text.length], text)];
  const made = emptyFrame([kernel, ...sections, ...more]);
  return Object.assign(made, { header: { ...made.header, ...change } });
};

function setUp(first: Frame, learning: "open" | "closed" = "open") {
  const store = new FrameStore();
  const state = new ViewState({ selection: { layer: "L2", unit: 0 }, learning });
  store.update({ graph, frame: first, scenery: scenery({}), connection: "live" });
  const inspector = document.createElement("aside");
  const page = inspector.appendChild(document.createElement("div"));
  page.className = "nv-unit-page";
  page.append(document.createElement("section"));
  document.body.append(inspector);
  const part = createLearning({ store, state, actions: noActions, signal: new AbortController().signal }, inspector);
  part.update();
  const show = (next: Frame) => {
    store.update({ frame: next });
    part.update();
  };
  const fold = part.element.querySelector<HTMLElement>("[aria-expanded]") as HTMLElement;
  const rows = () =>
    [...part.element.querySelectorAll("tbody tr")].map((row) => [...row.children].map((cell) => cell.textContent));
  const words = () => {
    const seen = part.element.cloneNode(true) as HTMLElement;
    for (const hidden of seen.querySelectorAll("[hidden]")) hidden.remove();
    return seen.textContent ?? "";
  };
  const choose = (name: string) => {
    part.element.querySelector<HTMLElement>("[aria-haspopup=menu]")?.click();
    [...part.element.querySelectorAll<HTMLElement>("[role=menuitem]")].find((one) => one.textContent === name)?.click();
  };
  return { part, state, store, show, fold, rows, words, choose, element: part.element };
}

afterEach(() => {
  document.body.replaceChildren();
  vi.unstubAllGlobals();
});

test("it is asked for only while it is open", () => {
  const { fold, state, part, element } = setUp(frame(null), "closed");
  expect(fold.getAttribute("aria-expanded")).toBe("false");
  expect(element.querySelector<HTMLElement>(".nv-learning-body")?.hidden).toBe(true);
  fold.click();
  part.update();
  expect(state.values.learning).toBe("open");
  expect(fold.getAttribute("aria-expanded")).toBe("true");
  fold.click();
  expect(state.values.learning).toBe("closed");
});

test("each weight has its numbers, and text is text", () => {
  const { rows, words, element } = setUp(frame(told));
  expect(rows()).toEqual([
    ["dense · 0", "−0.007", "+0.041", "−4.058e-4"],
    ["dense · 1", "<b>", "+0.041", ""],
    ["bias", "−0.104", "+0.041", "+0.001"],
  ]);
  expect(element.querySelector("b")).toBeNull();
  expect(words()).toContain("Sample 0, in the batch of samples 0–15.");
  expect(words()).toContain("this sample alone; a step uses the mean of its batch");
  expect(words()).toContain("Δw is what Adam");
  expect(words()).toContain("The loss of these 16 samples is 0.7975.");
  expect(element.querySelector("summary")?.textContent).toBe("Adam for bias, line by line");
});

test("a row lights its edge and is lit by it, and leads to its unit", () => {
  const { state, part, element } = setUp(frame(told));
  const links = [...element.querySelectorAll<HTMLElement>("tbody button")];
  expect(links).toHaveLength(2);
  links[1]?.focus();
  expect(state.values.hover).toEqual({ layer: "L2", unit: 0, source: 1, sourceLayer: "L1" });
  links[1]?.blur();
  expect(state.values.hover).toBeNull();
  state.set({ hover: { layer: "L1", unit: 0 } });
  part.update();
  const lit = [...element.querySelectorAll("tbody tr")].map((row) => row.hasAttribute("data-lit"));
  expect(lit).toEqual([true, false, false]);
  links[0]?.click();
  expect(state.values.selection).toEqual({ layer: "L1", unit: 0 });
});

test("a mark stands where something was compared, red with both numbers where it differs", () => {
  const { show, element } = setUp(frame(told));
  const marks = () =>
    [...element.querySelectorAll<HTMLElement>(".nv-learning-check")].map((one) => [one.dataset.tone, one.textContent]);
  expect(marks()).toEqual([["ok", "Checked: 6 numbers agree with autodiff, at most 9.6e-8 apart"]]);
  show(frame({ ...told, checked: [], failed: ["✗ δ of the unit: 1 here, 2 by autodiff"] }));
  expect(marks()).toEqual([["err", "δ of the unit: 1 here, 2 by autodiff"]]);
  show(frame({ ...told, checked: [] }));
  expect(marks()).toEqual([]);
});

test("what cannot be told is said, and numbers of another step say of which", () => {
  const { show, words, state, part } = setUp(frame({ sample: 0, notes: ["The model is not compiled."] }));
  expect(words()).toContain("The model is not compiled.");
  expect(words()).not.toContain("Checked");
  show(frame(told, { step: 7 }));
  expect(words()).not.toContain("Of step");
  show(frame(null, { step: 9 }));
  expect(words()).toContain("Of step 7.");
  expect(words()).toContain("−0.104");
  state.set({ selection: { layer: "L1", unit: 1 } });
  part.update();
  expect(words()).toContain("Being computed.");
  expect(words()).not.toContain("−0.104");
  show(frame(null, { whatIf: 1 }));
  expect(words()).toContain("Changes are tried");
  show(frame(null, { step: 3, isFollowing: false }));
  expect(words()).toContain("Not recorded at this step");
});

test("a text is copied once it has come, and shown where the page may not copy", async () => {
  const written: string[] = [];
  vi.stubGlobal("navigator", { clipboard: { writeText: async (text: string) => void written.push(text) } });
  const { choose, state, show, words, element } = setUp(frame(told));
  choose("Copy as LaTeX");
  expect(state.values.learning).toBe("latex");
  expect(words()).toContain("Being computed.");
  const latex = bytes("\\delta");
  show(frame(told, {}, section("latex", "L2", "0", [latex.length], latex)));
  await until(() => expect(written).toEqual(["\\delta"]));
  expect(state.values.learning).toBe("open");
  await until(() => expect(words()).toContain("Copied."));

  vi.stubGlobal("navigator", { clipboard: { writeText: () => Promise.reject(new Error("no")) } });
  choose("Copy as numpy");
  const numpy = bytes("import numpy");
  show(frame(told, {}, section("numpy", "L2", "0", [numpy.length], numpy)));
  await until(() => expect(words()).toContain("may not use the clipboard"));
  expect(element.querySelector("textarea")?.value).toBe("import numpy");
  expect(document.activeElement).toBe(element.querySelector("textarea"));
});
