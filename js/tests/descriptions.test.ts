import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test, vi } from "vitest";
import { ScaleBook } from "../src/draw/read/scaleBook.ts";
import { formatCount, formatNumber, formatPercent, formatSigned } from "../src/lib/numberFormat.ts";
import { safeText } from "../src/lib/safeText.ts";
import { initialValues } from "../src/store/viewState.ts";
import { decodeFrame } from "../src/stream/decodeFrame.ts";
import { readGraph, readTrait } from "../src/stream/protocol.ts";
import { formatRate } from "../src/ui/words/factsOf.ts";
import { place } from "./helpers.ts";

interface Description {
  readonly frame: string | null;
  readonly graph: unknown;
  readonly edges: string;
  readonly en: string;
  readonly zh: string;
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
const WORDS = "../../nnvis_widget/core/words";
const read = <Content>(name: string) => JSON.parse(readFileSync(join(folder, name), "utf8")) as Content;
const descriptions = read<readonly Description[]>("descriptions.json");
const texts = read<NumberTexts>("number_texts.json");

/** What a copy of the front end says of a frame. */
function said(copy: Awaited<ReturnType<typeof speaking>>, { frame: name, graph: raw, edges }: Description): string {
  const graph = readGraph(raw)?.graph ?? null;
  const frame = name === null ? null : decodeFrame(new Uint8Array(readFileSync(join(folder, "golden", `${name}.bin`))));
  let omission = "";
  if (graph !== null && frame !== null && graph.layers.length > 0) {
    const quantity = readTrait("edges", edges) ?? initialValues.edges;
    const reading = new copy.FrameReader(new ScaleBook()).read(place(graph), frame, null, quantity, false);
    omission = copy.describeLegend(reading, null, frame).omission;
  }
  return copy.describe(graph, frame, "live", omission);
}

async function speaking(language: "en" | "zh") {
  vi.resetModules();
  if (language !== "en") vi.stubGlobal("nnvisWords", { language, words: read(`${WORDS}/page.${language}.json`) });
  const { FrameReader } = await import("../src/draw/read/reading.ts");
  const { describeLegend } = await import("../src/draw/say/describeLegend.ts");
  const { describe } = await import("../src/ui/words/describe.ts");
  vi.unstubAllGlobals();
  return { FrameReader, describeLegend, describe };
}

test.each(descriptions)("the page says of $frame what Python says, in each language", async (description) => {
  expect(said(await speaking("en"), description)).toBe(description.en);
  expect(said(await speaking("zh"), description)).toBe(description.zh);
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
