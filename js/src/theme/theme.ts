import { whenResized } from "../lib/whenResized.ts";
import { followPrint } from "./followPrint.ts";
import { buildRamps, type Ramps, type ThemeName } from "./ramps.ts";
import { resolveColor } from "./systemColors.ts";

const LIGHT = {
  surface: "#fff",
  sunken: "#f6f7f9",
  hover: "#f0f2f5",
  ink: "rgba(0,0,0,0.87)",
  "ink-2": "#57606a",
  "ink-3": "#6e7781",
  hair: "#e7e9ec",
  rule: "#e0e0e0",
  border: "#bdbdbd",
  focus: "#1976d2",
  act: "#12706b",
  err: "#b3261e",
  "err-bg": "#fde9e7",
} as const;

export type ColorName = keyof typeof LIGHT;

/** What is drawn with where the style sheet does not apply (yet): an element that is not on its page has no styles. */
const FALLBACK: Readonly<Record<ThemeName, Readonly<Record<ColorName, string>>>> = {
  light: LIGHT,
  dark: {
    surface: "#212121",
    sunken: "#1a1a1b",
    hover: "#303133",
    ink: "rgba(255,255,255,0.87)",
    "ink-2": "#b4b9c1",
    "ink-3": "#9aa1ab",
    hair: "#343537",
    rule: "#424242",
    border: "#616161",
    focus: "#42a5f5",
    act: "#6cc7ba",
    err: "#ff8a80",
    "err-bg": "#40211f",
  },
};

/** What a canvas needs of the theme: its colours resolved, its ramps as tables. */
export interface Theme {
  readonly name: ThemeName;
  readonly colors: Readonly<Record<ColorName, string>>;
  readonly ramps: Ramps;
  readonly fontFamily: string;
  /** The style sheet applied when this was read; if not, colours and font are guesses and must be read again. */
  readonly isSettled: boolean;
  readonly isForcedColors: boolean;
  /** The person asked for more contrast: weak edges are drawn stronger. */
  readonly wantsContrast: boolean;
  /** The page is laid out for paper, which is white and may be grey. */
  readonly isPrinting: boolean;
}

