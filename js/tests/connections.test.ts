// @vitest-environment jsdom
import { beforeEach, describe, expect, test } from "vitest";
import { chainGraph } from "../demo/frames.ts";
import { createMlp, seeded } from "../demo/mlp.ts";
import { FrameStore } from "../src/store/frameStore.ts";
import { ViewState } from "../src/store/viewState.ts";
import { readTrait, traitName } from "../src/stream/protocol.ts";
import { createConnections } from "../src/ui/frame/connections.ts";
import type { Part, Shell } from "../src/ui/kit/shell.ts";

const graphOf = (sizes: number[]) => {
  const layers = createMlp(
    sizes,
    sizes.slice(1).map(() => "relu" as const),
    seeded(1),
  );
  return chainGraph("net", layers, ["dense", "output"], [sizes[0] ?? 1]);
};

let state: ViewState;
let store: FrameStore;
let part: Part;

beforeEach(() => {
  state = new ViewState();
  store = new FrameStore();
  store.update({ graph: graphOf([80, 60, 3]) });
  part = createConnections({ store, state, signal: new AbortController().signal } as unknown as Shell);
  document.body.replaceChildren(part.element);
  state.subscribe(() => part.update(), new AbortController().signal);
  part.update();
});

const find = <E extends HTMLElement>(what: string) => part.element.querySelector<E>(what) as E;

describe("the connections control", () => {
  test("is there only where some layers have more than 4,000 connections", () => {
    expect(part.element.hidden).toBe(false);
    store.update({ graph: graphOf([80, 50, 3]) });
    part.update();
    expect(part.element.hidden).toBe(true);
  });
  test("chooses what is drawn, and with the strongest opens how many", () => {
    const panel = find(".nv-topk");
    expect(panel.hidden).toBe(true);
    find("[data-value=top]").click();
    expect([state.values.detail, panel.hidden, panel.classList.contains("nv-open")]).toEqual(["top", false, true]);
    panel.dispatchEvent(new KeyboardEvent("keydown", { key: "Escape", bubbles: true }));
    expect(panel.classList.contains("nv-open")).toBe(false);
    find("[data-value=all]").click();
    expect([state.values.detail, panel.hidden]).toEqual(["all", true]);
  });
  test("slider and number agree, and the number stays within 50 to 1,000", () => {
    const [slider, number] = [find<HTMLInputElement>("[type=range]"), find<HTMLInputElement>("[type=number]")];
    slider.value = "640";
    slider.dispatchEvent(new Event("input"));
    expect([state.values.topK, number.value, find("[data-value=top]").textContent]).toEqual([640, "640", "Top 640"]);
    for (const [typed, kept] of [
      ["70000", 1000],
      ["-3", 50],
      ["", 50],
      ["333", 333],
    ] as const) {
      number.value = typed;
      number.dispatchEvent(new Event("change"));
      expect([state.values.topK, number.value]).toEqual([kept, String(kept)]);
    }
  });
});

test("the traits travel as top_k and detail, and what does not fit becomes the default", () => {
  expect([traitName("topK"), traitName("detail")]).toEqual(["top_k", "detail"]);
  expect([readTrait("topK", 7), readTrait("topK", "x"), readTrait("topK", 5000)]).toEqual([50, 200, 1000]);
  expect([readTrait("detail", "all"), readTrait("detail", "evil")]).toEqual(["all", "bundles"]);
});
