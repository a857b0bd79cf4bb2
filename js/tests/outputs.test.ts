// @vitest-environment jsdom
import { expect, test } from "vitest";
import { chainFrame, chainGraph, scenery } from "../demo/frames.ts";
import { TWO_CLASSES } from "../demo/judged.ts";
import { createMlp, seeded } from "../demo/mlp.ts";
import { FrameReader } from "../src/draw/read/reading.ts";
import { ScaleBook } from "../src/draw/read/scaleBook.ts";
import { describeLegend } from "../src/draw/say/describeLegend.ts";
import { legendColor, type RampLegend } from "../src/draw/say/legend.ts";
import { readNodes } from "../src/layout/readNodes.ts";
import { buildRamps } from "../src/theme/ramps.ts";
import { createFieldPicture } from "../src/ui/inspector/fieldPicture.ts";
import { unitFacts } from "../src/ui/inspector/unitFacts.ts";
import { readUnit } from "../src/ui/words/readUnit.ts";
import { spokenUnit } from "../src/ui/words/spokenNames.ts";
import { place } from "./helpers.ts";

const layers = createMlp([2, 3, 1], ["tanh", "sigmoid"], seeded(4));
const graph = chainGraph("net", layers, ["hidden", "output"], [2]);
const nodes = readNodes(graph);
const extent = [-2, 2, -2, 2] as const;
const known = scenery({ task: TWO_CLASSES, extent });
const frame = chainFrame(layers, { index: 0, x: [1, -1], y: [1], target: 1 }, {}, { extent });
const ramps = buildRamps("light");

function unit(layer: string) {
  const reading = readUnit(nodes, frame, { layer, unit: 0 });
  if (reading === null) throw new Error("no unit");
  return reading;
}

test("a probability has no sign, what may be negative has one", () => {
  const value = (layer: string, name: string) =>
    unitFacts(unit(layer), nodes, frame, known, null).find((fact) => fact.name === name)?.value;
  expect(value("L2", "σ(z)")).toMatch(/^0\.\d{3}$/);
  expect(value("L1", "tanh(z)")).toMatch(/^[+−]0\.\d{3}$/);
  expect(spokenUnit(unit("L2"), known)).toMatch(/output 0\.\d{3},/);
});

test("the output has the colours in the inspector that it has in the prediction field", () => {
  const picture = createFieldPicture();
  picture.set(unit("L2"), frame, known, ramps);
  const bar = picture.element.querySelector<HTMLElement>(".nv-ramp")?.style.backgroundImage ?? "";
  const colours = bar.match(/rgb\([^)]*\)/g) ?? [];
  const reading = new FrameReader(new ScaleBook()).read(place(graph, known), frame, known, "weight", false);
  const plane = describeLegend(reading, known, frame).ramps.find(({ id }) => id === "plane") as RampLegend;
  const wanted = [0, 0.5, 1].map((share) => legendColor(plane, ramps[plane.ramp], share));
  expect([colours[0], colours[12], colours[24]].map((one) => one?.replaceAll(" ", ""))).toEqual(wanted);
  expect(picture.element.textContent).toBe("01");
});
