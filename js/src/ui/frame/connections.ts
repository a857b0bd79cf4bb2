import type { Detail } from "../../core/frame.ts";
import type { Graph } from "../../core/graph.ts";
import { LEAST_TOP_K, MOST_TOP_K, RASTER_LIMIT, STROKE_LIMIT, TOP_K } from "../../core/limits.ts";
import { listen } from "../../lib/listen.ts";
import { formatCount } from "../../lib/numberFormat.ts";
import { clamp } from "../../lib/numbers.ts";
import { say } from "../../lib/say.ts";
import { el, setText, show } from "../kit/dom.ts";
import { createSegmented } from "../kit/segmented.ts";
import type { Part, Shell } from "../kit/shell.ts";

const DETAILS: readonly { value: Detail; text: string; hint: string }[] = [
  { value: "bundles", text: say("bundles"), hint: say("bundlesHint") },
  { value: "top", text: say("topK", { limit: TOP_K }), hint: say("topHint") },
  {
    value: "all",
    text: say("all"),
    hint: say("allHint", { limit: formatCount(RASTER_LIMIT) }),
  },
];

/** How connections are drawn where there are too many for lines; beside "Top" how many, as slider and number. */
export function createConnections({ store, state, signal }: Shell): Part {
  const choose = (detail: Detail) => {
    state.set({ detail });
    open(detail === "top");
    if (detail === "top") top?.focus();
  };
  const open = (isOpen: boolean) => {
    panel.classList.toggle("nv-open", isOpen);
  };
  const detail = createSegmented(say("connections"), DETAILS, choose, signal);
  const limits = { min: LEAST_TOP_K, max: MOST_TOP_K };
  const slider = el("input", { type: "range", ...limits, step: 10, "aria-label": say("strongestConnections") });
  const number = el("input", { type: "number", ...limits, "aria-label": say("strongestConnectionsNumber") });
  const panel = el(
    "span",
    { class: "nv-topk" },
    el("span", { class: "nv-topk-label" }, say("strongest")),
    slider,
    number,
  );
  const element = el("span", { class: "nv-connections" }, detail.element, panel);
  const top = element.querySelector<HTMLElement>("[data-value=top]");

  listen(
    element,
    "focusout",
    (event) => {
      if (!(event.relatedTarget instanceof Node) || !element.contains(event.relatedTarget)) open(false);
    },
    signal,
  );
  listen(
    element,
    "keydown",
    (event) => {
      if (event.key !== "Escape" || !panel.classList.contains("nv-open")) return;
      event.stopPropagation();
      open(false);
      top?.focus();
    },
    signal,
  );
  listen(slider, "input", () => state.set({ topK: slider.valueAsNumber }), signal);
  listen(
    number,
    "change",
    () => {
      const asked = Math.round(number.valueAsNumber);
      if (Number.isFinite(asked)) state.set({ topK: clamp(asked, LEAST_TOP_K, MOST_TOP_K) });
      number.valueAsNumber = state.values.topK;
    },
    signal,
  );
  return {
    element,
    update() {
      const { detail: chosen, topK } = state.values;
      show(element, isCrowded(store.graph));
      detail.set(chosen);
      show(panel, chosen === "top");
      if (top !== null) setText(top, say("topK", { limit: topK }));
      if (slider.valueAsNumber !== topK) slider.valueAsNumber = topK;
      if (document.activeElement !== number && number.valueAsNumber !== topK) number.valueAsNumber = topK;
    },
  };
}

/** Whether some pair of layers has more connections than are drawn as lines. */
function isCrowded(graph: Graph | null): boolean {
  return (graph?.layers ?? []).some(
    ({ role, parameters }) =>
      role === "dense" &&
      parameters.some(({ shape }) => shape.length === 2 && (shape[0] ?? 0) * (shape[1] ?? 0) > STROKE_LIMIT),
  );
}
