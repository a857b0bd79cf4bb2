import type { Graph } from "../../core/graph.ts";
import { listen } from "../../lib/listen.ts";
import { formatShort } from "../../lib/numberFormat.ts";
import { clamp } from "../../lib/numbers.ts";
import { say } from "../../lib/say.ts";
import { isInLevels, withClosed, withOpened } from "../../store/openGroups.ts";
import { readThemeName } from "../../theme/theme.ts";
import { createRampBar } from "../charts/rampBar.ts";
import { el, setAttributes, setText, show, svg } from "../kit/dom.ts";
import { createSegmented } from "../kit/segmented.ts";
import type { Part, Shell } from "../kit/shell.ts";
import { createBarcode } from "./barcode.ts";
import { type FoundPlace, foundIn } from "./findPlaces.ts";
import { createLevelRow, type RowElement } from "./levelRow.ts";
import { type LevelCard, type LevelRow, levelRows } from "./levelRows.ts";
import { createShades, type Shades } from "./shades.ts";

const FUNNEL_PX = 24;

export interface Levels extends Part {
  /** Of which more than the card is shown. */
  readonly shown: readonly string[];
  /** Brings a card into view. */
  go(id: string, takesFocus: boolean): void;
}

interface Step {
  readonly element: HTMLElement;
  readonly row: RowElement;
  readonly funnel: SVGSVGElement;
  readonly path: SVGPathElement;
  data: LevelRow;
  readonly life: AbortController;
}

function legendText({ color, ends, samples }: Shades, all: number): string {
  const isKnown = ends !== null;
  switch (color) {
    case "size":
      return say("sizeLegend", { all: formatShort(all) });
    case "gradient":
      return isKnown ? say("ratesLegend") : say("ratesMissing");
    case "dead":
      return isKnown ? say("deadLegend", { samples }) : say("deadMissing");
    case "change":
      return isKnown ? say("changeLegend") : say("changeMissing");
  }
}