function luminanceOf(color: string): number | null {
  const hex = /^#([0-9a-f]{3,8})$/i.exec(color.trim())?.[1];
  let channels: number[];
  if (hex !== undefined) {
    const digits = hex.length < 6 ? Array.from(hex, (digit) => digit + digit).join("") : hex;
    channels = [0, 2, 4].map((start) => Number.parseInt(digits.slice(start, start + 2), 16));
  } else {
    channels = /^rgba?\(/.test(color.trim()) ? (color.match(/[\d.]+/g) ?? []).slice(0, 3).map(Number) : [];
  }
  const [r, g, b] = channels;
  if (r === undefined || g === undefined || b === undefined) return null;
  return (0.2126 * r + 0.7152 * g + 0.0722 * b) / 255;
}

function isOnPaper(element: HTMLElement): boolean {
  return element.dataset.nnvisPrint !== undefined;
}

/** Light or dark, as the page around the element is; with the system's colours as those are, on paper light. */
export function readThemeName(element: HTMLElement): ThemeName {
  if (isOnPaper(element)) return "light";
  if (hasForcedColors()) {
    const canvas = luminanceOf(resolveColor(element, "Canvas"));
    if (canvas !== null) return canvas > 0.5 ? "light" : "dark";
  }
  const ground = luminanceOf(getComputedStyle(element).getPropertyValue("--jp-layout-color1"));
  if (ground !== null) return ground > 0.5 ? "light" : "dark";
  const declared = element.ownerDocument.body.dataset.jpThemeLight;
  if (declared !== undefined) return declared === "false" ? "dark" : "light";
  return matches("(prefers-color-scheme: dark)") ? "dark" : "light";
}

function matches(query: string): boolean {
  return typeof matchMedia === "function" && matchMedia(query).matches;
}

function hasForcedColors(): boolean {
  return matches("(forced-colors: active)");
}

/** The person wants no motion that carries no meaning. */
export function prefersStillness(): boolean {
  return matches("(prefers-reduced-motion: reduce)");
}

/** Reads the theme off an element that carries `data-nnvis-theme`. */
export function readTheme(element: HTMLElement): Theme {
  const name: ThemeName = element.dataset.nnvisTheme === "dark" ? "dark" : "light";
  const style = getComputedStyle(element);
  const fontFamily = style.fontFamily || "sans-serif";
  if (isOnPaper(element)) return { ...designTheme("light", fontFamily), isPrinting: true };
  const isForcedColors = hasForcedColors();
  const entries = Object.entries(FALLBACK[name]).map(([key, fallback]) => {
    const color = style.getPropertyValue(`--nv-${key}`).trim() || fallback;
    // A canvas knows neither the system's colours of its page nor a mixture of them.
    return [key, (isForcedColors && resolveColor(element, color)) || color];
  });
  return {
    name,
    colors: Object.fromEntries(entries) as Record<ColorName, string>,
    ramps: buildRamps(name),
    fontFamily,
    isSettled: style.getPropertyValue("--nv-surface").trim() !== "",
    isForcedColors,
    wantsContrast: matches("(prefers-contrast: more)"),
    isPrinting: false,
  };
}

/** A theme as the design has it, whatever the page looks like: for a file. */
export function designTheme(name: ThemeName, fontFamily: string): Theme {
  return {
    name,
    colors: FALLBACK[name],
    ramps: buildRamps(name),
    fontFamily,
    isSettled: true,
    isForcedColors: false,
    wantsContrast: false,
    isPrinting: false,
  };
}

function lookOf(element: HTMLElement): string {
  const style = getComputedStyle(element);
  const colors = Object.keys(LIGHT).map((key) => style.getPropertyValue(`--nv-${key}`));
  return [element.dataset.nnvisTheme, style.fontFamily, ...colors].join(" ");
}

/**
 * Keeps `data-nnvis-theme` of an element in step with its page, and `data-nnvis-print` while the page is laid out for
 * paper, and tells the listener after each change of its look.
 * Jupyter may build a view before it is on the page, and load the theme's style sheet later still, so the look is also
 * read when the element gets a size and when a style sheet arrives. The listener is not called at the start.
 * What is returned reads the look at once, for an element without a box.
 */
export function followTheme(
  element: HTMLElement,
  signal: AbortSignal,
  listener: (name: ThemeName) => void,
): () => void {
  if (signal.aborted) return () => {};
  element.dataset.nnvisTheme = readThemeName(element);
  let look = lookOf(element);
  const reread = (isForced: boolean): void => {
    const name = readThemeName(element);
    element.dataset.nnvisTheme = name;
    const now = lookOf(element);
    if (now === look && !isForced) return;
    look = now;
    listener(name);
  };
  const observer = new MutationObserver(() => reread(false));
  const attributeFilter = ["class", "style", "data-jp-theme-light", "data-jp-theme-name", "data-theme"];
  const page = element.ownerDocument;
  observer.observe(page.documentElement, { attributes: true, attributeFilter });
  observer.observe(page.body, { attributes: true, attributeFilter });
  signal.addEventListener("abort", () => observer.disconnect(), { once: true });
  followPrint(signal, (isPrinting) => {
    element.toggleAttribute("data-nnvis-print", isPrinting);
    reread(true);
  });
  const loaded = (event: Event): void => {
    if (event.target instanceof HTMLLinkElement || event.target instanceof HTMLStyleElement) reread(false);
  };
  page.addEventListener("load", loaded, { capture: true, signal });
  whenResized(element, () => reread(false), signal);
  const rereadNow = () => reread(false);
  if (typeof matchMedia !== "function") return rereadNow;
  for (const query of ["(prefers-color-scheme: dark)", "(forced-colors: active)", "(prefers-contrast: more)"]) {
    matchMedia(query).addEventListener("change", () => reread(true), { signal });
  }
  return rereadNow;
}
