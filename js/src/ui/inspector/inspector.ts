import type { Selection } from "../../core/frame.ts";
import { type NetworkNode, nodeOfLayer } from "../../layout/readNodes.ts";
import { listen, whenAborted } from "../../lib/listen.ts";
import { outputText } from "../../lib/outputText.ts";
import { buildRamps, type ThemeName } from "../../theme/ramps.ts";
import { el, setAttributes, setText, show } from "../kit/dom.ts";
import { icon } from "../kit/icons.ts";
import type { Part, Shell } from "../kit/shell.ts";
import { createNodeReader, layerTitle, readUnit, type UnitReading } from "../words/readUnit.ts";
import { SUM_DECIMALS } from "./addUp.ts";
import { createFoldHint } from "./foldHint.ts";
import { createLayerPanel } from "./layerPanel.ts";
import { createOverviewPanel } from "./overviewPanel.ts";
import { unitTitle } from "./unitFacts.ts";
import { createUnitPanel } from "./unitPanel.ts";

export interface Inspector extends Part {
  setTheme(theme: ThemeName): void;
  setOmission(omission: string): void;
}

/** The column at the right; on narrow pages a drawer under the picture. */
export function createInspector(shell: Shell, theme: ThemeName): Inspector {
  const { store, state, signal } = shell;
  let wantsFocus = false;
  const open = (selection: Selection) => {
    wantsFocus = true;
    state.set({ selection, hover: null });
  };
  const unit = createUnitPanel(shell, open);
  const layer = createLayerPanel(shell, open);
  const overview = createOverviewPanel(shell, open);
  const handleText = el("span", { class: "nv-drawer-title" });
  const handleNumber = el("span", { class: "nv-drawer-number" });
  const handle = el(
    "button",
    { type: "button", class: "nv-drawer-handle", "aria-expanded": "false" },
    handleText,
    handleNumber,
    icon("chevron"),
  );
  const body = el("div", { class: "nv-inspector-body", tabindex: 0, role: "group" });
  body.append(unit.element, layer.element, overview.element);
  const hint = createFoldHint(body, signal);
  const element = el("aside", { class: "nv-inspector", "aria-label": "Inspector" }, handle, body, hint.element);
  let ramps = buildRamps(theme);
  let omission = "";
  const nodesOf = createNodeReader();

  if (typeof ResizeObserver === "function") {
    let size = "";
    const observer = new ResizeObserver(() => {
      const now = `${body.clientWidth} ${body.clientHeight}`;
      if (now !== size) update();
      size = now;
    });
    observer.observe(body);
    whenAborted(signal, () => observer.disconnect());
  }
  const setOpen = (isOpen: boolean) => {
    element.classList.toggle("nv-drawer-open", isOpen);
    setAttributes(handle, { "aria-expanded": String(isOpen) });
    hint.update();
  };
  const isOpen = () => element.classList.contains("nv-drawer-open");
  listen(handle, "click", () => setOpen(!isOpen()), signal);
  listen(
    element,
    "keydown",
    (event) => {
      if (event.key !== "Escape" || !isOpen() || handle.offsetParent === null) return;
      event.stopPropagation();
      setOpen(false);
      handle.focus();
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
    show(unit.element, reading !== null && !isLayer);
    show(layer.element, isLayer);
    show(overview.element, reading === null);
    if (graph === null) return;
    if (reading === null || frame === null) {
      overview.set(graph, frame, scenery, omission);
      name("Inspector", "");
    } else if ("layers" in reading) {
      layer.set(reading, nodes, frame, scenery, ramps);
      name(layerTitle(reading, nodes), "");
    } else {
      unit.set(reading, nodes, frame, scenery, ramps);
      const output =
        reading.activation === null ? "" : outputText(reading.activation, reading.node.activation, SUM_DECIMALS);
      name(`${layerTitle(reading.node, nodes)} · ${unitTitle(reading, scenery)}`, output);
    }
    hint.update();
    if (!wantsFocus) return;
    wantsFocus = false;
    body.scrollTop = 0;
    body.focus({ preventScroll: true });
  };
  const name = (title: string, number: string) => {
    setText(handleText, title);
    setAttributes(handleText, { title });
    setText(handleNumber, number);
    setAttributes(body, { "aria-label": title === "Inspector" ? "Inspector content" : title });
  };
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
