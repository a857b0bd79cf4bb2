import {
  flag,
  integer,
  integerOrNull,
  isJson,
  type Json,
  json,
  list,
  oneOf,
  text,
  texts,
} from "../../stream/narrow.ts";

/** Twin of PHASES in nnvis_widget/core/steps.py. */
export const PHASES = ["init", "forward", "loss", "backward", "update"] as const;
export type Phase = (typeof PHASES)[number];

/** A number's place on its ramp, −1 to 1; `null` of one that is not finite. */
export type Share = number | null;

export interface StepUnit {
  readonly unit: number;
  /** As it is written in its circle; empty where the phase has no number for it. */
  readonly text: string;
  readonly exact: string;
  readonly share: Share;
}

export interface StepColumn {
  readonly layer: string;
  readonly name: string;
  readonly symbol: string;
  readonly isInput: boolean;
  readonly units: readonly StepUnit[];
  /** How many units are not drawn. */
  readonly more: number;
  readonly place: string;
}

/** What joins two columns: a share from each drawn unit to each, row by row; `null` where there are no such weights. */
export interface StepEdges {
  readonly source: number;
  readonly target: number;
  readonly shares: readonly Share[] | null;
}

export interface StepCard {
  readonly phase: Phase;
  readonly title: string;
  readonly caption: string;
  readonly heads: readonly string[];
  /** Texts, and last of a sum the share of its bar. */
  readonly rows: readonly (readonly (string | Share)[])[];
  readonly total: readonly string[];
  readonly facts: readonly (readonly [string, string])[];
  readonly notes: readonly string[];
  readonly checks: readonly (readonly [boolean, string])[];
  /** An activation, and z, a and the slope of the sample. */
  readonly plot: readonly [string, number, number, number] | null;
}

/** Name of a quantity, and the ends of its ramp. */
export type StepScale = readonly [string, string, string];

export interface Step {
  readonly number: number;
  readonly phase: Phase;
  readonly isTaken: boolean;
  /** Why it cannot be taken; empty where it can. */
  readonly untaken: string;
  readonly sample: number;
  readonly count: number;
  /** Its place in the data; `null` of a stream. */
  readonly called: number | null;
  readonly epoch: number;
  readonly batch: number;
  readonly batches: number | null;
  readonly loss: string;
  readonly lossAfter: string;
  readonly layer: string;
  readonly unit: number;
  readonly unitTitle: string;
  readonly notes: readonly string[];
  readonly columns: readonly StepColumn[];
  readonly edges: readonly StepEdges[];
  readonly isGradient: boolean;
  readonly unitScale: StepScale;
  readonly edgeScale: StepScale;
  /** Of what came in, where that is no number of the phase. */
  readonly inputScale: StepScale | null;
  readonly cards: readonly StepCard[];
}

/** Twin of nnvis_widget/stream/step_message.py; `null` while no step is open. */
export function readStep(value: unknown): Step | null {
  if (!isJson(value) || typeof value.number !== "number") return null;
  const legend = json(value.legend, "legend");
  const [layer, unit] = list(value, "chosen");
  return {
    number: integer(value, "number"),
    phase: oneOf(PHASES, value.phase, "init"),
    isTaken: flag(value, "isTaken"),
    untaken: text(value, "untaken"),
    sample: integer(value, "sample"),
    count: integer(value, "count"),
    called: integerOrNull(value, "called"),
    epoch: integer(value, "epoch"),
    batch: integer(value, "batch"),
    batches: integerOrNull(value, "batches"),
    loss: text(value, "loss"),
    lossAfter: text(value, "lossAfter"),
    layer: String(layer),
    unit: Number(unit),
    unitTitle: text(value, "unitTitle"),
    notes: texts(value, "notes"),
    columns: list(value, "columns").map((column) => readColumn(json(column, "column"))),
    edges: list(value, "edges").map(readEdges),
    isGradient: flag(legend, "isGradient"),
    unitScale: readScale(legend.units),
    edgeScale: readScale(legend.edges),
    inputScale: legend.inputs === null ? null : readScale(legend.inputs),
    cards: list(value, "cards").map((card) => readCard(json(card, "card"))),
  };
}

function readColumn(raw: Json): StepColumn {
  return {
    layer: text(raw, "layer"),
    name: text(raw, "name"),
    symbol: text(raw, "symbol"),
    isInput: flag(raw, "isInput"),
    units: list(raw, "units").map((one) => {
      const [unit, short, exact, share] = one as readonly unknown[];
      return { unit: Number(unit), text: String(short), exact: String(exact), share: readShare(share) };
    }),
    more: integer(raw, "more"),
    place: text(raw, "place"),
  };
}

function readEdges(value: unknown): StepEdges {
  const [source, target, shares] = value as readonly unknown[];
  return {
    source: Number(source),
    target: Number(target),
    shares: Array.isArray(shares) ? shares.map(readShare) : null,
  };
}

function readCard(raw: Json): StepCard {
  const plot = raw.plot;
  return {
    phase: oneOf(PHASES, raw.phase, "init"),
    title: text(raw, "title"),
    caption: typeof raw.caption === "string" ? raw.caption : "",
    heads: texts(raw, "heads"),
    rows: list(raw, "rows").map((row) =>
      (row as readonly unknown[]).map((cell) => (typeof cell === "string" ? cell : readShare(cell))),
    ),
    total: texts(raw, "total"),
    facts: list(raw, "facts").map((fact) => fact as readonly [string, string]),
    notes: texts(raw, "notes"),
    checks: list(raw, "checks").map((check) => check as readonly [boolean, string]),
    plot: Array.isArray(plot) ? [String(plot[0]), Number(plot[1]), Number(plot[2]), Number(plot[3])] : null,
  };
}

function readScale(value: unknown): StepScale {
  const [name, low, high] = value as readonly unknown[];
  return [String(name), String(low), String(high)];
}

function readShare(value: unknown): Share {
  return typeof value === "number" ? value / 100 : null;
}
