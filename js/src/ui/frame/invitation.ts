import type { FrameHeader } from "../../core/frame.ts";
import type { Graph } from "../../core/graph.ts";
import { keyOf, say } from "../../lib/say.ts";
import type { Connection } from "../../store/frameStore.ts";
import { createButton } from "../kit/button.ts";
import { el, setText, show } from "../kit/dom.ts";
import type { Part, Shell } from "../kit/shell.ts";

/** Who can train the model: a trainer, or a `fit` of the person's own; `null` where there is nothing to invite to. */
export type Invited = "trainer" | "fit" | null;

/** A network that was never trained, looked at as it is now, with somebody who could train it. */
export function invitedTo(
  graph: Graph | null,
  header: FrameHeader | null,
  connection: Connection,
  step: number | null,
): Invited {
  if (graph === null || header === null || connection !== "live" || step !== null) return null;
  if (header.state !== "idle" || header.latestStep > 0 || !header.isFollowing || header.problem !== null) return null;
  if (header.commands.includes("start")) return "trainer";
  return header.optimizer === null ? null : "fit";
}

export const BACK = say("undoReset");

/** Over the empty timeline of a network that was never trained, so that nothing moves when it goes: how to train it. `leave` takes the focus when it goes. */
export function createInvitation({ store, state, actions, signal }: Shell, leave: () => void): Part {
  const text = el("span", { class: "nv-notice-text" });
  const code = el("code", { class: "nv-code", tabindex: 0 }, "model.fit(x, y, callbacks=[nv.LiveCallback(view)])");
  const train = createButton(
    { label: say("train"), icon: "play", text: say("train"), className: "nv-btn-primary" },
    () => actions.toggleTraining(),
    signal,
  );
  const back = createButton(
    { label: BACK, icon: "retry", text: BACK, className: "nv-back" },
    () => actions.command("undoReset", {}),
    signal,
  );
  const element = el(
    "section",
    { class: "nv-notice nv-invitation", "aria-label": say("readyToTrain"), hidden: true },
    el("h3", {}, say("ready")),
    text,
    code,
    train.element,
    back.element,
  );
  return {
    element,
    update() {
      const { graph, frame, connection } = store;
      const invited = invitedTo(graph, frame?.header ?? null, connection, state.values.step);
      if (invited === null && element.contains(document.activeElement)) leave();
      show(element, invited !== null);
      show(train.element, invited === "trainer");
      show(back.element, frame?.header.commands.includes("undoReset") ?? false);
      show(code, invited === "fit");
      setText(text, say(invited === "trainer" ? keyOf("pressTrain") : keyOf("trainWithFit")));
    },
  };
}