/** A deep network: all layers as a barcode, and a row of cards for each level that is open, each fed from its card above. */
export function createLevels(
  { store, state, signal }: Shell,
  goTo: (place: FoundPlace) => void,
  moved: () => void,
): Levels {
  const barcode = createBarcode((layer) => {
    if (store.index !== null) goTo(foundIn(store.index, layer));
  }, signal);
  const rows = el("div", { class: "nv-level-rows" });
  const shadesOf = createShades();
  const scale = createRampBar();
  const told = el("span");
  const colour = createSegmented(
    say("colors"),
    [
      { value: "size", text: say("sizeColour"), hint: say("sizeColourHint") },
      { value: "gradient", text: say("gradient"), hint: say("rateColourHint") },
      { value: "dead", text: say("deadColour"), hint: say("deadColourHint") },
      { value: "change", text: say("changeColour"), hint: say("changeColourHint") },
    ] as const,
    (value) => state.set({ layerColor: value }),
    signal,
  );
  const keys = el("span", {}, say("levelKeys"));
  const legend = el("div", { class: "nv-level-legend" }, colour.element, scale.element, told, keys);
  const element = el("div", { class: "nv-levels", hidden: true }, barcode.element, rows, legend);
  const steps = new Map<string, Step>();

  const press = (card: LevelCard, siblings: readonly LevelCard[]) => {
    const { opened } = state.values;
    const { group, id } = card;
    if (group === null) state.set({ selection: { layer: id, unit: null } });
    else if (card.isOpen) state.set({ opened: withClosed(opened, group.path) });
    else {
      const others = siblings.flatMap((one) => (one.isOpen && one.group !== null ? [one.group.path] : []));
      state.set({
        opened: withOpened(
          opened.filter((path) => !others.includes(path)),
          group.path,
        ),
      });
    }
  };
  const make = (data: LevelRow): Step => {
    const life = new AbortController();
    signal.addEventListener("abort", () => life.abort(), { signal: life.signal });
    const path = svg("path");
    const funnel = svg("svg", { class: "nv-funnel", "aria-hidden": "true", preserveAspectRatio: "none" }, path);
    const row = createLevelRow((card) => press(card, step.data.cards), settle, life.signal);
    const step: Step = { element: el("div", {}, funnel, row.element), row, funnel, path, data, life };
    return step;
  };
  const settle = () => {
    for (const { data, funnel, path } of steps.values()) {
      const { group } = data;
      const parent = group === null ? undefined : steps.get(group.parent ?? "");
      const width = rows.clientWidth;
      const edges = group === null ? null : (parent?.row.edgesOf(group.id) ?? null);
      show(funnel, group !== null);
      setAttributes(funnel, { viewBox: `0 0 ${width} ${FUNNEL_PX}` });
      const [left, right] = edges ?? [0, 0];
      const half = FUNNEL_PX / 2;
      const d = `M${left} 0C${left} ${half} 0 ${half} 0 ${FUNNEL_PX}H${width}C${width} ${half} ${right} ${half} ${right} 0z`;
      setAttributes(path, { d: edges === null ? "" : d });
    }
    moved();
  };
  const focused = (): readonly [Step, LevelCard] | null => {
    const button = document.activeElement;
    for (const step of steps.values()) {
      const card = step.element.contains(button) ? step.row.cardOf(button) : null;
      if (card !== null) return [step, card];
    }
    return null;
  };
  const upOrDown = (key: string): boolean => {
    const here = focused();
    if (here === null) return false;
    const [{ data }, card] = here;
    const order = [...steps.values()];
    if (key === "ArrowDown") {
      const below = steps.get(card.id) ?? order[order.findIndex((step) => step.data === data) + 1];
      below?.row.go(below.row.stop, true);
      return below !== undefined;
    }
    if (data.group === null) return false;
    const above = steps.get(data.group.parent ?? "");
    above?.row.go(data.group.id, true);
    if (key === "Escape") state.set({ opened: withClosed(state.values.opened, data.group.path) });
    return true;
  };
  listen(
    element,
    "keydown",
    (event) => {
      const { key } = event;
      const isLetGo = key === "Escape" && state.values.selection !== null;
      if (isLetGo) state.set({ selection: null });
      else if (!["ArrowDown", "ArrowUp", "Escape"].includes(key) || !upOrDown(key)) return;
      event.preventDefault();
      event.stopPropagation();
    },
    signal,
  );

  const reveal = (step: Step) => {
    const { offsetTop, offsetHeight } = step.element;
    const top = offsetTop - barcode.element.offsetHeight;
    const least = offsetTop + offsetHeight - element.clientHeight;
    element.scrollTop = clamp(element.scrollTop, Math.min(least, top), Math.max(least, top));
  };
  let shownGraph: Graph | null = null;
  const isOn = () => isInLevels(store.index, state.values);
  return {
    element,
    get shown() {
      const chosen = state.values.selection?.layer;
      const isHere = [...steps.values()].some(({ data }) => data.cards.some(({ id }) => id === chosen));
      return chosen !== undefined && isHere ? [chosen] : [];
    },
    go(id, takesFocus) {
      const step = [...steps.values()].find(({ data }) => data.cards.some((card) => card.id === id));
      step?.row.go(id, takesFocus);
      if (step !== undefined) reveal(step);
    },
    update() {
      const { graph, index } = store;
      show(element, isOn() && graph !== null);
      if (graph === null || index === null || !isOn()) return;
      const shades = shadesOf(index, store.frame, readThemeName(element), state.values.layerColor);
      barcode.set(
        index,
        graph.opened.map(({ id }) => id),
        shades,
      );
      colour.set(state.values.layerColor);
      setAttributes(element, { "data-rated": shades.ends !== null });
      const data = levelRows(graph);
      const wanted = new Set(data.map(({ group }) => group?.id ?? ""));
      for (const [id, step] of steps) {
        if (wanted.has(id)) continue;
        step.life.abort();
        step.element.remove();
        steps.delete(id);
      }
      const isNew = graph !== shownGraph;
      shownGraph = graph;
      let newest: Step | null = null;
      data.forEach((one, at) => {
        const id = one.group?.id ?? "";
        let step = steps.get(id);
        if (step === undefined) {
          step = make(one);
          steps.set(id, step);
          if (shownGraph !== null && one.group !== null) newest = step;
        }
        step.data = one;
        if (rows.children[at] !== step.element) rows.insertBefore(step.element, rows.children[at] ?? null);
        step.row.set(one, graph.parameterCount, state.values.selection?.layer ?? null, shades);
      });
      if (shades.ends !== null) scale.set(...shades.ends, shades.ramp, false);
      setText(told, legendText(shades, graph.parameterCount));
      show(scale.element, shades.ends !== null);
      if (isNew) settle();
      if (newest !== null) reveal(newest);
    },
  };
}
