import type { FrameStore } from "../../store/frameStore.ts";
import type { ViewState } from "../../store/viewState.ts";
import type { Operation, Operations } from "../../stream/protocol.ts";

/** What the person can ask for; a refusal or silence is told to them. */
export interface Actions {
  command<Op extends Operation>(op: Op, args: Operations[Op]): void;
  /** Moves the playhead; `null` goes live. */
  seek(step: number | null): void;
  /** Moves the playhead by kept snapshots. */
  seekBy(count: number): void;
  toggleTraining(): void;
  /** Goes through the next step of the training, without taking it. */
  stepThrough(): void;
  /** Bookmarks a step, or takes its bookmark away; without one, the step that is looked at. */
  toggleBookmark(step?: number): void;
}

/** What every part of one view works with. */
export interface Shell {
  readonly store: FrameStore;
  readonly state: ViewState;
  readonly actions: Actions;
  readonly signal: AbortSignal;
}

/** A part of the view; `update` brings it in step with store and state and touches only what differs. */
export interface Part {
  readonly element: HTMLElement;
  update(): void;
}
