import { listen } from "../../lib/listen.ts";
import { say } from "../../lib/say.ts";
import type { Ramps } from "../../theme/ramps.ts";
import { el, setAttributes, setText, show } from "../kit/dom.ts";

export interface BarRow {
  readonly label: string;
  /** `−0.66 × −0.58`, or empty. */
  readonly detail: string;
  readonly value: number;
  /** The value as it is written. */
  readonly number: string;
  /** The unit of the other layer that this row is about and leads to. */
  readonly unit: number | null;
  readonly isBold: boolean;
  readonly isLit: boolean;
  /** No bar: a total. */
  readonly isTotal: boolean;
}

export interface Bars {
  readonly element: HTMLElement;
  /** `isPositive`: none can be negative, so the bars begin at the left, in the colour of activations. */
  set(rows: readonly BarRow[], ramps: Ramps, isPositive?: boolean): void;
}

export interface BarActions {
  /** The pointer or the focus is on the row of a unit; `null` when it left. */
  hover(unit: number | null): void;
  choose(unit: number): void;
}

interface Row {
  readonly item: HTMLElement;
  /** A button where the row leads to a unit. */
  readonly body: HTMLElement;
  readonly label: HTMLElement;
  readonly detail: HTMLElement;
  readonly bar: HTMLElement;
  readonly track: HTMLElement;
  readonly number: HTMLElement;
  unit: number | null;
}

/** Signed numbers with bars around a common zero; rows are kept and rewritten in place. */
export function createBars(actions: BarActions, signal: AbortSignal): Bars {
  const element = el("div", { class: "nv-bars", role: "list" });
  const rows: Row[] = [];
  const createRow = (isLink: boolean): Row => {
    const parts = {
      label: el("span", { class: "nv-bar-label" }),
      detail: el("span", { class: "nv-bar-detail" }),
      bar: el("i"),
      track: el("span", { class: "nv-bar-track", "aria-hidden": "true" }),
      number: el("span", { class: "nv-bar-number" }),
    };
    parts.track.append(parts.bar);
    const body = isLink
      ? el("button", { type: "button", class: "nv-bar-row nv-bar-link" })
      : el("div", { class: "nv-bar-row" });
    body.append(parts.label, " ", parts.detail, " ", parts.track, parts.number); // apart, as its name says them
    const item = el("div", { class: "nv-bar-item", role: "listitem" }, body);
    return { ...parts, body, item, unit: null };
  };
  const unitAt = ({ target }: Event): number | null =>
    rows.find((row) => target instanceof Node && row.body.contains(target))?.unit ?? null;
  for (const kind of ["pointerover", "focusin"] as const) {
    listen(element, kind, (event) => actions.hover(unitAt(event)), signal);
  }
  for (const kind of ["pointerleave", "focusout"] as const) listen(element, kind, () => actions.hover(null), signal);
  listen(
    element,
    "click",
    (event) => {
      const unit = unitAt(event);
      if (unit !== null) actions.choose(unit);
    },
    signal,
  );
  const rowAt = (place: number, isLink: boolean): Row => {
    const known = rows[place];
    if (known !== undefined && known.body instanceof HTMLButtonElement === isLink) return known;
    const row = createRow(isLink);
    if (known === undefined) element.append(row.item);
    else known.item.replaceWith(row.item);
    rows[place] = row;
    return row;
  };
  return {
    element,
    set(next, ramps, isPositive = false) {
      element.classList.toggle("nv-bars-positive", isPositive);
      for (const row of rows.splice(next.length)) row.item.remove();
      const sizes = next.filter((row) => !row.isTotal && Number.isFinite(row.value)).map((row) => Math.abs(row.value));
      const most = Math.max(0, ...sizes) || 1;
      element.classList.toggle(
        "nv-bars-plain",
        next.every((row) => row.detail === ""),
      );
      next.forEach((content, place) => {
        const row = rowAt(place, content.unit !== null);
        row.unit = content.unit;
        setName(row.label, content.label);
        setText(row.detail, content.detail);
        setText(row.number, content.number);
        setAttributes(row.body, {
          title: content.label,
          "aria-label": content.unit === null ? null : spoken(content),
        });
        row.body.classList.toggle("nv-bar-wide", content.detail === "");
        row.body.classList.toggle("nv-bar-total", content.isTotal);
        row.body.classList.toggle("nv-bar-bold", content.isBold);
        row.body.classList.toggle("nv-bar-lit", content.isLit);
        show(row.track, !content.isTotal);
        row.track.classList.toggle("nv-bar-broken", !Number.isFinite(content.value));
        const share = Number.isFinite(content.value) ? content.value / most : 0;
        const zero = isPositive ? 0 : 50;
        row.bar.style.width = `max(1px, ${((100 - zero) * Math.abs(share)).toFixed(2)}%)`;
        row.bar.style.left = `${(zero + Math.min(0, share) * zero).toFixed(2)}%`;
        const signed = ramps.value.signed(Math.sign(share) * (0.38 + 0.5 * Math.abs(share)));
        row.bar.style.background = isPositive ? "var(--nv-act)" : signed;
      });
    },
  };
}

/** Of `hidden_1 · 3` the layer's name is cut where there is no room, never the unit's number. */
function setName(element: HTMLElement, name: string): void {
  if (element.textContent === name) return;
  const end = / · \d+$/.exec(name)?.[0] ?? "";
  element.replaceChildren(el("span", {}, name.slice(0, name.length - end.length)), el("span", {}, end));
}

/** `dense · 3: −1.74 × −0.98 = +1.714` */
function spoken({ label, detail, number }: BarRow): string {
  return say("nameIs", { name: label, value: detail === "" ? number : `${detail} = ${number}` });
}
