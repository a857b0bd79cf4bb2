import type { Scenery } from "../../core/frame.ts";
import { formatCount } from "../../lib/numberFormat.ts";
import { at } from "../../lib/numbers.ts";
import { say } from "../../lib/say.ts";
import type { BarRow } from "../charts/bars.ts";
import { elementName, type UnitReading } from "../words/readUnit.ts";
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
    label: elementName(source, term.source, scenery),
    detail: "",
    value: term.value,
    unit: term.source,
    isLit: term.source === lit,
  }));
  const { positive, negative } = sum;
  if (positive.count > 0) {
    parts.push({
      ...plain,
      label: say("positiveMore", { count: positive.count }),
      value: positive.value,
      isLit: litValue > 0,
    });
  }
  if (negative.count > 0) {
    parts.push({
      ...plain,
      label: say("negativeMore", { count: negative.count }),
      value: negative.value,
      isLit: litValue < 0,
    });
  }
  if (sum.brokenCount > 0) {
    parts.push({ ...plain, label: say("brokenMore", { count: sum.brokenCount }), value: Number.NaN });
  }
  if (parts.length === 0 && sum.zeroCount > 0) {
    parts.push({ ...plain, label: say("allZero", { terms: say("terms", { count: sum.zeroCount }) }) });
  }
  if (bias !== null) parts.push({ ...plain, label: say("biasRow"), value: bias });
  const rounding = total - sum.total;
  if (Math.abs(rounding) > ROUNDING_SHOWN * Math.max(1, Math.abs(total))) {
    parts.push({ ...plain, label: say("rounding"), value: rounding });
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

function noteOf(count: number, sum: ShownSum): string {
  const isShort = sum.terms.length < count;
  const terms = say("terms", { count });
  if (!isShort || sum.terms.length === 0) return say("ofThisSample", { terms });
  const zero = sum.zeroCount === 0 ? "" : say("someAreZero", { zero: formatCount(sum.zeroCount) });
  return `${say("largestTerms", { terms, shown: sum.terms.length })}${zero}`;
}
