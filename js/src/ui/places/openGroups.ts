import type { Graph, OpenGroup } from "../../core/graph.ts";
import { safeText } from "../../lib/safeText.ts";
import { say } from "../../lib/say.ts";
import { isAllThereIs, isInLevels, withClosed } from "../../store/openGroups.ts";
import { el, show } from "../kit/dom.ts";
import { icon } from "../kit/icons.ts";
import { createSegmented } from "../kit/segmented.ts";
import type { Part, Shell } from "../kit/shell.ts";
import { shortened } from "./levelRows.ts";

/** Names of the groups around one, the innermost first. */
function namesAround(groups: readonly OpenGroup[], { parent }: OpenGroup): readonly string[] {
  const around = groups.find(({ id }) => id === parent);
  return around === undefined ? [] : [around.name, ...namesAround(groups, around)];
}

/** The opened groups, each within the one it lies in; a press closes one. */
export function createOpenGroups({ store, state, signal }: Shell): Part {
  const list = el("ul");
  const element = el("div", { class: "nv-open-groups", hidden: true });
  const choices = [
    { value: "levels", text: say("levels"), hint: say("levelsHint") },
    { value: "columns", text: say("columns"), hint: say("columnsHint") },
  ] as const;
  const drawing = createSegmented(
    say("drawnIn"),
    choices,
    (value) => state.set({ hasLevels: value === "levels" }),
    signal,
  );
  const bar = el("nav", { "aria-label": say("openGroups") }, list);
  element.append(bar, drawing.element);
  let shown: Graph | null = null;

  const chip = (group: OpenGroup, around: readonly string[]) => {
    const name = safeText(shortened(group.name, around));
    const label = say("closeNamed", { name: safeText(group.name) });
    const button = el(
      "button",
      { type: "button", class: "nv-btn", "aria-label": label, title: `${label}\n${safeText(group.path)}` },
      el("span", { class: "nv-btn-text" }, name),
      icon("close"),
    );
    button.addEventListener("click", () => state.set({ opened: withClosed(state.values.opened, group.path) }));
    return el("li", {}, around.length > 0 ? el("span", { "aria-hidden": "true" }, "›") : null, button);
  };
  return {
    element,
    update() {
      const { graph, index } = store;
      drawing.set(isInLevels(index, state.values) ? "levels" : "columns");
      if (graph === shown) return;
      shown = graph;
      const groups = graph?.opened.filter((group) => !isAllThereIs(graph, group)) ?? [];
      show(element, index !== null);
      show(bar, groups.length > 0);
      list.replaceChildren(...groups.map((group) => chip(group, namesAround(groups, group))));
    },
  };
}
