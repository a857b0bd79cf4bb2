import { formatCount } from "../../lib/numberFormat.ts";
import { say } from "../../lib/say.ts";
import { createButton } from "../kit/button.ts";
import { el, setText, show } from "../kit/dom.ts";
import { asCsv, asTsv, shownCell, type TableData } from "./tableData.ts";

const ROWS_A_PAGE = 100;

export interface Table {
  readonly element: HTMLElement;
  set(data: TableData): void;
}

/** A table with its caption, a hundred rows at a time, and buttons that copy all of it. */
export function createTable(signal: AbortSignal): Table {
  const caption = el("caption");
  const head = el("thead");
  const body = el("tbody");
  const place = el("span", { role: "status" });
  const told = el("span", { class: "nv-table-told", role: "status" });
  let data: TableData | null = null;
  let page = 0;

  const draw = () => {
    if (data === null) return;
    const { columns, rowCount } = data;
    const from = page * ROWS_A_PAGE;
    const to = Math.min(rowCount, from + ROWS_A_PAGE);
    const rows: HTMLElement[] = [];
    for (let index = from; index < to; index++) {
      const cells = data.row(index);
      const row = el("tr");
      columns.forEach((column, i) => {
        const text = shownCell(cells[i], column);
        const look = typeof cells[i] === "number" ? "nv-number" : null;
        row.append(i === 0 ? el("th", { scope: "row", class: look }, text) : el("td", { class: look }, text));
      });
      rows.push(row);
    }
    body.replaceChildren(...rows);
    const pages = Math.ceil(rowCount / ROWS_A_PAGE);
    setText(
      place,
      pages > 1
        ? say("rowsOf", { from: formatCount(from + 1), to: formatCount(to), all: formatCount(rowCount) })
        : say("rows", { count: rowCount }),
    );
    for (const button of [before, after]) show(button.element, pages > 1);
    before.set({ offReason: page === 0 ? say("firstPage") : null });
    after.set({ offReason: page >= pages - 1 ? say("lastPage") : null });
  };
  const turn = (by: number) => {
    page += by;
    draw();
  };
  const before = createButton({ label: say("rowsBefore"), icon: "previous" }, () => turn(-1), signal);
  const after = createButton({ label: say("rowsAfter"), icon: "next" }, () => turn(1), signal);
  const copier = (name: string, write: (data: TableData) => string) =>
    createButton(
      { label: say("copyAll", { format: name }), text: say("copyAs", { format: name }) },
      async () => {
        if (data === null) return;
        const isDone = await copyText(write(data), element);
        setText(told, isDone ? say("copied", { format: name }) : say("notCopied"));
      },
      signal,
    ).element;
  const bar = el(
    "div",
    { class: "nv-table-bar" },
    el("span", { class: "nv-table-place" }, before.element, place, after.element),
    told,
    copier("TSV", asTsv),
    copier("CSV", asCsv),
  );
  const element = el("div", {}, bar, el("table", { class: "nv-table" }, caption, head, body));
  return {
    element,
    set(next) {
      data = next;
      page = 0;
      setText(caption, next.caption);
      setText(told, "");
      const first = next.rowCount > 0 ? next.row(0) : [];
      head.replaceChildren(
        el(
          "tr",
          {},
          ...next.columns.map(({ head: name }, i) =>
            el("th", { scope: "col", class: typeof first[i] === "number" ? "nv-number" : null }, name),
          ),
        ),
      );
      draw();
    },
  };
}

/** To the clipboard; by a selection where the page is not allowed to write to it. */
async function copyText(text: string, near: HTMLElement): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const focused = document.activeElement;
    const field = el("textarea", { class: "nv-hidden", "aria-hidden": "true", tabindex: -1 });
    field.value = text;
    near.append(field);
    field.select();
    const isDone = document.execCommand("copy");
    field.remove();
    if (focused instanceof HTMLElement) focused.focus();
    return isDone;
  }
}
