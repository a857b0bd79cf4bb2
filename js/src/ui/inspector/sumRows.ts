import type { Scenery } from "../../core/frame.ts";
import { formatCount } from "../../lib/numberFormat.ts";
import { at } from "../../lib/numbers.ts";
import type { BarRow } from "../charts/bars.ts";
import { plural } from "../words/factsOf.ts";
import { type UnitReading, unitName } from "../words/readUnit.ts";
import { factorsText, type ShownSum, shortenSum, writeSum } from "./addUp.ts";

export interface SumRows {
  readonly rows: readonly BarRow[];
  /** What the rows are, in a line. */
  readonly note: string;
  /** z as the rows add up to it. */
  readonly total: string;
}

/** A model in half precision adds up to something else than its own numbers do here; less is not seen. */
const ROUNDING_SHOWN = 5e-4;

/** The sum that makes a unit's z, row by row; `lit` is the input that is pointed at elsewhere. */
export function sumRows(reading: UnitReading, scenery: Scenery | null, lit: number | null): SumRows | null {
  const { weights, inputs, source, bias, z } = reading;
  if (weights === null || inputs === null || source === null) return null;
  const sum = shortenSum(weights, inputs, bias ?? 0);
  const total = z ?? sum.total;
  const litValue =
    lit === null || sum.terms.some((term) => term.source === lit) ? 0 : at(weights, lit) * at(inputs, lit);

  const parts: Omit<BarRow, "number">[] = sum.terms.map((term) => ({
    ...plain,
    label: unitName(source, term.source, scenery),
    detail: "",
    value: term.value,
    unit: term.source,
    isLit: term.source === lit,
  }));
  const { positive, negative } = sum;
  if (positive.count > 0) {
    parts.push({ ...plain, label: restName(positive.count, "positive"), value: positive.value, isLit: litValue > 0 });
  }
  if (negative.count > 0) {
    parts.push({ ...plain, label: restName(negative.count, "negative"), value: negative.value, isLit: litValue < 0 });
  }
  if (sum.brokenCount > 0) {
    parts.push({ ...plain, label: restName(sum.brokenCount, "not a number"), value: Number.NaN });
  }
  if (parts.length === 0 && sum.zeroCount > 0) {
    parts.push({ ...plain, label: `${plural(sum.zeroCount, "term")}, all zero` });
  }
  if (bias !== null) parts.push({ ...plain, label: "bias", value: bias });
  const rounding = total - sum.total;
  if (Math.abs(rounding) > ROUNDING_SHOWN * Math.max(1, Math.abs(total))) {
    parts.push({ ...plain, label: "rounding in the model", value: rounding });
  }
  const written = writeSum(
    parts.map((part) => part.value),
    total,
  );
  const rows: BarRow[] = parts.map((part, place) => {
    const number = written.parts[place] ?? "";
    const term = sum.terms[place];
    return { ...part, number, detail: term === undefined ? "" : factorsText(term, number) };
  });
  rows.push({ ...plain, label: "z", value: total, number: written.total, isTotal: true, isBold: true });
  return { rows, note: noteOf(weights.length, sum), total: written.total };
}

const plain = { label: "", detail: "", value: 0, unit: null, isBold: false, isLit: false, isTotal: false };

function restName(count: number, kind: string): string {
  return `${formatCount(count)} more, ${kind}`;
}

function noteOf(count: number, sum: ShownSum): string {
  const isShort = sum.terms.length < count;
  if (!isShort || sum.terms.length === 0) return `${plural(count, "term")}, this sample`;
  const zero = sum.zeroCount === 0 ? "" : `; ${formatCount(sum.zeroCount)} are zero`;
  return `${plural(count, "term")}, this sample: the ${sum.terms.length} largest, the rest by sign${zero}`;
}
