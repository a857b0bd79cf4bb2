import { whenAborted } from "../../lib/listen.ts";
import { say } from "../../lib/say.ts";
import { el, setText, show } from "../kit/dom.ts";
import type { Part, Shell } from "../kit/shell.ts";

/** A picture that comes sooner is not announced. */
export const PATIENCE_MS = 200;

/** Below a network whose numbers have not come: what has been read, and what is awaited. */
export function createLoading({ store, signal }: Shell): Part {
  const title = el("h3");
  const text = el("span", { class: "nv-notice-text" }, say("awaitingFirst"));
  const element = el("section", { class: "nv-notice", role: "status", hidden: true }, title, text);
  let timer: ReturnType<typeof setTimeout> | null = null;
  const stop = () => {
    if (timer !== null) clearTimeout(timer);
    timer = null;
  };
  whenAborted(signal, stop);
  return {
    element,
    update() {
      const { graph, frame, connection } = store;
      const isWaiting = graph?.isBuilt === true && graph.layers.length > 0 && frame === null && connection === "live";
      if (!isWaiting) {
        stop();
        show(element, false);
        return;
      }
      setText(title, say("layersRead", { count: graph.layerCount }));
      timer ??= setTimeout(() => show(element, true), PATIENCE_MS);
    },
  };
}
