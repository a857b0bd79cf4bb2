const MOST_UNDONE = 50;

/** What is drawn on a pad, and the way back over the last strokes. */
export abstract class Drawing<State> {
  protected state: State;
  #before: State[] = [];

  constructor(state: State) {
    this.state = state;
  }

  abstract get isEmpty(): boolean;
  abstract clear(): void;
  /** As Python has it in `drawing`. */
  abstract write(): ArrayBuffer;

  get canUndo(): boolean {
    return this.#before.length > 0;
  }

  /** What follows is one stroke: undone as a whole. */
  begin(): void {
    this.#before = [...this.#before, this.state].slice(-MOST_UNDONE);
  }

  /** Back to before the last stroke that changed something. */
  undo(): void {
    const now = this.state;
    while (this.canUndo && this.state === now) this.state = this.#before.pop() ?? now;
  }

  /** What came from Python; it cannot be undone. */
  protected begun(state: State): void {
    this.#before = [];
    this.state = state;
  }
}
