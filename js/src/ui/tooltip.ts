import { listen, whenAborted } from "../lib/listen.ts";
import { formatNumber, formatSigned } from "../lib/numberFormat.ts";
import { safeText } from "../lib/safeText.ts";
import type { Hover } from "../store/viewState.ts";
import { el, setText, show } from "./dom.ts";
import { createFacts, type Fact } from "./facts.ts";
import { createNodeReader, readUnit, type UnitReading, unitName } from "./readUnit.ts";
import type { Part, Shell } from "./shell.ts";

const PEEK_MS = 120;
const GAP_PX = 16;

/** A peek at what the pointer is over in the picture: a title and at most six rows. */
export function createTooltip({ store, state, signal }: Shell, host: HTMLElement): Part {
  const nodesOf = createNodeReader();
  const title = el("b");
  const facts = createFacts();
  const element = el("div", { class: "nv-tooltip", role: "tooltip", hidden: true }, title, facts.element);
  let pointer: { x: number; y: number } | null = null;
  let shownFor: Hover | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  whenAborted(signal, () => clearTimeout(timer));

  const hide = () => {
    clearTimeout(timer);
    shownFor = null;
    show(element, false);
  };
  const fill = (hover: Hover): boolean => {
    const { graph, frame, scenery } = store;
    const reading = graph === null || frame === null ? null : readUnit(nodesOf(graph), frame, hover);
    if (reading === null) return false;
    const isEdge = hover.source !== undefined;
    const own = unitName(reading.node, hover.unit, scenery);
    const from = isEdge && reading.source !== null ? unitName(reading.source, hover.source ?? 0, scenery) : "";
    setText(title, isEdge ? `${from} → ${own}` : own);
    const rows = isEdge ? edgeFacts(reading, hover.source ?? 0) : unitFacts(reading);
    facts.set(rows);
    return rows.length > 0;
  };
  const place = () => {
    if (pointer === null) return;
    const box = host.getBoundingClientRect();
    const { offsetWidth: width, offsetHeight: height } = element;
    const isRight = pointer.x + GAP_PX + width <= box.width;
    const left = isRight ? pointer.x + GAP_PX : Math.max(0, pointer.x - GAP_PX - width);
    const top = Math.max(0, Math.min(box.height - height, pointer.y + GAP_PX));
    element.style.left = `${left}px`;
    element.style.top = `${top}px`;
  };
  const update = () => {
    const { hover } = state.values;
    if (hover === null || pointer === null) {
      hide();
      return;
    }
    const isSame = JSON.stringify(hover) === JSON.stringify(shownFor);
    if (isSame && !element.hidden) {
      fill(hover);
      return;
    }
    if (isSame) return;
    hide();
    shownFor = hover;
    timer = setTimeout(() => {
      if (pointer === null || !fill(hover)) return;
      show(element, true);
      place();
    }, PEEK_MS);
  };
  listen(
    host,
    "pointermove",
    (event) => {
      const box = host.getBoundingClientRect();
      pointer = { x: event.clientX - box.left, y: event.clientY - box.top };
    },
    signal,
  );
  listen(
    host,
    "pointerleave",
    () => {
      pointer = null;
      hide();
    },
    signal,
  );
  listen(
    host,
    "keydown",
    (event) => {
      if (event.key === "Escape") hide();
    },
    signal,
  );
  return { element, update };
}

function edgeFacts(reading: UnitReading, source: number): Fact[] {
  const facts: Fact[] = [];
  const weight = reading.weights?.[source];
  const input = reading.inputs?.[source];
  const gradient = reading.gradients?.[source];
  if (weight !== undefined) facts.push({ name: "weight w", value: formatSigned(weight, 3), isBold: true });
  if (input !== undefined) facts.push({ name: "input a", value: formatSigned(input, 3) });
  if (weight !== undefined && input !== undefined) {
    facts.push({ name: "signal w·a", value: formatSigned(weight * input, 3) });
  }
  if (gradient !== undefined) facts.push({ name: "gradient", value: formatSigned(gradient, 3) });
  if (weight !== undefined && reading.weights !== null && reading.weights.length > 1) {
    const rank = 1 + Array.from(reading.weights).filter((other) => Math.abs(other) > Math.abs(weight)).length;
    facts.push({ name: "rank by |w|", value: `${rank} of ${reading.weights.length}` });
  }
  return facts;
}

function unitFacts(reading: UnitReading): Fact[] {
  const facts: Fact[] = [];
  const isInput = reading.node.kind === "input";
  if (reading.activation !== null) {
    const value = isInput ? formatNumber(reading.activation) : formatSigned(reading.activation, 3);
    facts.push({ name: isInput ? "value" : "output a", value, isBold: true });
  }
  if (reading.z !== null) facts.push({ name: "z", value: formatSigned(reading.z, 3) });
  if (reading.bias !== null) facts.push({ name: "bias", value: formatSigned(reading.bias, 3) });
  if (!isInput) facts.push({ name: "layer", value: safeText(reading.node.name) });
  return facts;
}
