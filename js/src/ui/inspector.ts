import { listen } from "../lib/listen.ts";
import { safeText } from "../lib/safeText.ts";
import { buildRamps, type ThemeName } from "../theme/ramps.ts";
import { el, setAttributes, setText, show } from "./dom.ts";
import { icon } from "./icons.ts";
import { createOverviewPanel } from "./overviewPanel.ts";
import { createNodeReader, readUnit } from "./readUnit.ts";
import type { Part, Shell } from "./shell.ts";
import { createUnitPanel } from "./unitPanel.ts";

export interface Inspector extends Part {
  setTheme(theme: ThemeName): void;
  setOmission(omission: string): void;
}

/** The column at the right; on narrow pages a drawer under the picture. */
export function createInspector(shell: Shell, theme: ThemeName): Inspector {
  const { store, state, signal } = shell;
  const unit = createUnitPanel(shell);
  const overview = createOverviewPanel();
  const handleText = el("span");
  const handle = el(
    "button",
    { type: "button", class: "nv-drawer-handle", "aria-expanded": "false" },
    handleText,
    icon("chevron"),
  );
  const body = el("div", { class: "nv-inspector-body", tabindex: 0, role: "group", "aria-label": "Inspector content" });
  body.append(unit.element, overview.element);
  const element = el("aside", { class: "nv-inspector", "aria-label": "Inspector" }, handle, body);
  let ramps = buildRamps(theme);
  let omission = "";
  const nodesOf = createNodeReader();
  listen(
    handle,
    "click",
    () => {
      const isOpen = element.classList.toggle("nv-drawer-open");
      setAttributes(handle, { "aria-expanded": String(isOpen) });
    },
    signal,
  );

  const update = () => {
    const { graph, frame, scenery } = store;
    const { selection } = state.values;
    const reading =
      graph === null || frame === null || selection === null ? null : readUnit(nodesOf(graph), frame, selection);
    show(element, graph !== null);
    show(unit.element, reading !== null);
    show(overview.element, reading === null);
    if (reading !== null && frame !== null) {
      unit.set(reading, frame, scenery, ramps);
      setText(handleText, `${safeText(reading.node.name)} · unit ${reading.unit}`);
    } else if (graph !== null) {
      overview.set(graph, frame, omission);
      setText(handleText, "Inspector");
    }
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
