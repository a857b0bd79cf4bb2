import type { Selection } from "../../core/frame.ts";
import { type NetworkNode, nodeOfLayer } from "../../layout/readNodes.ts";
import { listen } from "../../lib/listen.ts";
import { say } from "../../lib/say.ts";
import { whenResized } from "../../lib/whenResized.ts";
import { buildRamps, type ThemeName } from "../../theme/ramps.ts";
import { createButton } from "../kit/button.ts";
import { el, setAttributes, show } from "../kit/dom.ts";
import type { Part, Shell } from "../kit/shell.ts";
import { createNodeReader, layerTitle, readUnit, type UnitReading } from "../words/readUnit.ts";
import { createFoldHint } from "./foldHint.ts";
import { createLayerPanel } from "./layerPanel.ts";
import type { MapPanels } from "./mapPanels.ts";
import { createOverviewPanel, type LayerList } from "./overviewPanel.ts";
import { unitTitle } from "./unitFacts.ts";
import { createUnitPanel } from "./unitPanel.ts";

export interface Inspector extends Part {
  setTheme(theme: ThemeName): void;
  setOmission(omission: string): void;
}

/**
 * What is chosen, in numbers: a column at the right, or, where the view is narrow, what a choice opens beside or below
 * the picture. `close` lets go of the choice.
 */
export function createInspector(
  shell: Shell,
  theme: ThemeName,
  close: () => void,
  maps: MapPanels = {},
  list: LayerList | null = null,
): Inspector {
  const { store, state, signal } = shell;
  let wantsFocus = false;
  const open = (selection: Selection) => {
    wantsFocus = true;
    state.set({ selection, hover: null });
  };
  const unit = createUnitPanel(shell, open, maps);
  const layer = createLayerPanel(shell, open, maps);
  const overview = createOverviewPanel(shell, open, list);
  const closer = createButton(
    { label: say("closeInspector"), icon: "close", className: "nv-inspector-close" },
    close,
    signal,
  );
  const body = el("div", { class: "nv-inspector-body", tabindex: 0, role: "group" });
  body.append(closer.element, unit.element, layer.element, overview.element);
  const hint = createFoldHint(body, signal);
  const element = el("aside", { class: "nv-inspector", "aria-label": say("inspector") }, body, hint.element);
  let ramps = buildRamps(theme);
  let omission = "";
  const nodesOf = createNodeReader();

  let size = "";
  const resized = () => {
    const now = `${body.clientWidth} ${body.clientHeight}`;
    if (now !== size) update();
    size = now;
  };
  whenResized(body, resized, signal);
  listen(
    element,
    "keydown",
    (event) => {
      if (event.key !== "Escape" || state.values.selection === null) return;
      event.stopPropagation();
      close();
    },
    signal,
  );

  const read = (nodes: readonly NetworkNode[]): UnitReading | NetworkNode | null => {
    const { frame } = store;
    const { selection } = state.values;
    const node = selection === null ? undefined : nodeOfLayer(nodes, selection.layer);
    if (selection === null || frame === null || node === undefined) return null;
    const { layer, unit } = selection;
    const isWhole = unit === null || node.kind === "card" || node.kind === "merge";
    return isWhole ? node : readUnit(nodes, frame, { layer, unit });
  };
  const update = () => {
    const { graph, frame, scenery } = store;
    const nodes = graph === null ? [] : nodesOf(graph);
    const reading = read(nodes);
    const isLayer = reading !== null && "layers" in reading;
    show(element, graph !== null);
    setAttributes(element, { "data-chosen": reading !== null });
    show(unit.element, reading !== null && !isLayer);
    show(layer.element, isLayer);
    show(overview.element, reading === null);
    if (graph === null) return;
    if (reading === null || frame === null) {
      overview.set(graph, frame, scenery, [omission, cardsLeft(nodes)].filter((text) => text !== "").join(say("gap")));
      name(say("inspectorContent"));
    } else if ("layers" in reading) {
      layer.set(reading, nodes, frame, scenery, ramps);
      name(layerTitle(reading, nodes));
    } else {
      unit.set(reading, nodes, frame, scenery, ramps);
      name(`${layerTitle(reading.node, nodes)} · ${unitTitle(reading, scenery)}`);
    }
    hint.update();
    if (!wantsFocus) return;
    wantsFocus = false;
    body.scrollTop = 0;
    body.focus({ preventScroll: true });
  };
  const name = (title: string) => setAttributes(body, { "aria-label": title });
  return {
    element,
    update,
    setTheme(name) {
      ramps = buildRamps(name);
      update();
    },
    setOmission(text) {
      omission = text;
    },
  };
}

/** How many layers are cards, within which nothing is drawn. */
function cardsLeft(nodes: readonly NetworkNode[]): string {
  const count = nodes.filter(({ kind }) => kind === "card").length;
  return count > 0 ? say("layersAsCards", { count }) : "";
}
