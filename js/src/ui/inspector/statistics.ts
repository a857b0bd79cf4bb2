import { formatCount, formatNumber, formatSigned } from "../../lib/numberFormat.ts";
import { say } from "../../lib/say.ts";
import { el, setAttributes, setText } from "../kit/dom.ts";
import type { WholeTensor } from "../words/layerTensors.ts";
import { type Moments, momentsOf } from "./tensorFacts.ts";

const DECIMALS = 3;

const ROWS: readonly (readonly [string, (moments: Moments, count: number) => string])[] = [
  [say("rowValues"), (_, count) => formatCount(count)],
  [say("rowMean"), ({ mean }) => formatSigned(mean, DECIMALS)],
  [say("rowStd"), ({ deviation }) => formatNumber(deviation, DECIMALS)],
  [say("rowMin"), ({ least }) => formatSigned(least, DECIMALS)],
  [say("rowMax"), ({ most }) => formatSigned(most, DECIMALS)],
  [say("rowZeros"), ({ zeroCount }) => formatCount(zeroCount)],
];
const BROKEN = say("notFinite");

export interface Statistics {
  readonly element: HTMLTableElement;
  set(tensors: readonly WholeTensor[]): void;
}

/** A column of exact numbers for each tensor; what is not finite is counted and left out of the rest. */
export function createStatistics(): Statistics {
  const head = el("tr");
  const body = el("tbody");
  const element = el("table", { class: "nv-stats" }, el("thead", {}, head), body);
  let cells: HTMLElement[][] = [];
  let shape = "";
  const build = (names: readonly string[], rowNames: readonly string[]) => {
    head.replaceChildren(el("td"), ...names.map((name) => el("th", { scope: "col", title: name }, name)));
    cells = rowNames.map(() => names.map(() => el("td")));
    body.replaceChildren(
      ...rowNames.map((name, row) => el("tr", {}, el("th", { scope: "row" }, name), ...(cells[row] ?? []))),
    );
  };
  return {
    element,
    set(tensors) {
      const moments = tensors.map(({ values }) => momentsOf(values));
      const hasBroken = moments.some(({ brokenCount }) => brokenCount > 0);
      const rowNames = [...ROWS.map(([name]) => name), ...(hasBroken ? [BROKEN] : [])];
      const names = tensors.map(({ name }) => name);
      const wanted = JSON.stringify([names, rowNames]);
      if (wanted !== shape) build(names, rowNames);
      shape = wanted;
      moments.forEach((own, column) => {
        const count = tensors[column]?.values.length ?? 0;
        const texts = ROWS.map(([, write]) => write(own, count));
        if (hasBroken) texts.push(formatCount(own.brokenCount));
        texts.forEach((text, row) => {
          const cell = cells[row]?.[column];
          if (cell === undefined) return;
          setText(cell, text);
          setAttributes(cell, { class: row === ROWS.length && own.brokenCount > 0 ? "nv-false" : null });
        });
      });
    },
  };
}
