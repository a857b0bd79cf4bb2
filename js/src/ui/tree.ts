import type { Selection } from "../core/frame.ts";
import { every, listen } from "../lib/listen.ts";
import { safeText } from "../lib/safeText.ts";
import { el, setAttributes, setText } from "./dom.ts";
import { createNodeReader, readUnit } from "./readUnit.ts";
import type { Part, Shell } from "./shell.ts";
import { spokenLayer, spokenUnit } from "./spokenNames.ts";
import { type TreeRow, treeRows } from "./treeRows.ts";

const RENEWAL_PERIOD_MS = 1000;

/**
 * The picture for a screen reader: a tree of layers and units that says their numbers and follows the selection.
 *
 * It is no stop of the Tab key, the picture is; numbers are renewed once a second, the selection at once.
 */
export function createTree({ store, state, signal }: Shell): Part {
  const element = el("div", { class: "nv-hidden", role: "tree", "aria-label": "Layers and units" });
  const nodesOf = createNodeReader();
  const items: HTMLElement[] = [];
  let rows: readonly TreeRow[] = [];
  let shown: readonly unknown[] = [];
  let isStale = false;

  const fill = () => {
    const { graph, frame, scenery } = store;
    const { selection } = state.values;
    const nodes = graph === null ? [] : nodesOf(graph);
    rows = treeRows(nodes, selection);
    while (items.length < rows.length) {
      const item = el("div", { role: "treeitem", tabindex: -1 });
      items.push(item);
      element.append(item);
    }
    while (items.length > rows.length) items.pop()?.remove();
    setAttributes(element, {
      hidden: rows.length === 0,
      "aria-label": `Layers and units of ${safeText(graph?.name ?? "")}`,
    });
    rows.forEach((row, at) => {
      const item = items[at];
      if (item === undefined) return;
      const { node, unit } = row;
      const reading = unit === null || frame === null ? null : readUnit(nodes, frame, { layer: node.id, unit });
      setText(item, reading === null ? nameAlone(row) : spokenUnit(reading, scenery));
      setAttributes(item, {
        "aria-level": row.level,
        "aria-posinset": row.place,
        "aria-setsize": row.size,
        "aria-expanded": row.isOpen === null ? null : String(row.isOpen),
        "aria-selected": String(isSelected(row, selection)),
      });
    });
    shown = [graph, scenery, selection];
    isStale = false;
  };

  const choose = (at: number) => {
    const row = rows[at];
    if (row === undefined || row.node.units === 0) return;
    state.set({ selection: { layer: row.node.id, unit: row.unit ?? 0 } });
  };
  const placeOf = (target: EventTarget | null) => items.indexOf(target as HTMLElement);
  listen(element, "click", (event) => choose(placeOf(event.target)), signal);
  listen(
    element,
    "keydown",
    (event) => {
      const at = placeOf(event.target);
      const next = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: items.length - 1 }[event.key];
      if (event.key === "Enter") choose(at);
      else if (next !== undefined) items[next]?.focus();
      else return;
      event.preventDefault();
      event.stopPropagation();
    },
    signal,
  );
  every(
    RENEWAL_PERIOD_MS,
    () => {
      if (isStale) fill();
    },
    signal,
  );
  return {
    element,
    update() {
      const now = [store.graph, store.scenery, state.values.selection];
      if (now.every((part, at) => part === shown[at]) && shown.length > 0) isStale = true;
      else fill();
    },
  };
}

function nameAlone({ node, unit }: TreeRow): string {
  return unit === null ? spokenLayer(node) : `${safeText(node.name)}, unit ${unit} of ${node.units}`;
}

function isSelected({ node, unit }: TreeRow, selection: Selection | null): boolean {
  return selection !== null && unit === selection.unit && node.layers.some((layer) => layer.id === selection.layer);
}
