import type { Box } from "../../layout/scene.ts";
import { listen, whenAborted } from "../../lib/listen.ts";
import { boxOf as boxOnPage, placeIn } from "../../lib/pagePx.ts";
import type { Hover } from "../../store/viewState.ts";
import { el, setAttributes, setText, show } from "../kit/dom.ts";
import { createFacts } from "../kit/facts.ts";
import type { Part, Shell } from "../kit/shell.ts";
import { createNodeReader } from "../words/readUnit.ts";
import { peekFacts } from "./peekFacts.ts";
import { distanceTo, placeAtCurve, placeBeside, type Size } from "./tooltipPlace.ts";

const PEEK_MS = 120;
/** So long it stays when the pointer has left the item, to be reached. */
const REACH_MS = 300;

export interface Tooltip extends Part {
  /** The picture moved: stays beside its unit; an edge has left the pointer. */
  followItem(): void;
  /** Shows what is asked for by key, beside its unit, at once; null hides it. */
  peek(hover: Hover | null): void;
}

/**
 * A peek at what the pointer is over in the picture, or what the keyboard asks for: a title and at most six rows, beside
 * the item. The pointer may move onto it; Esc hides it until something else is pointed at. `boxOf` gives where a unit is
 * in the host.
 */
export function createTooltip(
  { store, state, signal }: Shell,
  host: HTMLElement,
  boxOf: (hover: Hover) => Box | null,
): Tooltip {
  const nodesOf = createNodeReader();
  const title = el("b");
  const facts = createFacts();
  const element = el("div", { class: "nv-tooltip", role: "tooltip", hidden: true }, title, facts.element);
  let pointer: { readonly x: number; readonly y: number } | null = null;
  let own: Box | null = null;
  let isByKey = false;
  let isApproaching = false;
  let isOver = false;
  let shownFor = "";
  let dismissed = "";
  let timer: ReturnType<typeof setTimeout> | undefined;
  let waitingFor: string | null = null;
  whenAborted(signal, () => clearTimeout(timer));

  const later = (name: string, delay_ms: number, run: () => void) => {
    if (waitingFor === name) return;
    clearTimeout(timer);
    waitingFor = name;
    timer = setTimeout(() => {
      waitingFor = null;
      run();
    }, delay_ms);
  };
  const forget = () => {
    clearTimeout(timer);
    waitingFor = null;
  };
  const hide = () => {
    forget();
    show(element, false);
    shownFor = "";
    own = null;
    isByKey = false;
    isOver = false;
    isApproaching = false;
  };
  const fill = (hover: Hover): boolean => {
    const { graph, frame, scenery } = store;
    if (graph === null || frame === null) return false;
    const found = peekFacts(nodesOf(graph), frame, scenery, hover, state.values.edges);
    setText(title, found?.title ?? "");
    facts.set(found?.facts ?? []);
    return found !== null && found.facts.length > 0;
  };
  /** Beside the unit; for an edge at the pointer, or asked for by key, beside the unit it goes to. */
  const placeOf = (hover: Hover, byKey: boolean, size: Size, room: Size) => {
    const target = boxOf({ layer: hover.layer, unit: hover.unit });
    const isEdge = hover.sourceLayer !== undefined;
    if (isEdge && !byKey && pointer !== null) {
      const rises = target !== null && target.y + target.height / 2 < pointer.y;
      const source = { layer: hover.sourceLayer ?? "", unit: hover.source ?? 0 };
      const ends = [target, hover.source === undefined ? null : boxOf(source)].filter((box) => box !== null);
      return placeAtCurve(pointer, rises, size, room, ends);
    }
    return target === null ? { x: 0, y: 0 } : placeBeside(target, size, room);
  };
  const reveal = (hover: Hover, byKey: boolean) => {
    forget();
    setAttributes(element, { "aria-live": byKey ? "polite" : null });
    if (!fill(hover)) {
      hide();
      return;
    }
    shownFor = JSON.stringify(hover);
    isByKey = byKey;
    show(element, true);
    move(hover);
  };
  const move = (hover: Hover) => {
    const size = { width: element.offsetWidth, height: element.offsetHeight };
    const { x, y } = placeOf(hover, isByKey, size, boxOnPage(host));
    own = { x, y, ...size };
    element.style.left = `${x}px`;
    element.style.top = `${y}px`;
  };
  const update = () => {
    const { hover } = state.values;
    const name = hover === null ? "" : JSON.stringify(hover);
    if (name !== dismissed) dismissed = "";
    if (!element.hidden && (name === shownFor || isByKey) && hover !== null) {
      if (name === shownFor) forget();
      if (name === shownFor) fill(hover);
      else hide();
    } else if (!element.hidden && hover === null) {
      if (!isOver) later("", isByKey ? 0 : REACH_MS, hide);
    } else if (hover === null || pointer === null || name === dismissed) {
      if (element.hidden) forget();
    } else if (element.hidden) later(name, PEEK_MS, () => reveal(hover, false));
    else if (isApproaching) later(name, REACH_MS, () => reveal(hover, false));
    else reveal(hover, false);
  };

  listen(
    host,
    "pointermove",
    (event) => {
      const [x, y] = placeIn(host, event.clientX, event.clientY);
      const next = { x, y };
      if (own !== null && pointer !== null) {
        isApproaching = distanceTo(own, next.x, next.y) < distanceTo(own, pointer.x, pointer.y);
      }
      pointer = next;
    },
    signal,
  );
  listen(
    host,
    "pointerleave",
    () => {
      pointer = null;
    },
    signal,
  );
  listen(
    element,
    "pointerenter",
    () => {
      isOver = true;
      forget();
    },
    signal,
  );
  listen(element, "pointerleave", () => hide(), signal);
  listen(
    document,
    "keydown",
    (event) => {
      if (element.hidden || !(event instanceof KeyboardEvent) || event.key !== "Escape") return;
      dismissed = JSON.stringify(state.values.hover);
      hide();
      state.set({ hover: null });
      if (event.target instanceof Node && element.parentElement?.closest(".nv")?.contains(event.target)) {
        event.preventDefault();
        event.stopPropagation();
      }
    },
    signal,
    { capture: true },
  );
  return {
    element,
    update,
    followItem() {
      const { hover } = state.values;
      if (element.hidden || isOver) return;
      if (hover === null || (hover.sourceLayer !== undefined && !isByKey)) hide();
      else move(hover);
    },
    peek(hover) {
      if (hover === null) hide();
      else reveal(hover, true);
    },
  };
}
