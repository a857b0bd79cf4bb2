import { placeOnPlane, pointStyle, traceShape } from "../draw/marks/pointShapes.ts";
import { safeText } from "../lib/safeText.ts";
import { readTheme } from "../theme/theme.ts";
import { el, setAttributes, setText } from "../ui/kit/dom.ts";
import { icon } from "../ui/kit/icons.ts";
import { radioKeys } from "../ui/kit/radioKeys.ts";
import { createRegion, sharpContext } from "./padFrame.ts";
import { floatsOf, type PadLink } from "./padModel.ts";

const SIDE = 44;
const PARTS = 3;
const EXTENT = [-1.1, 1.1, -1.1, 1.1] as const;

/** Radio buttons with a small picture of the points of each data set, or a pencil where they are to be drawn. */
export function pictureChoice(link: PadLink, place: HTMLElement, signal: AbortSignal): void {
  const name = el("span", { class: "nv-pictures-name", "aria-hidden": "true" });
  const group = el("span", { class: "nv-pictures", role: "radiogroup" });
  const element = createRegion("nv-picture-choice", () => paint(), signal);
  element.append(name, group);

  const update = () => {
    const options = link.pairs("options");
    const chosen = link.text("value");
    while (group.childElementCount > options.length) group.lastElementChild?.remove();
    while (group.childElementCount < options.length) group.append(createOption(group.childElementCount));
    options.forEach(([title, value], index) => {
      const button = group.children[index];
      if (button === undefined) return;
      const isChosen = value === chosen;
      setAttributes(button, { "aria-checked": String(isChosen), tabindex: isChosen ? 0 : -1 });
      setText(button.lastElementChild ?? button, safeText(title));
    });
    const label = safeText(link.text("description"));
    setText(name, label);
    setAttributes(group, { "aria-label": label });
    setAttributes(element, { "aria-label": label });
  };
  const createOption = (index: number) => {
    const picture = el("canvas", { "aria-hidden": "true" });
    const button = el("button", { type: "button", role: "radio" }, picture, icon("pencil"), el("span"));
    button.addEventListener("click", () => link.choose(index), { signal });
    return button;
  };
  const paint = () => {
    const theme = readTheme(element);
    const points = floatsOf(link.bytes());
    let from = 0;
    link.numbers("counts").forEach((count, index) => {
      const button = group.children[index];
      const context = sharpContext(button?.querySelector("canvas"), SIDE, SIDE);
      button?.toggleAttribute("data-empty", count === 0);
      if (context === null) return;
      context.fillStyle = theme.colors.sunken;
      context.fillRect(0, 0, SIDE, SIDE);
      const box = { x: 0, y: 0, width: SIDE, height: SIDE };
      for (let i = from; i < from + count; i++) {
        const [x = 0, y = 0, of = 0] = points.subarray(PARTS * i, PARTS * (i + 1));
        const style = pointStyle(theme, of === 1 ? 1 : 0);
        traceShape(context, style.shape, ...placeOnPlane(box, EXTENT, x, y), 1.4);
        context.fillStyle = style.colour;
        context.fill();
      }
      from += count;
    });
  };
  radioKeys(group, signal);
  for (const trait of ["options", "value", "description"]) link.onTrait(trait, update);
  for (const trait of ["drawing", "counts"]) link.onTrait(trait, paint);
  place.replaceChildren(element);
  update();
  paint();
}
