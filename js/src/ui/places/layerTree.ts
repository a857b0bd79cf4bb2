import { type IndexedLayer, type NetworkIndex, pathsTo, placesOf } from "../../core/networkIndex.ts";
import { listen } from "../../lib/listen.ts";
import { formatCount } from "../../lib/numberFormat.ts";
import { clamp } from "../../lib/numbers.ts";
import { safeText } from "../../lib/safeText.ts";
import { say } from "../../lib/say.ts";
import { whenResized } from "../../lib/whenResized.ts";
import { withClosed, withOpened } from "../../store/openGroups.ts";
import { el, setAttributes, setText, show } from "../kit/dom.ts";
import type { Shell } from "../kit/shell.ts";
import { type FoundPlace, foundIn } from "./findPlaces.ts";

const ROW_PX = 24;
const MOST_ROWS = 12;
const INDENT_PX = 12;
/** Made beyond what is in view, on either side. */
const MARGIN = 2;

export interface TreeLine {
  readonly one: IndexedLayer;
  readonly level: number;
  /** Counted from 1 among those around it. */
  readonly place: number;
  readonly size: number;
  /** Null of a layer. */
  readonly isOpen: boolean | null;
}

/** All layers and groups, line by line, those in closed groups left out. */
export function treeLines(index: NetworkIndex, opened: ReadonlySet<string>): readonly TreeLine[] {
  const within = new Map<number, (IndexedLayer & { readonly group?: number })[]>();
  const add = (parent: number, one: IndexedLayer & { readonly group?: number }) => {
    const siblings = within.get(parent);
    if (siblings === undefined) within.set(parent, [one]);
    else siblings.push(one);
  };
  const seen = new Set<number>();
  const addGroup = (place: number) => {
    const group = index.groups[place];
    if (group === undefined || seen.has(place)) return;
    seen.add(place);
    addGroup(group.parent);
    add(group.parent, { ...group, group: place });
  };
  for (const layer of index.layers) {
    addGroup(layer.parent);
    add(layer.parent, layer);
  }
  const lines: TreeLine[] = [];
  const walk = (parent: number, level: number) => {
    const siblings = within.get(parent) ?? [];
    siblings.forEach((one, at) => {
      const isOpen = one.group === undefined ? null : opened.has(one.path);
      lines.push({ one, level, place: at + 1, size: siblings.length, isOpen });
      if (isOpen === true && one.group !== undefined) walk(one.group, level + 1);
    });
  };
  walk(-1, 1);
  return lines;
}

