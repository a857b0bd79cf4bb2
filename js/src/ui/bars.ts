import { listen } from "../lib/listen.ts";
import { formatSigned } from "../lib/numberFormat.ts";
import type { Ramps } from "../theme/ramps.ts";
import { el, setAttributes, setText, show } from "./dom.ts";

export interface BarRow {
  readonly label: string;
  /** `−0.66 × −0.58`, or empty. */
  readonly detail: string;
  readonly value: number;
  /** As it is written; equal to `value` but for the rounding. */
  readonly shown: number;
  readonly decimals: number;
  readonly isBold: boolean;
  /** Index of the source unit, for the hover. */
  readonly source: number | null;
  /** No bar: a total. */
  readonly isTotal: boolean;
}

export interface Bars {
  readonly element: HTMLElement;
  set(rows: readonly BarRow[], ramps: Ramps, highlighted: number | null): void;
}

interface Row {
  readonly element: HTMLElement;
  readonly label: HTMLElement;
  readonly detail: HTMLElement;
  readonly bar: HTMLElement;
  readonly track: HTMLElement;
  readonly number: HTMLElement;
  source: number | null;
}

/** Signed numbers with bars around a common zero; rows are kept and rewritten in place. */
export function createBars(hover: (source: number | null) => void, signal: AbortSignal): Bars {
  const element = el("div", { class: "nv-bars", role: "list" });
  const rows: Row[] = [];
  const createRow = (): Row => {
    const row: Row = {
      label: el("span", { class: "nv-bar-label" }),
      detail: el("span", { class: "nv-bar-detail" }),
      bar: el("i"),
      track: el("span", { class: "nv-bar-track", "aria-hidden": "true" }),
      number: el("span", { class: "nv-bar-number" }),
      element: el("div", { class: "nv-bar-row", role: "listitem" }),
      source: null,
    };
    row.track.append(row.bar);
    row.element.append(row.label, row.detail, row.track, row.number);
    listen(row.element, "pointerenter", () => hover(row.source), signal);
    listen(row.element, "pointerleave", () => hover(null), signal);
    element.append(row.element);
    return row;
  };
  return {
    element,
    set(next, ramps, highlighted) {
      while (rows.length < next.length) rows.push(createRow());
      while (rows.length > next.length) rows.pop()?.element.remove();
      const most = next.reduce((sum, row) => (row.isTotal ? sum : Math.max(sum, Math.abs(row.value) || 0)), 0) || 1;
      element.classList.toggle(
        "nv-bars-plain",
        next.every((row) => row.detail === ""),
      );
      next.forEach((content, place) => {
        const row = rows[place];
        if (row === undefined) return;
        row.source = content.source;
        setText(row.label, content.label);
        setAttributes(row.label, { title: content.label });
        setText(row.detail, content.detail);
        setText(row.number, formatSigned(content.shown, content.decimals));
        row.element.classList.toggle("nv-bar-total", content.isTotal);
        row.element.classList.toggle("nv-bar-bold", content.isBold);
        row.element.classList.toggle("nv-bar-lit", highlighted !== null && content.source === highlighted);
        show(row.track, !content.isTotal);
        const share = Number.isFinite(content.value) ? content.value / most : 0;
        row.bar.style.width = `max(1px, ${(50 * Math.abs(share)).toFixed(2)}%)`;
        row.bar.style.left = share < 0 ? `${(50 + 50 * share).toFixed(2)}%` : "50%";
        row.bar.style.background = ramps.value.signed(Math.sign(share) * (0.38 + 0.5 * Math.abs(share)));
      });
    },
  };
}
