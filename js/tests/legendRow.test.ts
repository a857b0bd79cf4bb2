// @vitest-environment jsdom
import { expect, test } from "vitest";
import { emptyLegend, type PictureLegend } from "../src/draw/say/legend.ts";
import { createLegendRow, spreadText } from "../src/ui/charts/legendRow.ts";

const ENTRY_PX = 40;

/** A row in a place of a width; every scale takes a row of 40 px, unless more are kept. */
function legendRow() {
  const row = createLegendRow("light", new AbortController().signal);
  let width = 300;
  Object.defineProperties(row.element, {
    clientWidth: { get: () => width },
    scrollWidth: { get: () => 10_000 },
    offsetHeight: {
      get: () => {
        const kept = Number.parseFloat(row.element.style.minBlockSize) || 0;
        return Math.max(kept, ENTRY_PX * row.element.querySelectorAll(".nv-legend-entry").length);
      },
    },
  });
  return { row, resize: (to: number) => (width = to) };
}

function legend(...labels: string[]): PictureLegend {
  const scale = { ramp: "value", low: -1, high: 1, isClipped: false, hasMiddleZero: true } as const;
  return { ...emptyLegend, ramps: labels.map((label) => ({ ...scale, id: label, label })) };
}

test("a legend of fewer scales is no lower, or picture and legend would take turns", () => {
  const { row } = legendRow();
  row.set(legend("Weight", "Bias"));
  expect(row.element.offsetHeight).toBe(80);
  row.set(legend("Weight"));
  expect(row.element.offsetHeight).toBe(80);
});

test("one of more is higher", () => {
  const { row } = legendRow();
  row.set(legend("Weight"));
  row.set(legend("Weight", "Bias", "Output"));
  expect(row.element.offsetHeight).toBe(120);
});

test("at another width it takes what it needs", () => {
  const { row, resize } = legendRow();
  row.set(legend("Weight", "Bias"));
  resize(600);
  row.set(legend("Weight"));
  expect(row.element.offsetHeight).toBe(40);
});

test("where each layer has a scale of its own, the legend says how large they are", () => {
  const scale = { id: "strokes", label: "Weight per layer", ramp: "value", low: -4.7, high: 4.7 } as const;
  const entry = { ...scale, isClipped: false, hasMiddleZero: true, isPerLayer: true };
  const { row } = legendRow();
  row.set({ ...emptyLegend, ramps: [{ ...entry, spread: [2.9, 4.7] }] });
  expect(row.element.querySelector(".nv-legend-entry")?.textContent).toBe("Weight per layer−m+mm = 2.9 to 4.7");
  expect(spreadText({ ...entry, spread: [4.7, 4.71] })).toBe("m = 4.7");
});
