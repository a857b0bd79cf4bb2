// @vitest-environment jsdom
import { expect, test } from "vitest";
import { chainFrame } from "../demo/frames.ts";
import { createMlp, seeded } from "../demo/mlp.ts";
import { type Finding, Frame } from "../src/core/frame.ts";
import type { NetworkIndex } from "../src/core/networkIndex.ts";
import { barcodeMarks } from "../src/ui/places/barcodeMarks.ts";
import { createShades } from "../src/ui/places/shades.ts";

const layer = (id: string, parent: number) => ({ id, path: `net/${id}`, type: "Dense", parent, parameterCount: 6 });
const BLOCK = { id: "G", path: "net/block", type: "Functional", parent: -1, kind: "model" } as const;
const INDEX: NetworkIndex = {
  layers: [layer("L0", -1), layer("L1", 0), layer("L2", 0), layer("L3", -1)],
  groups: [BLOCK],
  count: 4,
};
const FOUND: Finding = {
  rule: "dead_relu",
  severity: "fault",
  layer: "G",
  at: "L2",
  units: [],
  sinceStep: 3,
  lastStep: 9,
  isOver: false,
  follows: false,
  title: "",
  text: "",
  badge: "2/6 dead",
  left: 0,
};

function marked(findings: readonly Finding[], width = 400): [string, string, string][] {
  const { header, scalars, hyperparameters, sections, byteLength } = chainFrame(
    createMlp([2, 1], ["tanh"], seeded(3)),
    { index: 0, x: [0.4, 0.1], y: [1], target: 1 },
    {},
    null,
  );
  const frame = new Frame({ ...header, findings }, scalars, hyperparameters, sections, byteLength);
  const { wrong } = createShades()(INDEX, frame, "light", "size");
  return barcodeMarks(wrong, width).map(({ style, textContent, title }) => [style.left, textContent ?? "", title]);
}

test("what is wrong in a closed group is marked below its own layer, and what is over or only noted is not", () => {
  const warned: Finding = { ...FOUND, severity: "warning", layer: "L0", at: "L0", badge: "up to 255" };
  expect(marked([FOUND, warned, { ...FOUND, at: "L3", isOver: true }, { ...FOUND, severity: "note" }])).toEqual([
    ["50px", "▲", "net/L0: up to 255"],
    ["250px", "✗", "net/L2: 2/6 dead"],
  ]);
  expect(marked([{ ...FOUND, layer: "", at: "" }])).toEqual([]); // of the optimiser
});

test("marks that would touch are one of the worst, and what is about a group stands in its middle", () => {
  const warned: Finding = { ...FOUND, severity: "warning", at: "L1", badge: "starts large" };
  expect(marked([FOUND, warned], 40)).toEqual([["15px", "✗", "net/L1: starts large\nnet/L2: 2/6 dead"]]);
  expect(marked([{ ...FOUND, at: "G" }])).toEqual([["200px", "✗", "net/block: 2/6 dead"]]);
});
