import type { EdgeQuantity, MapScale, UnitQuantity } from "../../core/frame.ts";
import { fitText } from "../../lib/fitText.ts";
import { createMeasure } from "../../lib/measureText.ts";
import { boxOf } from "../../lib/pagePx.ts";
import { safeText } from "../../lib/safeText.ts";
import { say } from "../../lib/say.ts";
import { whenResized } from "../../lib/whenResized.ts";
import { createButton } from "../kit/button.ts";
import { el, setAttributes, setText, show } from "../kit/dom.ts";
import { icon, setIcon } from "../kit/icons.ts";
import { createMenu, type MenuItem } from "../kit/menu.ts";
import { createSegmented } from "../kit/segmented.ts";
import type { Part, Shell } from "../kit/shell.ts";
import { exactText } from "../words/clockText.ts";
import { factsOf } from "../words/factsOf.ts";
import { silence } from "../words/silence.ts";
import { statusOf } from "../words/statusOf.ts";
import { createConnections } from "./connections.ts";
import { isSampled } from "./isSampled.ts";

const EDGES: readonly { value: EdgeQuantity; text: string; hint: string }[] = [
  { value: "weight", text: say("weight"), hint: say("weightHint") },
  { value: "signal", text: say("signal"), hint: say("signalHint") },
  { value: "gradient", text: say("gradient"), hint: say("gradientHint") },
];
const MAP_SCALES: readonly { value: MapScale; text: string; hint: string }[] = [
  { value: "map", text: say("perMapChoice"), hint: say("perMapHint") },
  { value: "layer", text: say("perLayerChoice"), hint: say("perLayerHint") },
  { value: "network", text: say("perNetworkChoice"), hint: say("perNetworkHint") },
];
const UNITS: readonly { value: UnitQuantity; text: string; hint: string }[] = [
  { value: "field", text: say("field"), hint: say("fieldHint") },
  { value: "activation", text: say("activationValue"), hint: say("activationHint") },
];

export interface Header extends Part {
  /** What the picture leaves out, as sentences; empty for nothing. */
  setOmission(text: string): void;
}

