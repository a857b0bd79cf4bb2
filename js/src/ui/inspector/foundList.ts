import { foundAt } from "../../draw/read/found.ts";
import { say } from "../../lib/say.ts";
import { el, setAttributes, setText, show } from "../kit/dom.ts";
import { icon, setIcon } from "../kit/icons.ts";
import { createSection } from "../kit/section.ts";
import type { Part, Shell } from "../kit/shell.ts";
import { foundText } from "../words/foundText.ts";

const ICONS = { fault: "err", warning: "warn", note: "info" } as const;

interface Row {
  readonly element: HTMLElement;
  readonly drawing: SVGSVGElement;
  readonly button: HTMLButtonElement;
  open: () => void;
}

/** What was found at the step that is shown, causes alone: each leads to its place and its step. */
export function createFoundList({ store, state, actions }: Shell): Part {
  const list = el("ul", { class: "nv-found-list", role: "list" });
  const { element } = createSection(say("whatIsWrong"), list);
  const rows: Row[] = [];
  const add = (): Row => {
    const drawing = icon("err");
    const button = el("button", { type: "button", class: "nv-fact-link" });
    const row: Row = { element: el("li", {}, drawing, button), drawing, button, open: () => {} };
    button.addEventListener("click", () => row.open());
    rows.push(row);
    list.append(row.element);
    return row;
  };
  return {
    element,
    update() {
      const { frame } = store;
      const causes = frame === null ? [] : foundAt(frame).filter(({ follows }) => !follows);
      show(element, causes.length > 0);
      while (rows.length > causes.length) rows.pop()?.element.remove();
      for (const [place, found] of causes.entries()) {
        if (frame === null) return;
        const row = rows[place] ?? add();
        setIcon(row.drawing, found.isOver ? "ok" : ICONS[found.severity]);
        setAttributes(row.element, { "data-tone": found.isOver ? null : found.severity });
        setText(row.button, foundText(found, frame.clock));
        setAttributes(row.button, { title: found.text });
        row.open = () => {
          if (found.layer !== "") state.set({ selection: { layer: found.layer, unit: found.units[0] ?? null } });
          if (found.sinceStep > 0) actions.seek(found.sinceStep);
        };
      }
    },
  };
}
