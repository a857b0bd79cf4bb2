// @vitest-environment jsdom
import { expect, test, vi } from "vitest";
import { emptyFrame, graph, layer, section } from "../demo/frames.ts";
import { FrameStore } from "../src/store/frameStore.ts";
import { initialValues, ViewState } from "../src/store/viewState.ts";
import type { Answer } from "../src/stream/channel.ts";
import { createWhatIf } from "../src/ui/whatIf/whatIf.ts";

const HELD = { kind: "unit", layer: "L1", unit: 1, to: "zero" };
const SET = { kind: "weight", layer: "L1", name: "bias", index: [0], value: 2 };

function told(changes: Record<string, unknown> = {}) {
  return {
    changes: [
      ["<b>dense</b> · unit 1 is held at 0", HELD],
      ["dense · bias[0] is +2.000, not +0.100", SET],
    ],
    isPending: false,
    applicable: 1,
    frozen: [["L2", "deep"]],
    problem: "",
    step: 12,
    count: 256,
    sample: 3,
    rows: [["loss", "0.5000", "0.6000", "+0.1000"]],
    outputs: [["0 cat", "0.9000", "0.2000", "−0.7000"]],
    flips: 9,
    flipped: [[4, "0 cat", "1 dog", "0 cat"]],
    ...changes,
  };
}

function setUp(answer: Answer = { ok: true, reason: "" }) {
  const root = document.createElement("section");
  const main = document.createElement("main");
  const last = document.createElement("button");
  main.append(last);
  root.append(main);
  document.body.replaceChildren(root);
  const state = new ViewState(initialValues);
  const command = vi.fn();
  const store = new FrameStore();
  const shell = { store, state, actions: { command } as never, signal: new AbortController().signal };
  const suppose = vi.fn((_: readonly string[]) => Promise.resolve(answer));
  const view = createWhatIf(shell, main, last, suppose);
  const bar = root.querySelector(".nv-whatif") as HTMLElement;
  const press = (name: string) => (root.querySelector(`button[aria-label="${name}"]`) as HTMLButtonElement).click();
  const sent = () => suppose.mock.lastCall?.[0].map((text) => JSON.parse(text));
  return { root, store, state, view, bar, press, sent, command };
}

test("what is tried and what comes of it stand over the picture, as text, and say that this is not the model", () => {
  const { root, view, bar } = setUp();
  expect(bar.hidden).toBe(true);
  view.update(told());
  expect(bar.hidden).toBe(false);
  expect(root.firstElementChild).toBe(bar);
  expect(bar.textContent).toContain("2 changes are tried; this is not the model");
  expect(bar.querySelector("li span")?.textContent).toBe("<b>dense</b> · unit 1 is held at 0");
  const cells = [...bar.querySelectorAll("tr")].map((row) => [...row.children].map((cell) => cell.textContent));
  expect(cells).toEqual([
    ["", "first 256 samples", "sample 3"],
    ["", "loss", "0 cat"],
    ["before", "0.5000", "0.9000"],
    ["after", "0.6000", "0.2000"],
    ["difference", "+0.1000", "−0.7000"],
  ]);
  expect(bar.textContent).toContain("9 of 256 answers flip");
  expect(bar.textContent).toContain("and 8 more");
  expect(bar.querySelector("[role=status]")?.textContent).toBe("loss 0.5000 → 0.6000; 9 of 256 answers flip");
});

test("a change is undone by itself, all by leaving, and a flipped sample is gone to", () => {
  const { state, view, bar, press, sent } = setUp();
  view.update(told());
  press("Undo: <b>dense</b> · unit 1 is held at 0");
  expect(sent()).toEqual([SET]);
  press("Leave what if: the network as it is");
  expect(sent()).toEqual([]);
  press("sample 4: 0 cat → 1 dog (true: 0 cat)");
  expect(state.values.sample).toBe(4);
  view.update({});
  expect(bar.hidden).toBe(true);
});

test("what the training can take is applied, and a frozen layer thawed", () => {
  const { view, bar, press, command } = setUp();
  view.update(told());
  press("Apply to the training: 1 of 2 changes; inputs and held units are no part of it");
  expect(command).toHaveBeenLastCalledWith("applyWhatIf", {});
  press("Thaw: deep is frozen");
  expect(command).toHaveBeenLastCalledWith("thaw", { layer: "L2" });
  view.update(
    told({ changes: [], applicable: 0, step: null, count: 0, rows: [], outputs: [], flips: null, flipped: [] }),
  );
  expect(bar.hidden).toBe(false);
  expect(bar.textContent).toContain("Frozen layersno step of the training changes them");
  expect(bar.textContent).not.toContain("not the model");
  view.update(told({ applicable: 0 }));
  expect(
    [...bar.querySelectorAll("button")].some(({ hidden, textContent }) => !hidden && textContent?.includes("Apply")),
  ).toBe(false);
});

