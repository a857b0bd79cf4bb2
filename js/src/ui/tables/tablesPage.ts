import { listen } from "../../lib/listen.ts";
import { say } from "../../lib/say.ts";
import { el } from "../kit/dom.ts";
import { createTable } from "./table.ts";
import type { TableData } from "./tableData.ts";

export interface TablesPage {
  readonly element: HTMLElement;
  /** Reads the present numbers; shows this table, else the one that was shown last. */
  update(id?: string): void;
}

/** Every chart of the view as a table, one at a time. */
export function createTablesPage(read: () => readonly TableData[], signal: AbortSignal): TablesPage {
  const choice = el("select", { class: "nv-select" });
  const label = el("label", { class: "nv-table-choice" }, say("table"), choice);
  const table = createTable(signal);
  const element = el("div", { class: "nv-tables" }, label, table.element);
  const update = (id = choice.value) => {
    const all = read();
    choice.replaceChildren(...all.map((one) => el("option", { value: one.id }, one.title)));
    const chosen = all.find((one) => one.id === id) ?? all[0];
    if (chosen === undefined) return;
    choice.value = chosen.id;
    table.set(chosen);
  };
  listen(choice, "change", () => update(choice.value), signal);
  return { element, update };
}
