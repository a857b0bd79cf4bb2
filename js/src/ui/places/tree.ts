import type { Scenery, Selection } from "../../core/frame.ts";
import { wrongAt } from "../../draw/read/found.ts";
import { closedGroup } from "../../layout/groupText.ts";
import type { NetworkNode } from "../../layout/readNodes.ts";
import { every, listen } from "../../lib/listen.ts";
import { safeText } from "../../lib/safeText.ts";
import { say } from "../../lib/say.ts";
import { withOpened } from "../../store/openGroups.ts";
import { el, setAttributes, setText } from "../kit/dom.ts";
import type { Part, Shell } from "../kit/shell.ts";
import { createNodeReader, isOneThing, readUnit } from "../words/readUnit.ts";
import { spokenLayer, spokenUnit, unitOf } from "../words/spokenNames.ts";
import { rowKey, rowOf, type TreeRow, treeRows } from "./treeRows.ts";

const RENEWAL_PERIOD_MS = 1000;

/** What the tree needs of the picture it mirrors. */
export interface FocusedPicture {
  readonly element: HTMLElement;
  readonly focus: Selection | null;
  moveFocus(place: Selection | null): void;
  onFocus(listener: (place: Selection | null) => void, signal: AbortSignal): void;
  mountTree(tree: HTMLElement): void;
}

export interface Tree extends Part {
  /** From here on the tree lies in the picture, has its focus and hands it the keys. */
  mirror(picture: FocusedPicture): void;
}

/**
 * The picture for a screen reader: a tree of layers and units that says their numbers. Its item at the picture's focus is
 * the one tab stop of the network; the picture takes the keys and moves the focus, the tree follows. Numbers are renewed
 * once a second, places at once.
 */
export function createTree({ store, state, signal }: Shell): Tree {
  const element = el("div", { class: "nv-hidden", role: "tree", "aria-label": say("layersAndUnits") });
  const nodesOf = createNodeReader();
  const items = new Map<string, HTMLElement>();
  let rows: readonly TreeRow[] = [];
  let shown: readonly unknown[] = [];
  let isStale = false;
  let picture: FocusedPicture | null = null;
  let lastFocus: Selection | null = null;
  const placeNow = (): Selection | null => picture?.focus ?? lastFocus ?? state.values.selection;

  const fill = (focused: Selection | null = null) => {
    const { graph, frame, scenery } = store;
    const { selection } = state.values;
    const nodes = graph === null ? [] : nodesOf(graph);
    const place = placeNow() ?? firstPlace(nodes, scenery);
    rows = treeRows(nodes, place);
    const stop = rowOf(rows, place) ?? rows[0];
    setAttributes(element, {
      hidden: rows.length === 0,
      "aria-label": say("layersAndUnitsOf", { name: safeText(graph?.name ?? "") }),
    });
    mount();
    for (const row of rows) {
      const { node, unit } = row;
      const item = items.get(rowKey(row));
      if (item === undefined) continue;
      const reading = unit === null || frame === null ? null : readUnit(nodes, frame, { layer: node.id, unit });
      const name = reading === null ? nameAlone(row) : spokenUnit(reading, scenery);
      const found = frame === null ? [] : wrongAt(frame, node, unit).map(({ badge }) => badge);
      setText(item, [name, ...found].join(say("comma")));
      setAttributes(item, {
        tabindex: row === stop ? 0 : -1,
        "aria-level": row.level,
        "aria-posinset": row.place,
        "aria-setsize": row.size,
        "aria-expanded": row.isOpen === null ? (isClosed(row) ? "false" : null) : String(row.isOpen),
        "aria-selected": String(isSelected(row, selection)),
      });
    }
    const row = rowOf(rows, focused);
    if (focused !== null && row !== undefined) items.get(rowKey(row))?.focus({ preventScroll: true });
    prune();
    shown = [graph, scenery, selection];
    isStale = false;
  };

  /** An item that stays is not moved on the page, and what goes stays until the focus has left it. */
  const mount = () => {
    let next: HTMLElement | null = null;
    for (const row of rows.toReversed()) {
      const key = rowKey(row);
      let item = items.get(key);
      if (item === undefined) {
        item = el("div", { role: "treeitem", tabindex: -1 });
        items.set(key, item);
        element.insertBefore(item, next);
      }
      next = item;
    }
  };
  const prune = () => {
    const wanted = new Set(rows.map(rowKey));
    for (const [key, item] of items) {
      if (wanted.has(key)) continue;
      item.remove();
      items.delete(key);
    }
  };

  const rowAt = (target: EventTarget | null) => rows.find((row) => items.get(rowKey(row)) === target);
  const placeOf = ({ node, unit }: TreeRow): Selection => ({ layer: node.id, unit });
  const choose = (row: TreeRow) => {
    picture?.moveFocus(placeOf(row));
    const group = closedGroup(row.node);
    if (group === null) state.set({ selection: placeOf(row) });
    else state.set({ opened: withOpened(state.values.opened, group.path) });
  };
  listen(
    element,
    "click",
    (event) => {
      event.stopPropagation();
      const row = rowAt(event.target);
      if (row !== undefined) choose(row);
    },
    signal,
  );
  listen(
    element,
    "focusin",
    (event) => {
      const row = rowAt(event.target);
      if (row !== undefined) picture?.moveFocus(placeOf(row));
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
  const follow = (place: Selection | null) => {
    if (place === null) return;
    lastFocus = place;
    const hasFocus = picture?.element.contains(document.activeElement) ?? false;
    fill(hasFocus ? place : null);
  };
  return {
    element,
    mirror(shownPicture) {
      picture = shownPicture;
      picture.mountTree(element);
      picture.onFocus(follow, signal);
      fill();
    },
    update() {
      const now = [store.graph, store.scenery, state.values.selection];
      if (now.every((part, at) => part === shown[at]) && shown.length > 0) isStale = true;
      else fill();
    },
  };
}

/** Where the keyboard enters: at the first unit, or at a layer that is one thing. */
function firstPlace(nodes: readonly NetworkNode[], scenery: Scenery | null): Selection | null {
  const [first] = nodes;
  return first === undefined ? null : { layer: first.id, unit: isOneThing(first, scenery) ? null : 0 };
}

function isClosed({ node, unit }: TreeRow): boolean {
  return unit === null && closedGroup(node) !== null;
}

function nameAlone({ node, unit }: TreeRow): string {
  if (unit === null) return spokenLayer(node);
  return [safeText(node.name), unitOf(node, unit)].join(say("comma"));
}

function isSelected({ node, unit }: TreeRow, selection: Selection | null): boolean {
  return selection !== null && unit === selection.unit && node.layers.some((layer) => layer.id === selection.layer);
}