/** The layers of a deep network in the inspector, opened and closed as in the rows; only lines in view are made. */
export function createLayerTree({ store, state, signal }: Shell, goTo: (place: FoundPlace) => void) {
  const space = el("div", { role: "presentation" });
  const element = el(
    "div",
    { class: "nv-layer-tree", role: "tree", "aria-label": say("theLayers"), hidden: true },
    space,
  );
  const made = new Map<string, HTMLElement>();
  let lines: readonly TreeLine[] = [];
  let counts: ReadonlyMap<string, number> = new Map();
  let known: readonly unknown[] = [];
  let stop = "";

  const press = (line: TreeLine) => {
    const { opened } = state.values;
    const { index } = store;
    stop = line.one.id;
    if (index === null) return;
    if (line.isOpen === null) goTo(foundIn(index, line.one));
    else if (line.isOpen) state.set({ opened: withClosed(opened, line.one.path) });
    else state.set({ opened: withOpened(opened, ...pathsTo(index, line.one), line.one.path) });
  };
  const fill = () => {
    const first = Math.max(0, Math.floor(element.scrollTop / ROW_PX) - MARGIN);
    const behind = Math.min(lines.length, first + MOST_ROWS + 2 * MARGIN + 1);
    if (!lines.some(({ one }) => one.id === stop)) stop = lines[0]?.one.id ?? "";
    space.style.height = `${lines.length * ROW_PX}px`;
    element.style.height = `${Math.min(lines.length, MOST_ROWS) * ROW_PX}px`;
    const wanted = new Set<string>();
    let next: HTMLElement | null = null;
    for (let at = behind - 1; at >= first; at--) {
      const line = lines[at];
      if (line === undefined) continue;
      wanted.add(line.one.id);
      next = paint(line, at, next);
    }
    for (const [id, item] of made) {
      if (wanted.has(id) || item === document.activeElement) continue;
      item.remove();
      made.delete(id);
    }
  };
  /** What stays is not moved on the page, so that it keeps the focus. */
  const paint = (line: TreeLine, at: number, next: HTMLElement | null): HTMLElement => {
    const { one, level, isOpen } = line;
    let item = made.get(one.id);
    if (item === undefined) {
      item = el("div", { role: "treeitem" }, el("span"), el("span"));
      made.set(one.id, item);
      space.insertBefore(item, next);
    }
    const name = safeText(one.path.slice(one.path.lastIndexOf("/") + 1));
    const mark = isOpen === null ? "" : isOpen ? "▾ " : "▸ ";
    const [title, value] = item.children;
    if (title !== undefined) setText(title, `${mark}${name} · ${safeText(one.type)}`);
    if (value !== undefined) setText(value, formatCount(counts.get(one.id) ?? 0));
    item.style.transform = `translateY(${at * ROW_PX}px)`;
    item.style.paddingLeft = `${(level - 1) * INDENT_PX}px`;
    setAttributes(item, {
      title: safeText(one.path),
      tabindex: one.id === stop ? 0 : -1,
      "data-at": at,
      "aria-level": level,
      "aria-posinset": line.place,
      "aria-setsize": line.size,
      "aria-expanded": isOpen === null ? null : String(isOpen),
      "aria-selected": String(state.values.selection?.layer === one.id),
    });
    return item;
  };
  const lineOf = (target: EventTarget | null): number => {
    const item = target instanceof Element ? target.closest<HTMLElement>("[role=treeitem]") : null;
    return item === null ? -1 : Number(item.dataset.at);
  };
  const go = (at: number) => {
    const line = lines[clamp(at, 0, lines.length - 1)];
    if (line === undefined) return;
    stop = line.one.id;
    const top = clamp(at, 0, lines.length - 1) * ROW_PX;
    element.scrollTop = clamp(element.scrollTop, top + ROW_PX - element.clientHeight, top);
    fill();
    made.get(stop)?.focus({ preventScroll: true });
  };
  listen(
    element,
    "click",
    (event) => {
      const line = lines[lineOf(event.target)];
      if (line !== undefined) press(line);
    },
    signal,
  );
  listen(
    element,
    "keydown",
    (event) => {
      const at = lineOf(event.target);
      const line = lines[at];
      if (line === undefined) return;
      const around = lines.findLastIndex(({ level }, place) => place < at && level < line.level);
      const acts: Record<string, () => void> = {
        ArrowDown: () => go(at + 1),
        ArrowUp: () => go(at - 1),
        Home: () => go(0),
        End: () => go(lines.length - 1),
        PageDown: () => go(at + MOST_ROWS),
        PageUp: () => go(at - MOST_ROWS),
        ArrowRight: () => (line.isOpen === false ? press(line) : go(at + 1)),
        ArrowLeft: () => (line.isOpen === true ? press(line) : around >= 0 && go(around)),
        Enter: () => press(line),
        " ": () => press(line),
      };
      const act = acts[event.key];
      if (act === undefined) return;
      event.preventDefault();
      event.stopPropagation();
      act();
    },
    signal,
  );
  listen(element, "scroll", fill, signal);
  whenResized(element, fill, signal);
  return {
    element,
    /** Whether the network has levels, so that this is its list. */
    update(): boolean {
      const { index } = store;
      show(element, index !== null);
      if (index === null) return false;
      const now = [index, state.values.opened, state.values.selection];
      if (now.some((part, at) => part !== known[at])) {
        if (index !== known[0]) counts = countsOf(index);
        known = now;
        lines = treeLines(index, new Set(state.values.opened));
        fill();
      }
      return true;
    },
  };
}

/** Parameters by id, of a group all in it. */
function countsOf(index: NetworkIndex): ReadonlyMap<string, number> {
  return new Map(
    [...placesOf(index)].map(([id, places]) => [
      id,
      places.reduce((sum, place) => sum + (index.layers[place]?.parameterCount ?? 0), 0),
    ]),
  );
}
