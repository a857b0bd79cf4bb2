import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { FrameReader } from "../src/draw/read/reading.ts";
import { ScaleBook } from "../src/draw/read/scaleBook.ts";
import { describeLegend } from "../src/draw/say/describeLegend.ts";
import { formatCount, formatNumber, formatPercent, formatSigned } from "../src/lib/numberFormat.ts";
import { safeText } from "../src/lib/safeText.ts";
import { initialValues } from "../src/store/viewState.ts";
import { decodeFrame } from "../src/stream/decodeFrame.ts";
import { readGraph, readTrait } from "../src/stream/protocol.ts";
import { describe } from "../src/ui/words/describe.ts";
import { formatRate } from "../src/ui/words/factsOf.ts";
import { place } from "./helpers.ts";

interface Description {
  readonly frame: string | null;
  readonly graph: unknown;
  readonly edges: string;
  readonly text: string;
}

interface NumberTexts {
  readonly numbers: readonly {
    readonly value: number | string;
    readonly number: string;
    readonly signed: string;
    readonly percent: string;
    readonly rate: string;
    readonly count: string | null;
  }[];
  readonly names: readonly { readonly name: string; readonly shown: string }[];
}

const folder = join(dirname(fileURLToPath(import.meta.url)), "../../tests/contract");
const read = <Content>(name: string) => JSON.parse(readFileSync(join(folder, name), "utf8")) as Content;
const descriptions = read<readonly Description[]>("descriptions.json");
const texts = read<NumberTexts>("number_texts.json");

test.each(descriptions)("the page says of $frame what Python says", ({ frame: name, graph: raw, edges, text }) => {
  const graph = readGraph(raw)?.graph ?? null;
  const frame = name === null ? null : decodeFrame(new Uint8Array(readFileSync(join(folder, "golden", `${name}.bin`))));
  let omission = "";
  if (graph !== null && frame !== null && graph.layers.length > 0) {
    const quantity = readTrait("edges", edges) ?? initialValues.edges;
    const reading = new FrameReader(new ScaleBook()).read(place(graph), frame, null, quantity, false);
    omission = describeLegend(reading, null, frame).omission;
  }
  expect(describe(graph, frame, "live", omission)).toBe(text);
});

test.each(texts.numbers)("the number $value is written alike in both languages", (expected) => {
  const value = typeof expected.value === "number" ? expected.value : toNumber(expected.value);
  expect(formatNumber(value)).toBe(expected.number);
  expect(formatSigned(value, 3)).toBe(expected.signed);
  expect(formatPercent(value)).toBe(expected.percent);
  expect(formatRate(value)).toBe(expected.rate);
  if (expected.count !== null) expect(formatCount(value)).toBe(expected.count);
});

test.each(texts.names)("the name $name is shown alike in both languages", ({ name, shown }) => {
  expect(safeText(name)).toBe(shown);
});

function toNumber(text: string): number {
  return text === "nan" ? Number.NaN : text === "inf" ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY;
}
