import type { Graph, OpenGroup } from "../../core/graph.ts";
import { safeText } from "../../lib/safeText.ts";
import { say } from "../../lib/say.ts";
import { isAllThereIs, withClosed } from "../../store/openGroups.ts";
import { el, setAttributes, show } from "../kit/dom.ts";
import { icon } from "../kit/icons.ts";
import type { Part, Shell } from "../kit/shell.ts";

/** The opened groups, each within the one it lies in; a press closes one. */
export function createOpenGroups({ store, state }: Shell): Part {
  const list = el("ul");
  const element = el("nav", { class: "nv-open-groups", "aria-label": say("openGroups"), hidden: true }, list);
  let shown: Graph | null = null;

  const chip = (group: OpenGroup, isWithin: boolean) => {
    const name = safeText(group.name);
    const label = say("closeNamed", { name });
    const button = el(
      "button",
      { type: "button", class: "nv-btn", "aria-label": label, title: `${label}\n${safeText(group.path)}` },
      el("span", { class: "nv-btn-text" }, name),
      icon("close"),
    );
    button.addEventListener("click", () => state.set({ opened: withClosed(state.values.opened, group.path) }));
    return el("li", {}, isWithin ? el("span", { "aria-hidden": "true" }, "›") : null, button);
  };
  return {
    element,
    update() {
      const { graph } = store;
      if (graph === shown) return;
      shown = graph;
      const groups = graph?.opened.filter((group) => !isAllThereIs(graph, group)) ?? [];
      show(element, groups.length > 0);
      setAttributes(element, { "data-count": groups.length });
      list.replaceChildren(
        ...groups.map((group) =>
          chip(
            group,
            groups.some(({ id }) => id === group.parent),
          ),
        ),
      );
    },
  };
}
