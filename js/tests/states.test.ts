// @vitest-environment jsdom
import { describe, expect, test } from "vitest";
import { denseLayer, emptyFrame, graph, layer, section } from "../demo/frames.ts";
import { readGates, readPictures, readSeries, readSteps } from "../src/draw/read/states.ts";
import { atSameStep, moveAlong } from "../src/interact/moveAlong.ts";
import { readNodes } from "../src/layout/readNodes.ts";
import { FrameStore } from "../src/store/frameStore.ts";
import { ViewState } from "../src/store/viewState.ts";
import { buildRamps } from "../src/theme/ramps.ts";
import { createKeptPanel } from "../src/ui/inspector/keptPanel.ts";
import { createLayerStates } from "../src/ui/inspector/layerStates.ts";
import { createStatePanel } from "../src/ui/inspector/statePanel.ts";
import { readUnit } from "../src/ui/words/readUnit.ts";

const recurrent = graph(
  "remembering",
  [
    layer("I", "input", "InputLayer", [4, 1]),
    layer("R", "memory", "GRU", [2], { role: "recurrent" }),
    denseLayer("D", "dense", 2, 1, "linear"),
  ],
  [
    ["I", "R"],
    ["R", "D"],
  ],
);
const nodes = readNodes(recurrent);
const node = nodes[1] ?? fail();
const ramps = buildRamps("light");
const NAMES = ["h", "update", "reset", "new"];
const NAN = Number.NaN;

/** Unit 1 over four steps, read from the end; the second is masked. */
const sections = [
  section("activation", "R", "", [2], Float32Array.from([0.5, -0.25])),
  section("read_place", "R", "", [4], Float32Array.from([3, -1, 1, 0])),
  section(
    "unit_state",
    "R",
    "",
    [4, 4],
    Float32Array.from([
      ...[0.5, 0.5, -1, -0.25],
      ...[0.25, NAN, 0.75, 1],
      ...[0, NAN, 0.125, 0.5],
      ...[0.5, NAN, -2, 0],
    ]),
    { unit: 1, names: NAMES },
  ),
  section(
    "gate_share",
    "R",
    "",
    [4, 3],
    Float32Array.from([NAN, NAN, NAN, 0.75, 0, 0.5, 0.25, 0.125, 0, NAN, NAN, NAN]),
    {
      names: NAMES,
    },
  ),
];
const frame = emptyFrame(sections);
const reading = readUnit(nodes, frame, { layer: "R", unit: 1 }) ?? fail();

describe("what a stateful layer has kept", () => {
  const told = { rows: 2, size: 3, lo: -0.5, hi: 0.5 };
  const shown = emptyFrame([
    section("kept_picture", "R", "h", [2, 3], Uint8Array.from([1, 128, 255, 0, 128, 128]), told),
    section("kept_picture", "R", "1", [1, 3], Uint8Array.from([1, 128, 255]), told),
    section("kept_unit", "R", "h", [2], Float32Array.from([0.25, -0.125]), { unit: 1, rows: 9 }),
  ]);
  const panelOf = (unit: number | null, frame = shown) => {
    const panel = createKeptPanel();
    panel.set(node, unit, frame, ramps);
    return panel.element;
  };

  test("is a picture of each state, with the numbers of the chosen unit", () => {
    const element = panelOf(1);
    expect([...element.querySelectorAll("figcaption")].map((one) => one.textContent)).toEqual(["state h", "state 1"]);
    expect(element.textContent).toContain("for each of its 2 samples. Of more than 64 rows or columns, means over");
    expect(element.querySelector("dl")?.textContent).toBe("state h+0.250, −0.125, …");
    expect(panelOf(0).querySelector("dl")?.textContent).toBe("");
  });

  test("is not there of a layer that keeps nothing", () => {
    expect(panelOf(null, emptyFrame([])).hidden).toBe(true);
  });
});

function fail(): never {
  throw new Error("missing");
}

function panel(place?: readonly [number, number], of = frame) {
  const moves: (readonly [number, number])[] = [];
  const made = createStatePanel((to) => moves.push(to), new AbortController().signal);
  const selection = { layer: "R", unit: 1, ...(place === undefined ? {} : { place }) };
  made.set(reading, nodes, of, selection, ramps);
  const texts = [...made.element.querySelectorAll(".nv-strip-row")].map((row) =>
    [".nv-strip-name", ".nv-strip-number"].map((part) => row.querySelector(part)?.textContent ?? ""),
  );
  return { ...made, moves, texts };
}