test("what could not be computed is said in place of numbers", () => {
  const { view, bar } = setUp();
  view.update(told({ problem: "Expected a model without masks.", rows: [], outputs: [], flips: null, flipped: [] }));
  expect(bar.querySelector(".nv-whatif-problem")?.textContent).toBe("Expected a model without masks.");
  expect((bar.querySelector(".nv-whatif-scroll") as HTMLElement).hidden).toBe(true);
  expect((bar.querySelector(".nv-whatif-flips") as HTMLElement).hidden).toBe(true);
});

const parameters = (...shape: number[]) => [{ name: "kernel", shape, dtype: "float32", isTrainable: true }];
const windowed = graph(
  "windows",
  [
    layer("I", "input", "InputLayer", [8, 8, 3]),
    layer("C", "conv", "Conv2D", [8, 8, 4], { parameters: parameters(3, 3, 3, 4) }),
    layer("D", "deep", "DepthwiseConv2D", [8, 8, 8], { role: "depthwise", parameters: parameters(3, 3, 4, 2) }),
    layer("T", "back", "Conv2DTranspose", [8, 8, 5], { role: "transposed", parameters: parameters(2, 2, 5, 8) }),
  ],
  [
    ["I", "C"],
    ["C", "D"],
    ["D", "T"],
  ],
);

test.each([
  ["C", [1, 2, 2, 3], "Cut: the weight of the edge is zero"],
  ["D", [1, 2, 1, 1], ""],
  ["T", [1, 1, 3, 2], ""],
])("a weight of the kernel of %s is set at its place", (id, index, cut) => {
  const { root, store, state, view, sent } = setUp();
  store.update({ graph: windowed, frame: emptyFrame([]), connection: "live" });
  state.set({ selection: { layer: id, unit: 3 } });
  Element.prototype.scrollIntoView ??= () => {};
  view.open();
  const field = (name: string) => root.querySelector(`input[aria-label="${name}"]`) as HTMLInputElement;
  const labelled = (name: string) =>
    [...root.querySelectorAll("label")]
      .find((one) => one.textContent === name)
      ?.nextElementSibling?.querySelector("input");
  const fill = (input: HTMLInputElement | null | undefined, text: string) => {
    if (input) input.value = text;
  };
  fill(field("row of the kernel"), "1");
  fill(field("column of the kernel"), String(index[1]));
  fill(labelled("Edge from"), "2");
  fill(labelled("Its weight"), "0.5");
  const set = root.querySelector('button[aria-label="Its weight: set"]') as HTMLButtonElement;
  expect(set.closest("[hidden]")).toBe(null);
  set.click();
  expect(sent()).toEqual([{ kind: "weight", layer: id, name: "kernel", index, value: 0.5 }]);
  const shown = [...root.querySelectorAll("button")].filter((one) => one.closest("[hidden]") === null);
  expect(shown.some((one) => one.ariaLabel === cut || one.getAttribute("aria-label") === cut)).toBe(cut !== "");
  fill(field("row of the kernel"), "");
  set.click();
  expect(root.querySelector("[role=alert]")?.textContent).toContain("whole numbers");
});

test("a token is set by its word or by its number", () => {
  const { root, store, state, view, sent } = setUp();
  const read = graph(
    "read",
    [layer("I", "words", "InputLayer", [3], { isTokens: true }), layer("D", "dense", "Dense", [2])],
    [["I", "D"]],
  );
  const frame = emptyFrame([section("activation", "I", "", [3], Float32Array.of(4, 2, 1))]);
  Object.assign(frame.header, { tokens: { I: ["a", "good", "film"] } });
  store.update({ graph: read, frame, connection: "live" });
  state.set({ selection: { layer: "I", unit: 1 } });
  Element.prototype.scrollIntoView ??= () => {};
  view.open();
  const field = root.querySelector("input:not([hidden])") as HTMLInputElement;
  expect([field.type, field.placeholder]).toEqual(["text", "good"]);
  const set = field.parentElement?.querySelector("button") as HTMLButtonElement;
  for (const [text, value] of [
    ["bad", "bad"],
    ["7", 7],
  ] as const) {
    field.value = text;
    set.click();
    expect(sent()).toEqual([{ kind: "input", layer: "I", sample: 0, unit: 1, value }]);
  }
});
