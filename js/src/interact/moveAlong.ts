import type { Frame, Selection } from "../core/frame.ts";
import { clamp } from "../lib/numbers.ts";
import type { FrameStore } from "../store/frameStore.ts";
import type { ViewState } from "../store/viewState.ts";

/** How many time steps the layer of a chosen unit tells of; 0 where none. */
function stepsOf(frame: Frame | null, selection: Selection | null): number {
  if (selection === null || selection.unit === null) return 0;
  return frame?.section("read_place", selection.layer)?.values.length ?? 0;
}

/** Moves the chosen unit of a recurrent layer on along its sequence; false where none is chosen. */
export function moveAlong(store: FrameStore, state: ViewState, by: number): boolean {
  const { selection } = state.values;
  const count = stepsOf(store.frame, selection);
  if (selection === null || count === 0) return false;
  const now = selection.place?.[1] ?? (by > 0 ? -1 : count);
  state.set({ selection: { ...selection, place: [0, clamp(now + by, 0, count - 1)] }, hover: null });
  return true;
}

/** Another unit of the same recurrent layer is looked at at the same time step. */
export function atSameStep(frame: Frame | null, before: Selection | null, next: Selection): Selection {
  const isSame = before?.layer === next.layer && next.unit !== null && stepsOf(frame, before) > 0;
  return isSame && before?.place !== undefined && next.place === undefined ? { ...next, place: before.place } : next;
}
