import type { Selection } from "../core/frame.ts";
import type { Graph } from "../core/graph.ts";
import type { FrameStore } from "./frameStore.ts";
import type { ViewState } from "./viewState.ts";

export interface Openings {
  /** Calls once a layer is in sight, at once where it is. */
  whenSeen(place: Selection, act: () => void): void;
}

/** Tells where a person is when a group was opened, at its first member, or closed, at its card. */
export function followOpenings(
  { store, state, signal }: { store: FrameStore; state: ViewState; signal: AbortSignal },
  tell: (place: Selection) => void,
): Openings {
  let graph = store.graph;
  let opened = state.values.opened;
  let asked: readonly string[] = [];
  let waiting: { readonly layer: string; readonly act: () => void } | null = null;
  state.subscribe((changed) => {
    if (!changed.has("opened")) return;
    const now = state.values.opened;
    asked = [...now.filter((path) => !opened.includes(path)), ...opened.filter((path) => !now.includes(path))];
    opened = now;
  }, signal);
  store.subscribe(() => {
    const before = graph;
    graph = store.graph;
    if (graph === null || graph === before) return;
    if (waiting !== null && isSeen(graph, waiting.layer)) {
      const { act } = waiting;
      waiting = null;
      asked = [];
      act();
    }
    const [path] = asked;
    asked = [];
    const place = path === undefined ? null : (entered(graph, path) ?? left(graph, before, path));
    if (place !== null) tell({ layer: place, unit: null });
  }, signal);
  return {
    whenSeen({ layer }, act) {
      if (graph === null || isSeen(graph, layer)) act();
      else waiting = { layer, act };
    },
  };
}

function isSeen({ layers, opened }: Graph, id: string): boolean {
  return [...layers, ...opened].some((one) => one.id === id);
}

function entered(graph: Graph, path: string): string | null {
  return graph.opened.find((group) => group.path === path)?.members[0] ?? null;
}

function left(graph: Graph, before: Graph | null, path: string): string | null {
  const id = before?.opened.find((group) => group.path === path)?.id;
  return id !== undefined && isSeen(graph, id) ? id : null;
}
