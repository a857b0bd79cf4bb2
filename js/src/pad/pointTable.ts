import { formatCount } from "../lib/numberFormat.ts";
import { say } from "../lib/say.ts";
import { createButton } from "../ui/kit/button.ts";
import { el, setAttributes, setText } from "../ui/kit/dom.ts";
import type { DrawnPoint, PointDrawing } from "./pointDrawing.ts";

const ROWS = 20;

export interface PointTable {
  readonly element: HTMLElement;
  /** The points are others. */
  update(): void;
}

/** The points as a table to be edited: all that the pointer can do, by keyboard. */
export function createPointTable(
  drawing: PointDrawing,
  stroke: (change: () => void) => void,
  signal: AbortSignal,
): PointTable {
  let first = 0;
  const body = el("tbody");
  const place = el("span", { role: "status" });
  const turn = (by: number) => {
    first += by * ROWS;
    draw();
  };
  const before = createButton({ label: say("pointsBefore"), icon: "previous" }, () => turn(-1), signal);
  const after = createButton({ label: say("pointsAfter"), icon: "next" }, () => turn(1), signal);
  const add = createButton(
    { label: say("addPoint"), text: say("addPoint"), icon: "plus" },
    () => {
      stroke(() => drawing.add([{ x: 0, y: 0, of: drawing.points.at(-1)?.of ?? 0 }]));
      first = Math.floor((drawing.points.length - 1) / ROWS) * ROWS;
      draw();
      rows[drawing.points.length - 1 - first]?.x.focus();
    },
    signal,
  );
  const head = el(
    "tr",
    {},
    ...[say("pointNumber"), "x₁", "x₂", say("pointClass"), ""].map((text) => el("th", { scope: "col" }, text)),
  );
  const table = el("table", { class: "nv-table" }, el("thead", {}, head), body);
  const bar = el("div", { class: "nv-table-bar" }, add.element, before.element, after.element, place);
  const element = el("details", { class: "nv-pad-table" }, el("summary", {}, say("pointsAsTable")), bar, table);
  element.addEventListener("toggle", () => draw(), { signal });

  /** One row; which point it has changes, so that what has the focus keeps it. */
  const createRow = (place: number) => {
    const index = () => first + place;
    const change = (part: Partial<DrawnPoint>) => {
      const point = drawing.points[index()];
      if (point !== undefined) stroke(() => drawing.replace(index(), { ...point, ...part }));
    };
    const field = (axis: "x" | "y") => {
      const element = el("input", { class: "nv-input", type: "number", step: 0.1 });
      let written = "";
      element.addEventListener("change", () => {
        written = "";
        if (Number.isFinite(element.valueAsNumber)) change({ [axis]: element.valueAsNumber });
        else draw();
      });
      /** Only what is new: the kernel's answer to a stroke comes while a person types the next number. */
      const write = (value: number) => {
        const text = rounded(value);
        if (text !== written) element.value = text;
        written = text;
      };
      return { element, write };
    };
    const [x, y] = [field("x"), field("y")];
    const of = el("select", { class: "nv-select" }, el("option", {}, "0"), el("option", {}, "1"));
    of.addEventListener("change", () => change({ of: of.value === "1" ? 1 : 0 }));
    const remove = createButton(
      { label: "", icon: "close", className: "nv-small" },
      () => {
        stroke(() => drawing.remove(index()));
        if (element.contains(document.activeElement)) return;
        (rows.at(-1)?.remove ?? add.element).focus();
      },
      signal,
    );
    const name = el("th", { scope: "row" });
    const cells = [x.element, y.element, of, remove.element].map((control) => el("td", {}, control));
    return {
      element: el("tr", {}, name, ...cells),
      x: x.element,
      remove: remove.element,
      set(point: DrawnPoint) {
        const number = index() + 1;
        setText(name, formatCount(number));
        x.write(point.x);
        y.write(point.y);
        of.value = String(point.of);
        setAttributes(x.element, { "aria-label": say("axisOfPoint", { axis: "x₁", number }) });
        setAttributes(y.element, { "aria-label": say("axisOfPoint", { axis: "x₂", number }) });
        setAttributes(of, { "aria-label": say("classOfPoint", { number }) });
        remove.set({ label: say("removePoint", { number }) });
      },
    };
  };
  const rows: ReturnType<typeof createRow>[] = [];
  const draw = () => {
    if (!element.open) return;
    const { points } = drawing;
    first = Math.max(0, Math.min(first, Math.floor((points.length - 1) / ROWS) * ROWS));
    const shown = points.slice(first, first + ROWS);
    while (rows.length > shown.length) rows.pop()?.element.remove();
    while (rows.length < shown.length) {
      const row = createRow(rows.length);
      rows.push(row);
      body.append(row.element);
    }
    shown.forEach((point, i) => {
      rows[i]?.set(point);
    });
    const last = first + shown.length;
    const [from, to, count] = [formatCount(first + 1), formatCount(last), points.length];
    setText(place, count === 0 ? say("noPoints") : say("placesOf", { from, to, count }));
    before.set({ offReason: first === 0 ? say("firstPage") : null });
    after.set({ offReason: last >= points.length ? say("lastPage") : null });
    add.set({ offReason: drawing.isFull ? say("noRoom") : null });
  };
  return { element, update: draw };
}

/** As a person would write it. */
function rounded(value: number): string {
  return String(Math.round(value * 1000) / 1000);
}
