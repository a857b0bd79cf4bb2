import { el, setAttributes, setText } from "./dom.ts";

export interface PanelSection {
  readonly element: HTMLElement;
  setTitle(title: string): void;
  setNote(note: string): void;
}

/** A part of the inspector: a heading, a line below or beside it, and its content. */
export function createSection(title: string, ...content: readonly HTMLElement[]): PanelSection {
  const heading = el("h3", {}, title);
  const note = el("p", { class: "nv-sub", hidden: true });
  const head = el("div", { class: "nv-section-head" }, heading, note);
  return {
    element: el("section", {}, head, ...content),
    setTitle(text) {
      setText(heading, text);
      setAttributes(heading, { title: text });
    },
    setNote(text) {
      setText(note, text);
      note.hidden = text === "";
    },
  };
}