describe("a unit along its sequence", () => {
  test("has its states and gates at the chosen time step as numbers, with their signs and true names", () => {
    expect(panel([0, 2]).texts).toEqual([
      ["state h", "−1.000"],
      ["update gate", "0.750"],
      ["reset gate", "0.125"],
      ["candidate", "−2.000"],
    ]);
    expect(panel([0, 2]).element.textContent).toContain("Time step 2 reads place 1.");
  });

  test("a masked time step has the states that stay, and no gates", () => {
    const masked = panel([0, 1]);
    expect(masked.texts.map(([, number]) => number)).toEqual(["+0.500", "–", "–", "–"]);
    expect(masked.element.textContent).toContain("Time step 1 is masked");
  });

  test("without a time step there is no number, and it is said how to choose one", () => {
    expect(panel().texts.map(([, number]) => number)).toEqual(["", "", "", ""]);
    expect(panel().element.textContent).toContain("Click in a strip, or press < and >.");
    expect(panel([0, 9]).texts[0]).toEqual(["state h", ""]);
  });

  test("a gate that is no share of 0 to 1 is drawn as what is signed", () => {
    expect(readSeries(frame, node, 1)?.map(({ isShare }) => isShare)).toEqual([false, true, true, false]);
    const values = Float32Array.from([0, 0, 1.5, -1]);
    const beyond = emptyFrame([section("unit_state", "R", "", [1, 4], values, { unit: 0, names: ["forget"] })]);
    expect(readSeries(beyond, node, 0)?.[0]?.isShare).toBe(false);
  });

  test("of another unit nothing is told, and where nothing can be told that is said", () => {
    expect(readSeries(frame, node, 0)).toBeNull();
    const untold = emptyFrame([section("read_place", "R", "", [0], new Float32Array())]);
    expect(readSteps(untold, node)?.count).toBe(0);
    expect(panel(undefined, untold).element.hidden).toBe(false);
    expect(panel(undefined, untold).element.textContent).toContain("Not told");
    expect(panel(undefined, emptyFrame([])).element.hidden).toBe(true);
  });
});

describe("the time cursor", () => {
  const store = new FrameStore();
  store.update({ frame });

  test("moves with < and > within the sequence, and stays where another unit of the layer is chosen", () => {
    const state = new ViewState({ selection: { layer: "R", unit: 1 } });
    const go = (by: number) => [moveAlong(store, state, by), state.values.selection?.place];
    expect(go(1)).toEqual([true, [0, 0]]);
    expect(go(-1)).toEqual([true, [0, 0]]);
    for (let i = 0; i < 5; i++) go(1);
    expect(go(1)).toEqual([true, [0, 3]]);
    const { selection } = state.values;
    expect(atSameStep(frame, selection, { layer: "R", unit: 0 })).toEqual({ layer: "R", unit: 0, place: [0, 3] });
    expect(atSameStep(frame, selection, { layer: "D", unit: 0 })).toEqual({ layer: "D", unit: 0 });
    expect(atSameStep(frame, selection, { layer: "R", unit: null })).toEqual({ layer: "R", unit: null });
  });

  test("leaves the keys to the time of the training where no unit of a recurrent layer is chosen", () => {
    for (const selection of [null, { layer: "D", unit: 0 }, { layer: "R", unit: null }]) {
      const state = new ViewState({ selection });
      expect(moveAlong(store, state, 1)).toBe(false);
      expect(state.values.selection).toEqual(selection);
    }
  });
});

describe("a recurrent layer along the sequence", () => {
  const codes = Uint8Array.from([1, 128, 255, 0, 1, 1, 1, 1, ...new Array(24).fill(255)]);
  const whole = emptyFrame([
    ...sections,
    section("state_picture", "R", "", [4, 2, 4], codes, { names: NAMES, lo: [-2, 0, 0, -1], hi: [2, 1, 1, 1] }),
  ]);

  test("has pictures of its states, and of its gates where they are asked for, with how open they are", () => {
    const made = createLayerStates(() => {}, new AbortController().signal);
    made.set(node, whole, ramps);
    const named = () => [...made.element.querySelectorAll("figcaption")].map(({ textContent }) => textContent);
    expect(named()).toEqual(["state h"]);
    made.element.querySelector("button")?.click();
    expect(named()).toEqual(["state h", "update gate", "reset gate", "candidate"]);
    expect(made.element.textContent).toContain("2 units × 4 time steps");
    expect(made.element.textContent).toContain("update gatemean 0.75 · 0% below 0.1 · 50.0% above 0.9");
  });

  test("what is not known has no colour", () => {
    const [picture] = readPictures(whole, node);
    expect([0, 1, 2, 3].map((place) => picture?.share(place))).toEqual([0, 0.5, 1, NAN]);
    expect(readGates(whole, node).map(({ name }) => name)).toEqual(["update", "reset"]);
  });
});
