import { isModified } from "../../lib/isModified.ts";
import { listen } from "../../lib/listen.ts";
import { say } from "../../lib/say.ts";
import { el, setAttributes, setText, show, svg } from "../kit/dom.ts";
import { groupMarks, type MarkGroup, type MarkKind, nextInGroup, type TimeMark } from "./timeMarks.ts";

const TARGET = 24;
const GLYPH = 12;
const ORDER: readonly MarkKind[] = ["bad", "doubt", "over", "change", "bookmark"];
const SHAPES: Readonly<Record<MarkKind, string>> = {
  bad: "M6 1 11.5 11H.5z",
  doubt: "M6 2 10.6 10.4H1.4z",
  over: "M6 2 10.6 10.4H1.4z",
  change: "M0.5 7.5H4.5V1.5H11.5V4.5H7.5V10.5H0.5z",
  bookmark: "M2.5 1h7v10L6 8l-3.5 3z",
};

export interface MarkLane {
  readonly element: HTMLElement;
  update(marks: readonly TimeMark[], xOf: (step: number) => number, at: number, isFixed: boolean): void;
}

/** What happened when, above the loss: buttons that lead there. One tab stop; arrows go from one to the next. */
export function createMarkLane(
  seek: (step: number) => void,
  removeBookmark: (step: number) => void,
  signal: AbortSignal,
): MarkLane {
  const tip = el("div", { class: "nv-mark-tip", hidden: true, "aria-hidden": "true" });
  const element = el("div", { class: "nv-marks", role: "group", "aria-label": say("timeMarks") }, tip);
  const buttons: HTMLButtonElement[] = [];
  let groups: readonly MarkGroup[] = [];
  let at = 0;
  let isOff = false;
  let shown = -1;
  let current = 0;

  const press = (index: number) => {
    const group = groups[index];
    if (group !== undefined && !isOff) seek(nextInGroup(group, at));
  };
  const focus = (index: number) => {
    current = Math.max(0, Math.min(buttons.length - 1, index));
    for (const [place, button] of buttons.entries()) setAttributes(button, { tabindex: place === current ? 0 : -1 });
    buttons[current]?.focus();
  };
  const showTip = (index: number) => {
    shown = index;
    const group = groups[index];
    show(tip, group !== undefined);
    if (group === undefined) return;
    setText(tip, group.marks.map((mark) => mark.text).join("\n"));
    const middle = (group.fromX + group.toX) / 2;
    tip.style.left = `${middle.toFixed(1)}px`;
    const reach = tip.offsetWidth / 2;
    const room = element.clientWidth;
    const inside = Math.max(reach, Math.min(room - reach, middle));
    if (room > 2 * reach) tip.style.left = `${inside.toFixed(1)}px`;
  };
  const move = (index: number, key: string): boolean => {
    if (key === "ArrowRight") focus(index + 1);
    else if (key === "ArrowLeft") focus(index - 1);
    else if (key === "Home") focus(0);
    else if (key === "End") focus(buttons.length - 1);
    else if (key === "Escape" && shown >= 0) showTip(-1);
    else if (key === "Delete" || key === "Backspace") {
      for (const mark of groups[index]?.marks ?? []) if (mark.kind === "bookmark") removeBookmark(mark.step);
    } else return false;
    return true;
  };
  const add = () => {
    const index = buttons.length;
    const glyphs = svg("svg", { class: "nv-glyphs", height: GLYPH, "aria-hidden": "true" });
    const button = el("button", { type: "button", class: "nv-mark", tabindex: index === current ? 0 : -1 }, glyphs);
    listen(button, "click", () => press(index), signal);
    listen(button, "pointerenter", () => showTip(index), signal);
    listen(button, "pointerleave", () => showTip(-1), signal);
    listen(button, "focus", () => showTip(index), signal);
    listen(button, "blur", () => showTip(-1), signal);
    listen(
      button,
      "keydown",
      (event) => {
        if (isModified(event) || !move(index, event.key)) return;
        event.preventDefault();
        event.stopPropagation();
      },
      signal,
    );
    buttons.push(button);
    element.insertBefore(button, tip);
  };

  return {
    element,
    update(marks, xOf, nextAt, isFixed) {
      at = nextAt;
      isOff = isFixed;
      groups = groupMarks(marks, xOf, TARGET);
      while (buttons.length < groups.length) add();
      while (buttons.length > groups.length) buttons.pop()?.remove();
      if (current >= buttons.length) current = 0;
      groups.forEach((group, index) => {
        const button = buttons[index];
        if (button === undefined) return;
        const left = (group.fromX + group.toX) / 2 - TARGET / 2;
        button.style.left = `${left.toFixed(1)}px`;
        setAttributes(button, {
          "aria-label": group.marks.map((mark) => mark.text).join(say("semicolon")),
          "aria-disabled": isOff ? "true" : null,
          tabindex: index === current ? 0 : -1,
        });
        drawGlyphs(button, group);
      });
      show(element, groups.length > 0);
      if (shown >= 0) showTip(shown < groups.length ? shown : -1);
    },
  };
}

/** One drawing for each kind in the group, side by side, the gravest first. */
function drawGlyphs(button: HTMLButtonElement, group: MarkGroup): void {
  const kinds = ORDER.filter((kind) => group.marks.some((mark) => mark.kind === kind));
  const drawing = button.firstElementChild;
  if (drawing === null || drawing.getAttribute("data-kinds") === kinds.join(" ")) return;
  setAttributes(drawing, { "data-kinds": kinds.join(" "), width: GLYPH * kinds.length });
  drawing.replaceChildren(
    ...kinds.map((kind, place) =>
      svg("path", { class: `nv-glyph nv-glyph-${kind}`, d: SHAPES[kind], transform: `translate(${GLYPH * place} 0)` }),
    ),
  );
}
