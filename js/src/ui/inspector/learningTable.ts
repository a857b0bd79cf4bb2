import { listen } from "../../lib/listen.ts";
import { say } from "../../lib/say.ts";
import { el, setAttributes, setText, show } from "../kit/dom.ts";
import type { LearntInput } from "./learntInput.ts";
import type { LearntWeight } from "./readLearning.ts";

export interface LearntRow {
  readonly weight: LearntWeight;
  readonly input: LearntInput;
}

interface Actions {
  hover(input: LearntInput | null): void;
  choose(input: LearntInput): void;
}

/** Each weight with ∂L/∂w of the sample and of the batch, and how far the next step would move it; kept in place. */
export function createLearningTable(actions: Actions, signal: AbortSignal) {
  const caption = el("caption", { class: "nv-hidden" });
  const body = el("tbody");
  const head = el(
    "tr",
    {},
    el("th", { scope: "col" }, say("learningFrom")),
    el("th", { scope: "col" }, "δ·a"),
    el("th", { scope: "col" }, say("learningBatch")),
    el("th", { scope: "col" }, "Δw"),
  );
  const element = el("table", { class: "nv-learning-table" }, caption, el("thead", {}, head), body);
  let rows: readonly LearntRow[] = [];
  const rowAt = ({ target }: Event) => {
    const place = [...body.rows].findIndex((row) => target instanceof Node && row.contains(target));
    return rows[place]?.input ?? null;
  };
  for (const kind of ["pointerover", "focusin"] as const) {
    listen(body, kind, (event) => actions.hover(rowAt(event)), signal);
  }
  for (const kind of ["pointerleave", "focusout"] as const) listen(body, kind, () => actions.hover(null), signal);
  listen(
    body,
    "click",
    (event) => {
      const input = rowAt(event);
      if (input !== null) actions.choose(input);
    },
    signal,
  );
  return {
    element,
    set(next: readonly LearntRow[]) {
      rows = next;
      show(element, rows.length > 0);
      setText(caption, say("learningTable"));
      const isSameKind =
        body.rows.length === rows.length &&
        rows.every(({ input }, i) => (body.rows[i]?.querySelector("button") !== null) === (input.place !== null));
      if (!isSameKind) body.replaceChildren(...rows.map(({ input }) => emptyRow(input.place !== null)));
      rows.forEach((row, i) => {
        const shown = body.rows[i];
        if (shown !== undefined) fill(shown, row);
      });
    },
  };
}

function emptyRow(isLink: boolean): HTMLTableRowElement {
  const name = isLink ? el("button", { type: "button", class: "nv-learning-link" }) : null;
  return el("tr", {}, el("th", { scope: "row" }, name), el("td"), el("td"), el("td"));
}

function fill(shown: HTMLTableRowElement, { weight, input }: LearntRow): void {
  const { own, batch, before, after, change, way } = weight;
  const [name, ownCell, batchCell, changeCell] = [...shown.cells];
  if (name === undefined || ownCell === undefined || batchCell === undefined || changeCell === undefined) return;
  setName(name.firstElementChild ?? name, input.name);
  setText(ownCell, own);
  setText(batchCell, batch);
  setText(changeCell, change);
  const moves = change === "" ? "" : say("learningMove", { before, after });
  setAttributes(name, { title: input.title });
  setAttributes(changeCell, {
    "data-way": way > 0 ? "up" : way < 0 ? "down" : null,
    title: moves,
    "aria-label": change === "" ? null : `${change}; ${moves}`,
  });
  setAttributes(shown, { "data-lit": input.isLit });
}

/** Of `hidden_1 · 3` the layer's name is cut where there is no room, never the unit's number. */
function setName(element: Element, name: string): void {
  if (element.textContent === name) return;
  const end = / · \d+$/.exec(name)?.[0] ?? "";
  element.replaceChildren(el("span", {}, name.slice(0, name.length - end.length)), el("span", {}, end));
}
