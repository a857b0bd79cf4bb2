import { expect, test } from "vitest";
import { chainGraph, denseLayer, graph, header, layer, section } from "../demo/frames.ts";
import { createMlp, forward, seeded } from "../demo/mlp.ts";
import { Frame } from "../src/core/frame.ts";
import { readNodes } from "../src/layout/readNodes.ts";
import { litInput, litTarget } from "../src/ui/inspector/litRow.ts";
import { sumRows } from "../src/ui/inspector/sumRows.ts";
import { strongestVotes } from "../src/ui/inspector/votesPanel.ts";
import { readUnit, type UnitReading } from "../src/ui/words/readUnit.ts";

function reading(sizes: readonly number[], unit: number, x: Float32Array): UnitReading {
  const layers = createMlp(sizes, ["tanh", "softmax"], seeded(4));
  const pass = forward(layers, x);
  const sections = layers.flatMap((layer, l) => [
    section("activation", `L${l}`, "", [layer.inputs], pass.a[l] ?? new Float32Array()),
    section("z", `L${l + 1}`, "", [layer.units], pass.z[l] ?? new Float32Array()),
    section("weight", `L${l + 1}`, "kernel", [layer.inputs, layer.units], layer.kernel),
    section("weight", `L${l + 1}`, "bias", [layer.units], layer.bias.fill(0.25)),
  ]);
  const frame = new Frame(header, new Map(), new Map(), sections, 0);
  const nodes = readNodes(chainGraph("net", layers, ["dense", "output"], [sizes[0] ?? 1]));
  const read = readUnit(nodes, frame, { layer: "L1", unit });
  if (read === null) throw new Error("no unit");
  return { ...read, z: null };
}

const ramp = (count: number) => Float32Array.from({ length: count }, (_, i) => Math.sin(i));
const numberOf = (text: string) => Number(text.replace("−", "-").replace("+", ""));

test.each([3, 12, 13, 784])("the rows of %i terms add up to the written z", (count) => {
  const rows = [...(sumRows(reading([count, 4, 2], 1, ramp(count)), null, null)?.rows ?? [])];
  const total = rows.pop();
  expect(total?.label).toBe("z");
  const sum = rows.reduce((all, row) => all + numberOf(row.number), 0);
  expect(Math.abs(sum - numberOf(total?.number ?? ""))).toBeLessThanOrEqual(0.0010001);
  expect(rows.filter((row) => row.unit !== null)).toHaveLength(count <= 12 ? count : 6);
  expect(rows.at(-1)?.label).toBe("bias");
});

test("a layer that is used twice has no one sum", () => {
  const layers = [layer("A", "a", "InputLayer", [2]), layer("B", "b", "InputLayer", [2])];
  const links = [
    ["A", "D"],
    ["B", "D"],
  ] as const;
  const nodes = readNodes(graph("shared", [...layers, denseLayer("D", "shared", 2, 3, "relu")], links));
  const sections = [
    section("activation", "A", "", [2], Float32Array.of(1, 2)),
    section("weight", "D", "kernel", [2, 3], new Float32Array(6).fill(0.5)),
  ];
  const read = readUnit(nodes, new Frame(header, new Map(), new Map(), sections, 0), { layer: "D", unit: 0 });
  expect(read?.weights).toHaveLength(2);
  expect(read === null ? null : sumRows(read, null, null)).toBeNull();
});

test("the rest is told by sign, and the row lights that holds what is pointed at", () => {
  const read = reading([784, 4, 2], 0, ramp(784));
  const products = Array.from(read.weights ?? [], (weight, i) => weight * (read.inputs?.[i] ?? 0));
  const small = products.map((value, i) => ({ value, i })).filter(({ value }) => Math.abs(value) < 1e-3);
  for (const sign of [1, -1]) {
    const hidden = small.find(({ value }) => value * sign > 0);
    const lit = sumRows(read, null, hidden?.i ?? null)?.rows.filter((row) => row.isLit);
    expect(lit?.map((row) => row.label.replace(/\d+/, "n"))).toEqual([`n more, ${sign > 0 ? "positive" : "negative"}`]);
  }
});

test("a sample of zeros has one row for all its terms, and z is the bias", () => {
  const sum = sumRows(reading([784, 4, 2], 0, new Float32Array(784)), null, null);
  expect(sum?.rows.map((row) => `${row.label} ${row.number}`)).toEqual([
    "784 terms, all zero 0.000",
    "bias +0.250",
    "z +0.250",
  ]);
});

test("an edge or a unit that is pointed at lights the row of its term or vote, of this unit only", () => {
  const read = reading([5, 4, 2], 1, ramp(5));
  expect(litInput({ layer: "L1", unit: 1, source: 3, sourceLayer: "L0" }, read)).toBe(3);
  expect(litInput({ layer: "L1", unit: 2, source: 3, sourceLayer: "L0" }, read)).toBeNull();
  expect(litInput({ layer: "L0", unit: 4 }, read)).toBe(4);
  expect(litInput({ layer: "L2", unit: 0 }, read)).toBeNull();
  expect(litTarget({ layer: "L2", unit: 0, source: 1, sourceLayer: "L1" }, read)).toBe(0);
  expect(litTarget({ layer: "L2", unit: 0, source: 2, sourceLayer: "L1" }, read)).toBeNull();
  expect(litTarget({ layer: "L2", unit: 1 }, read)).toBe(1);
});

test("of many votes the six largest and the one for the true class are shown, in order", () => {
  const votes = Array.from({ length: 30 }, (_, i) => (i % 2 === 0 ? i : -i) / 10);
  expect(strongestVotes(votes, 3)).toEqual([3, 24, 25, 26, 27, 28, 29]);
  expect(strongestVotes(votes, 29)).toEqual([24, 25, 26, 27, 28, 29]);
  expect(strongestVotes(votes.slice(0, 12), null)).toHaveLength(12);
  expect(strongestVotes([Number.NaN, ...votes], null)).not.toContain(0);
});
