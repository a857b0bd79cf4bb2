// @vitest-environment jsdom
import { expect, test } from "vitest";
import { FrameStore } from "../src/store/frameStore.ts";
import { initialValues, ViewState } from "../src/store/viewState.ts";
import { createStepper } from "../src/ui/steps/stepper.ts";

const card = {
  phase: "forward",
  title: "Weighted sum",
  heads: ["from", "w", "a", "w·a"],
  rows: [
    ["input unit 0", "+0.500", "−2.000", "−1.000", -100],
    ["<b>bias</b>", "", "", "+0.250", 25],
  ],
  total: ["z", "−0.750"],
  facts: [],
  notes: [],
  checks: [[false, "✗ what the unit puts out: 1 here, 2 by a forward pass"]],
  plot: null,
};

function told(changes: Record<string, unknown> = {}) {
  return {
    number: 1,
    phase: "forward",
    isTaken: false,
    untaken: "",
    sample: 0,
    count: 2,
    called: 7,
    epoch: 0,
    batch: 0,
    batches: null,
    loss: "0.5000",
    lossAfter: "0.4000",
    chosen: ["L1", 1],
    unitTitle: "dense · 1",
    notes: [],
    columns: [
      { layer: "L0", name: "input", symbol: "x", isInput: true, units: [[0, ".50", "+0.500", 50]], more: 3, place: "" },
      {
        layer: "L1",
        name: "dense",
        symbol: "a",
        isInput: false,
        units: [
          [0, "NaN", "NaN", null],
          [1, "−.75", "−0.750", -100],
        ],
        more: 0,
        place: "",
      },
    ],
    edges: [[0, 1, [null, 40]]],
    legend: { isGradient: false, units: ["a", "−0.750", "+0.750"], edges: ["w·a", "−1", "+1"], inputs: null },
    cards: [card],
    ...changes,
  };
}

function setUp() {
  const asked: [string, unknown][] = [];
  const root = document.body.appendChild(document.createElement("section"));
  const picture = root.appendChild(document.createElement("button"));
  picture.focus();
  const state = new ViewState(initialValues);
  const actions = {
    command: (op: string, args: unknown) => asked.push([op, args]),
    seek: () => {},
    seekBy: () => {},
    toggleTraining: () => {},
    stepThrough: () => {},
    toggleBookmark: () => {},
  };
  const stepper = createStepper(
    { store: new FrameStore(), state, actions, signal: new AbortController().signal },
    root,
  );
  const dialog = root.querySelector<HTMLElement>("[role=dialog]") as HTMLElement;
  const press = (key: string) => dialog.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
  const current = () => dialog.querySelector("[aria-current=step]")?.textContent;
  const units = () => [...dialog.querySelectorAll("[data-place]")].map((one) => one.getAttribute("aria-label"));
  return { asked, stepper, state, dialog, press, current, units, picture };
}

test("a step is over the view while there is one, and the focus goes back where it was", () => {
  const { stepper, dialog, picture, current } = setUp();
  expect(dialog.hidden).toBe(true);
  stepper.update(told());
  expect(dialog.hidden).toBe(false);
  expect(picture.hasAttribute("inert")).toBe(true);
  expect(current()).toContain("Forward");
  expect(dialog.querySelector(".nv-facts")?.textContent).toBe("epoch 1 · batch 1 · sample 1 of 2 · #7");
  stepper.update({});
  expect(dialog.hidden).toBe(true);
  expect(picture.hasAttribute("inert")).toBe(false);
  expect(document.activeElement).toBe(picture);
});

test("keys lead on before the kernel has answered, and one press takes one step", () => {
  const { stepper, press, asked } = setUp();
  stepper.update(told());
  for (const key of [".", ".", ",", "t", "T", "]", "["]) press(key);
  expect(asked).toEqual([
    ["showPhase", { phase: "loss" }],
    ["showPhase", { phase: "backward" }],
    ["showPhase", { phase: "loss" }],
    ["takeStep", {}],
    ["openSteps", { sample: 1 }],
  ]);
  asked.length = 0;
  stepper.update(told({ isTaken: true, phase: "update" }));
  for (const key of ["]", "t", "Escape"]) press(key);
  expect(asked).toEqual([
    ["openSteps", { sample: 0 }],
    ["cancelSteps", {}],
  ]);
});

test("a unit has its number in its name, is chosen by Enter, and what is not finite is marked", () => {
  const { stepper, units, dialog, state } = setUp();
  stepper.update(told());
  expect(units()).toEqual(["input, unit 0, x +0.500", "dense, unit 0, a NaN", "dense, unit 1, a −0.750"]);
  const [input, bad, chosen] = dialog.querySelectorAll<SVGGElement>("[data-place]");
  expect(bad?.hasAttribute("data-bad")).toBe(true);
  expect(chosen?.getAttribute("aria-pressed")).toBe("true");
  input?.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true }));
  expect(state.values.selection).toBeNull(); // what came in is no unit
  bad?.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true }));
  expect(state.values.selection).toEqual({ layer: "L1", unit: 0 });
});

test("cards are tables of plain text, and a number that is contradicted is marked", () => {
  const { stepper, dialog } = setUp();
  stepper.update(told());
  const table = dialog.querySelector("table");
  expect([...(table?.querySelectorAll("tbody th") ?? [])].map((cell) => cell.textContent)).toEqual([
    "input unit 0",
    "<b>bias</b>",
  ]);
  expect(table?.querySelector("tfoot")?.textContent).toBe("z−0.750");
  expect(dialog.querySelector<HTMLElement>(".nv-step-check")?.dataset.tone).toBe("err");
  stepper.update(told({ phase: "update", cards: [] }));
  expect(dialog.querySelector("[role=status]")?.textContent).toContain("from 0.5000 to 0.4000");
});
