import type { ExportFormat } from "../../stream/protocol.ts";
import type { ThemeName } from "../../theme/ramps.ts";
import { createButton } from "../kit/button.ts";
import { el } from "../kit/dom.ts";
import { createSegmented } from "../kit/segmented.ts";

const FORMATS: readonly { value: ExportFormat; text: string; hint: string }[] = [
  { value: "png", text: "PNG", hint: "An image of two pixels per px, for slides and documents" },
  { value: "svg", text: "SVG", hint: "Lines and text that stay sharp at any size" },
];
const THEMES: readonly { value: ThemeName; text: string; hint: string }[] = [
  { value: "light", text: "Light", hint: "On white, for paper" },
  { value: "dark", text: "Dark", hint: "On dark grey" },
];

/** What the picture is saved as; it opens with the theme of the page. */
export function createSaveSheet(
  save: (format: ExportFormat, theme: ThemeName) => void,
  signal: AbortSignal,
): { readonly element: HTMLElement; update(pageTheme: ThemeName): void } {
  let format: ExportFormat = "png";
  let theme: ThemeName = "light";
  const formats = createSegmented("Format", FORMATS, (value) => choose(value, theme), signal);
  const themes = createSegmented("Colours", THEMES, (value) => choose(format, value), signal);
  const choose = (nextFormat: ExportFormat, nextTheme: ThemeName) => {
    [format, theme] = [nextFormat, nextTheme];
    formats.set(format);
    themes.set(theme);
  };
  const button = createButton(
    { label: "Save the picture", text: "Save", className: "nv-btn-primary" },
    () => save(format, theme),
    signal,
  );
  const note = "The whole network is saved, with its legends and what is not drawn, however far the view is zoomed in.";
  const row = el("div", { class: "nv-save-row" }, formats.element, themes.element, button.element);
  return {
    element: el("div", { class: "nv-save" }, el("p", {}, note), row),
    update: (pageTheme) => choose(format, pageTheme),
  };
}
