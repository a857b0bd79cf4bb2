import type { Renderer } from "../draw/renderer.ts";
import { closedGroup } from "../layout/groupText.ts";
import { columnOfLayer } from "../layout/scene.ts";
import type { Emitter } from "../lib/emitter.ts";
import { isModified } from "../lib/isModified.ts";
import { safeText } from "../lib/safeText.ts";
import { keyOf, say } from "../lib/say.ts";
import type { FrameStore } from "../store/frameStore.ts";
import { openGroupAround, withClosed, withOpened } from "../store/openGroups.ts";
import type { Hover, ViewState } from "../store/viewState.ts";
import { type Direction, nextStep, rankEdges, type Trail } from "./followEdges.ts";
import { movePlace, nextQuantity, nextSample, type Place } from "./keyboard.ts";
import { atSameStep } from "./moveAlong.ts";
import type { Travel } from "./travel.ts";

const ZOOM_STEP = 1.25;
const PAN_PX = 64;
const PANS: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-PAN_PX, 0],
  ArrowRight: [PAN_PX, 0],
  ArrowUp: [0, -PAN_PX],
  ArrowDown: [0, PAN_PX],
};

export interface KeyboardReports {
  /** The focus moved. */
  readonly focus: Emitter<[Place | null]>;
  /** Something wants to be looked at closely; null to stop. */
  readonly peek: Emitter<[Hover | null]>;
  tell(text: string): void;
}

export interface KeyboardControl {
  moveFocus(place: Place | null): void;
}

/**
 * The keys of the network: arrows move through layers and units, and only keys that are used are kept from the page.
 * The picture is a tab stop of its own until a tree is mounted in it, which then takes the focus.
 */
export function attachKeyboard(
  renderer: Renderer,
  store: FrameStore,
  state: ViewState,
  travel: Travel,
  reports: KeyboardReports,
  signal: AbortSignal,
): KeyboardControl {
  const element = renderer.planes.scroller;
  element.tabIndex = 0;
  element.setAttribute("role", "group");
  let trail: Trail | null = null;
  const name = (): void => {
    const { graph } = store;
    const label =
      graph === null
        ? say("emptyNetwork")
        : say("networkNamed", { name: safeText(graph.name), layers: graph.layerCount });
    element.setAttribute("aria-label", label);
  };
  name();
  store.subscribe(name, signal);

  let peeked: Hover | null = null;
  const peek = (hover: Hover | null): void => {
    peeked = hover;
    state.set({ hover });
    reports.peek.emit(hover);
  };
  const isPeeking = (): boolean => peeked !== null && JSON.stringify(peeked) === JSON.stringify(state.values.hover);
  const moveFocus = (place: Place | null): void => {
    const { focus } = renderer;
    if (focus?.layer === place?.layer && focus?.unit === place?.unit) return;
    if (isPeeking()) peek(null);
    renderer.focus = place;
    if (place !== null && travel.canPan) travel.reveal(place);
    reports.focus.emit(place);
  };
  const follow = (direction: Direction, isNext: boolean): boolean => {
    const { scene } = renderer;
    const { frame } = store;
    const { edges: quantity, selection } = state.values;
    const here = renderer.focus ?? selection;
    if (scene === null || frame === null || here === null) return false;
    const { layer, unit } = here;
    if (unit === null) {
      reports.tell(say("goToUnitFirst"));
      return true;
    }
    const step = nextStep({ layer, unit }, direction, isNext, trail);
    const edges = rankEdges(frame, scene, step.from, direction, quantity);
    if (edges === null) {
      reports.tell(say("edgesNotMeasured"));
      return true;
    }
    const rank = edges.length === 0 ? 0 : step.rank % edges.length;
    const edge = edges[rank];
    if (edge === undefined) {
      reports.tell(say(direction === "outgoing" ? keyOf("noOutgoing") : keyOf("noIncoming")));
      return true;
    }
    const to = direction === "outgoing" ? edge.target : edge.source;
    moveFocus(to);
    trail = { from: step.from, direction, rank, to };
    peek({ ...edge.target, source: edge.source.unit, sourceLayer: edge.source.layer });
    return true;
  };

  const inspect = (): boolean => {
    const { focus, scene } = renderer;
    if (focus === null) return false;
    const { selection, opened } = state.values;
    const column = scene === null ? undefined : columnOfLayer(scene, focus.layer);
    const group = column === undefined || focus.unit !== null ? null : closedGroup(column.node);
    if (group !== null) {
      state.set({ opened: withOpened(opened, group.path) });
      return true;
    }
    if (selection?.layer === focus.layer && selection.unit === focus.unit) travel.show(focus);
    else state.set({ selection: atSameStep(store.frame, selection, { layer: focus.layer, unit: focus.unit }) });
    return true;
  };
  const leave = (): boolean => {
    const { selection, hover } = state.values;
    if (hover !== null) peek(null);
    else if (selection !== null) state.set({ selection: above(selection) });
    else return closeAround();
    return true;
  };

  const closeAround = (): boolean => {
    const { graph } = store;
    const { focus } = renderer;
    const group = graph === null || focus === null ? undefined : openGroupAround(graph, focus.layer);
    if (group === undefined) return false;
    state.set({ opened: withClosed(state.values.opened, group.path) });
    return true;
  };

  /** From a unit up to its layer; a layer, or what is only met as one, is let go. */
  const above = ({ layer, unit }: Place): Place | null => {
    const column = renderer.scene === null ? undefined : columnOfLayer(renderer.scene, layer);
    return unit === null || column === undefined || column.kind === "card" ? null : { layer, unit: null };
  };

  const act = (key: string, isShifted: boolean): boolean => {
    const { scene } = renderer;
    if (scene === null) return false;
    const { values } = state;
    const pan = isShifted ? PANS[key] : undefined;
    if (pan !== undefined) {
      travel.panBy(...pan, true);
      return true;
    }
    const next = movePlace(scene, renderer.focus ?? values.selection, key);
    if (next !== null) {
      moveFocus(next);
      return true;
    }
    switch (key) {
      case "Enter":
        return inspect();
      case "Escape":
        return leave();
      case "i":
      case "I":
        if (isPeeking()) peek(null);
        else if (renderer.focus !== null) peek({ layer: renderer.focus.layer, unit: renderer.focus.unit });
        return true;
      case "o":
      case "O":
        return follow("outgoing", isShifted);
      case "p":
      case "P":
        return follow("incoming", isShifted);
      case "+":
      case "=":
        travel.zoomBy(ZOOM_STEP);
        return true;
      case "-":
      case "_":
        travel.zoomBy(1 / ZOOM_STEP);
        return true;
      case "0":
        travel.fit();
        return true;
      case "[":
      case "]":
        state.set({ sample: nextSample(values.sample, key === "[" ? -1 : 1, store.scenery?.sampleCount ?? 0) });
        return true;
      case "c":
      case "C":
        state.set({ edges: nextQuantity(values.edges) });
        return true;
      default:
        return false;
    }
  };

  element.addEventListener(
    "keydown",
    (event) => {
      if (isModified(event) || !act(event.key, event.shiftKey)) return;
      event.preventDefault();
      event.stopPropagation();
    },
    { signal },
  );
  element.addEventListener(
    "focusout",
    (event) => {
      if (event.relatedTarget instanceof Node && element.contains(event.relatedTarget)) return;
      moveFocus(null);
    },
    { signal },
  );
  return { moveFocus };
}
