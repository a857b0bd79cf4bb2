import type { Renderer } from "../draw/renderer.ts";
import { columnOfLayer } from "../layout/scene.ts";
import { safeText } from "../lib/safeText.ts";
import type { FrameStore } from "../store/frameStore.ts";
import type { ViewState } from "../store/viewState.ts";
import { describePlace } from "./describePlace.ts";
import { movePlace, nextQuantity, nextSample, type Place } from "./keyboard.ts";

/** One tab stop; arrows move through layers and units, and only the keys that are used are kept from the host page. */
export function attachKeyboard(renderer: Renderer, store: FrameStore, state: ViewState, signal: AbortSignal): void {
  const element = renderer.planes.scroller;
  const spoken = element.ownerDocument.createElement("div");
  spoken.className = "nnvis-spoken";
  spoken.id = `nnvis-${Math.random().toString(36).slice(2)}`;
  spoken.setAttribute("role", "img");
  element.append(spoken);
  element.tabIndex = 0;
  element.setAttribute("role", "group");
  element.dataset.lmSuppressShortcuts = "true";
  const name = (): void => {
    const graph = store.graph;
    const label =
      graph === null
        ? "Network, nothing to show yet"
        : `Network ${safeText(graph.name)}, ${graph.layers.length} layers`;
    element.setAttribute("aria-label", label);
    if (renderer.focus === null) spoken.setAttribute("aria-label", label);
  };
  name();
  store.subscribe(name, signal);

  const move = (place: Place | null): void => {
    renderer.focus = place;
    const { scene } = renderer;
    if (place === null || scene === null) {
      element.removeAttribute("aria-activedescendant");
      return;
    }
    spoken.setAttribute("aria-label", describePlace(scene, renderer.reading, store.scenery, place));
    element.setAttribute("aria-activedescendant", spoken.id);
    const column = columnOfLayer(scene, place.layer);
    if (column === undefined) return;
    const { scrollLeft, clientWidth } = element;
    const [from, to] = [column.box.x - 40, column.outX + 40];
    if (from < scrollLeft) element.scrollLeft = from;
    else if (to > scrollLeft + clientWidth) element.scrollLeft = to - clientWidth;
  };

  const act = (key: string): boolean => {
    const { scene } = renderer;
    if (scene === null) return false;
    const { values } = state;
    const place = renderer.focus ?? values.selection;
    const next = movePlace(scene, place, key);
    if (next !== null) {
      move(next);
      return true;
    }
    switch (key) {
      case "Enter":
        if (renderer.focus === null) return false;
        state.set({ selection: { layer: renderer.focus.layer, unit: renderer.focus.unit } });
        return true;
      case "Escape":
        if (renderer.focus === null && values.selection === null && values.hover === null) return false;
        if (renderer.focus !== null) move(null);
        state.set({ selection: null, hover: null });
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
      if (event.ctrlKey || event.metaKey || event.altKey || !act(event.key)) return;
      event.preventDefault();
      event.stopPropagation();
    },
    { signal },
  );
  element.addEventListener("blur", () => move(null), { signal });
}