/** Model name, facts, state, and the switches of the view. */
export function createHeader(shell: Shell, menuItems: () => readonly MenuItem[], openOmissions: () => void): Header {
  const { store, state, signal } = shell;
  const title = el("h2", { class: "nv-title" });
  const facts = el("span", { class: "nv-facts" });
  const pillIcon = icon("warn");
  const pillDot = el("i", { "aria-hidden": "true" });
  const pillWord = el("span");
  const pill = el("span", { class: "nv-pill" }, pillIcon, pillDot, pillWord);
  const sampled = createButton(
    {
      label: say("sampledHint"),
      icon: "sampled",
      text: say("sampled"),
      className: "nv-pill nv-sampled",
    },
    openOmissions,
    signal,
  );
  let omission = "";
  const edges = createSegmented(say("edgesShow"), EDGES, (value) => state.set({ edges: value }), signal);
  const units = createSegmented(say("neuronsShow"), UNITS, (value) => state.set({ units: value }), signal);
  const mapScale = createSegmented(say("mapScale"), MAP_SCALES, (value) => state.set({ mapScale: value }), signal);
  const connections = createConnections(shell);
  const rarer = el("div", { class: "nv-switches nv-rarer" }, units.element, mapScale.element, connections.element);
  const switches = el("div", { class: "nv-switches" }, edges.element, rarer);
  const help = createButton(
    { label: say("keyboardHelp"), icon: "help", className: "nv-help" },
    () =>
      menuItems()
        .find((item) => item.id === "help")
        ?.run(),
    signal,
  );
  const menu = createMenu(say("more"), menuItems, () => moved(), signal);
  const slot = el("div", { class: "nv-switch-slot" }, switches);
  const element = el(
    "header",
    { class: "nv-header" },
    title,
    facts,
    pill,
    sampled.element,
    slot,
    help.element,
    menu.element,
  );
  menu.onClose(() => {
    slot.append(switches);
    switches.append(rarer);
  });
  const { classList } = element;
  /** What the header has no room for is shown in the menu. */
  const moved = () => (classList.contains(COMPACT) ? switches : classList.contains(SHORT) ? rarer : null);
  const isTitleCut = () => title.clientWidth < Math.min(title.scrollWidth, WHOLE_TITLE_PX);
  /** The name of the model goes before the switches. */
  const fitSwitches = () => {
    classList.remove(SHORT);
    classList.toggle(COMPACT, element.clientWidth < COMPACT_PX);
    if (isTitleCut()) classList.add(SHORT);
    if (isTitleCut()) classList.add(COMPACT);
  };
  let fullFacts = "";
  let measure: ReturnType<typeof createMeasure> | null = null;
  const fitFacts = () => {
    measure ??= createMeasure(facts);
    setText(facts, "");
    fitSwitches();
    const width = roomFor(facts, element, classList.contains(COMPACT) ? slot : switches);
    const fitted = element.clientWidth > 0 ? fitText(fullFacts, width, measure) : fullFacts;
    setText(facts, fitted.endsWith("…") && width < LEAST_FACTS_PX ? "" : fitted);
    setAttributes(facts, { title: facts.textContent === fullFacts ? null : fullFacts });
  };
  whenResized([element, title, pill, sampled.element, switches], fitFacts, signal);

  return {
    element,
    setOmission(text) {
      omission = text;
    },
    update() {
      const { graph, frame, connection } = store;
      const name = graph === null ? say("noModel") : safeText(graph.name);
      setText(title, name);
      setAttributes(title, { title: name });
      const nextFacts = graph === null ? "" : factsOf(graph, frame);
      if (nextFacts !== fullFacts) {
        fullFacts = nextFacts;
        fitFacts();
      }
      const status = statusOf(graph, frame, connection);
      const moment = frame === null ? null : exactText(frame.clock, frame.header.step);
      show(pill, status !== null);
      if (status !== null) {
        setAttributes(pill, {
          "data-trains": (frame?.header.commands.length ?? 0) > 0,
          "data-tone": status.tone,
          "data-late": graph !== null && frame === null,
          title: moment,
        });
        setText(pillWord, status.word);
        show(pillDot, status.icon === null);
        show(pillIcon, status.icon !== null);
        if (status.icon !== null) setIcon(pillIcon, status.icon);
      }
      show(sampled.element, graph !== null && isSampled(frame?.header ?? null, omission));
      edges.set(state.values.edges);
      const hasGradient = frame?.sections.some(({ quantity }) => quantity === "gradient") ?? false;
      edges.off("gradient", hasGradient ? null : silence(store));
      units.set(state.values.units);
      mapScale.set(state.values.mapScale);
      show(mapScale.element, frame?.sections.some((section) => section.quantity === "map_picture") ?? false);
      connections.update();
      show(switches, graph !== null);
      show(units.element, frame?.sections.some((section) => section.quantity === "field") ?? false);
    },
  };
}

const SHORT = "nv-short-header";
const COMPACT = "nv-compact";
const COMPACT_PX = 680;
/** A name up to this width is shown whole. */
const WHOLE_TITLE_PX = 160;
const GAP_PX = 12;
const LEAST_FACTS_PX = 64;
const PADDING_PX = 16;

/** What the header's other parts leave free; the slot grows, so its content is measured in its place. */
function roomFor(facts: HTMLElement, header: HTMLElement, slotContent: HTMLElement): number {
  const others = [...header.children].filter((part) => part !== facts && !part.contains(slotContent));
  const taken = others.reduce((sum, part) => sum + boxOf(part).width, slotContent.clientWidth);
  return header.clientWidth - 2 * PADDING_PX - taken - GAP_PX * (header.children.length - 1) - 2;
}
