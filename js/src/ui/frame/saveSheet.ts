import { say } from "../../lib/say.ts";
import type { ExportFormat } from "../../stream/protocol.ts";
import type { ThemeName } from "../../theme/ramps.ts";
import { createButton } from "../kit/button.ts";
import { el } from "../kit/dom.ts";
import { createSegmented } from "../kit/segmented.ts";

const FORMATS: readonly { value: ExportFormat; text: string; hint: string }[] = [
  { value: "png", text: "PNG", hint: say("pngHint") },
  { value: "svg", text: "SVG", hint: say("svgHint") },
];
const THEMES: readonly { value: ThemeName; text: string; hint: string }[] = [
  { value: "light", text: say("light"), hint: say("lightHint") },
  { value: "dark", text: say("dark"), hint: say("darkHint") },
];

/** What the picture is saved as; it opens with the theme of the page. */
export function createSaveSheet(
  save: (format: ExportFormat, theme: ThemeName) => void,
  signal: AbortSignal,
): { readonly element: HTMLElement; update(pageTheme: ThemeName): void } {
  let format: ExportFormat = "png";
  let theme: ThemeName = "light";
  const formats = createSegmented(say("format"), FORMATS, (value) => choose(value, theme), signal);
  const themes = createSegmented(say("colors"), THEMES, (value) => choose(format, value), signal);
  const choose = (nextFormat: ExportFormat, nextTheme: ThemeName) => {
    [format, theme] = [nextFormat, nextTheme];
    formats.set(format);
    themes.set(theme);
  };
  const button = createButton(
    { label: say("savePicture"), text: say("save"), className: "nv-btn-primary" },
    () => save(format, theme),
    signal,
  );
  const note = say("wholeIsSaved");
  const row = el("div", { class: "nv-save-row" }, formats.element, themes.element, button.element);
  return {
    element: el("div", { class: "nv-save" }, el("p", {}, note), row),
    update: (pageTheme) => choose(format, pageTheme),
  };
}
