import { whenAborted } from "../../lib/listen.ts";
import { say } from "../../lib/say.ts";
import type { Answer } from "../../stream/channel.ts";
import type { Shell } from "../kit/shell.ts";
import { createChangeForm } from "./changeForm.ts";
import { readWhatIf, type WhatIf } from "./readWhatIf.ts";
import { createWhatIfBar } from "./whatIfBar.ts";

export interface WhatIfView {
  /** Shows what Python tells of the changes that are tried; `null` or nothing of it closes. */
  update(told: unknown): void;
  /** Opens the form for what is chosen, and goes there. */
  open(): void;
}

type Suppose = (changes: readonly string[]) => Promise<Answer>;

/**
 * Trying changes: a bar over the picture says what is tried and what comes of it, a form in the inspector makes them.
 *
 * @param main What the bar stands before.
 * @param last What the form stands before, in the inspector.
 */
export function createWhatIf(shell: Shell, main: Element, last: Element, suppose: Suppose): WhatIfView {
  let told: WhatIf | null = null;
  const ask = async (changes: readonly string[]): Promise<string> => {
    try {
      const { ok, reason } = await suppose(changes);
      return ok ? "" : reason;
    } catch {
      return say("whatIfNoAnswer");
    }
  };
  const written = () => (told?.changes ?? []).map((change) => change.written);
  const form = createChangeForm(shell, (change) => ask([...written(), JSON.stringify(change)]));
  const leave = () => {
    void ask([]);
    form.focus();
  };
  const bar = createWhatIfBar(shell, {
    undo: (at) => void ask(written().filter((_, place) => place !== at)),
    apply: () => shell.actions.command("applyWhatIf", {}),
    thaw: (layer) => shell.actions.command("thaw", { layer }),
    leave,
  });
  main.before(bar.element);
  last.before(form.element);
  whenAborted(shell.signal, () => {
    bar.element.remove();
    form.element.remove();
  });
  return {
    update(value) {
      told = readWhatIf(value);
      bar.set(told);
      form.update();
    },
    open: form.open,
  };
}
