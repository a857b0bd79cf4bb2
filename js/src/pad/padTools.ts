import { say } from "../lib/say.ts";
import { createButton } from "../ui/kit/button.ts";
import { el } from "../ui/kit/dom.ts";
import { createSegmented } from "../ui/kit/segmented.ts";
import type { Drawing } from "./drawing.ts";

interface BrushOption<Brush> {
  readonly value: Brush;
  readonly text: string;
  readonly hint: string;
}

export interface PadTools<Brush> {
  readonly bar: HTMLElement;
  readonly brush: Brush;
  /** A stroke at once. */
  stroke(change: () => void): void;
  /** The drawing is another. */
  update(): void;
}

/** Brushes, undo and clear. `changed` and `send` are called after what they do; `empty`: why there is nothing to clear. */
export function createPadTools<Brush extends string>(
  drawing: Drawing<unknown>,
  options: readonly [BrushOption<Brush>, ...BrushOption<Brush>[]],
  clearing: string,
  empty: string,
  changed: () => void,
  send: () => void,
  signal: AbortSignal,
): PadTools<Brush> {
  let brush = options[0].value;
  const act = (change: () => void) => {
    change();
    changed();
    send();
  };
  const stroke = (change: () => void) =>
    act(() => {
      drawing.begin();
      change();
    });
  const choose = (value: Brush) => {
    brush = value;
    brushes.set(value);
  };
  const brushes = createSegmented(say("brush"), options, choose, signal);
  choose(brush);
  const undo = createButton({ label: say("undoStroke"), text: say("undo") }, () => act(() => drawing.undo()), signal);
  const clear = createButton({ label: clearing, text: say("clear") }, () => stroke(() => drawing.clear()), signal);
  return {
    bar: el("div", { class: "nv-pad-bar" }, brushes.element, undo.element, clear.element),
    get brush() {
      return brush;
    },
    stroke,
    update() {
      undo.set({ offReason: drawing.canUndo ? null : say("nothingDrawn") });
      clear.set({ offReason: drawing.isEmpty ? empty : null });
    },
  };
}
