import { foundAt } from "../../draw/read/found.ts";
import { say } from "../../lib/say.ts";
import { el, setAttributes, setText, show } from "../kit/dom.ts";
import { icon, setIcon } from "../kit/icons.ts";
import { createSection } from "../kit/section.ts";
import type { Part, Shell } from "../kit/shell.ts";
import { foundText, leftText } from "../words/foundText.ts";

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
  const left = el("li");
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
      const found = frame === null ? [] : foundAt(frame);
      const causes = found.filter(({ follows }) => !follows);
      show(element, causes.length > 0);
      while (rows.length > causes.length) rows.pop()?.element.remove();
      for (const [place, cause] of causes.entries()) {
        if (frame === null) return;
        const row = rows[place] ?? add();
        setIcon(row.drawing, cause.isOver ? "ok" : ICONS[cause.severity]);
        setAttributes(row.element, { "data-tone": cause.isOver ? null : cause.severity });
        setText(row.button, foundText(cause, frame.clock));
        setAttributes(row.button, { title: cause.text });
        row.open = () => {
          if (cause.layer !== "") state.set({ selection: { layer: cause.layer, unit: cause.units[0] ?? null } });
          if (cause.sinceStep > 0) actions.seek(cause.sinceStep);
        };
      }
      const [more] = leftText(found);
      if (more === undefined) left.remove();
      else {
        setText(left, more);
        list.append(left);
      }
    },
  };
}
