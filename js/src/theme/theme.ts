import { buildRamps, type Ramps, type ThemeName } from "./ramps.ts";

const COLORS = {
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

export type ColorName = keyof typeof COLORS;

/** What a canvas needs of the theme: its colours resolved, its ramps as tables. */
export interface Theme {
  readonly name: ThemeName;
  readonly colors: Readonly<Record<ColorName, string>>;
  readonly ramps: Ramps;
  readonly fontFamily: string;
  readonly isForcedColors: boolean;
  /** The person asked for more contrast: weak edges are drawn stronger. */
  readonly wantsContrast: boolean;
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

/** Light or dark, as the page around the element is. */
export function readThemeName(element: HTMLElement): ThemeName {
  const ground = luminanceOf(getComputedStyle(element).getPropertyValue("--jp-layout-color1"));
  if (ground !== null) return ground > 0.5 ? "light" : "dark";
  const declared = element.ownerDocument.body.dataset.jpThemeLight;
  if (declared !== undefined) return declared === "false" ? "dark" : "light";
  return matches("(prefers-color-scheme: dark)") ? "dark" : "light";
}

function matches(query: string): boolean {
  return typeof matchMedia === "function" && matchMedia(query).matches;
}

/** Reads the theme off an element that carries `data-nnvis-theme`. */
export function readTheme(element: HTMLElement): Theme {
  const name: ThemeName = element.dataset.nnvisTheme === "dark" ? "dark" : "light";
  const style = getComputedStyle(element);
  const entries = Object.entries(COLORS).map(([key, fallback]) => {
    return [key, style.getPropertyValue(`--nv-${key}`).trim() || fallback];
  });
  return {
    name,
    colors: Object.fromEntries(entries) as Record<ColorName, string>,
    ramps: buildRamps(name),
    fontFamily: style.fontFamily || "sans-serif",
    isForcedColors: matches("(forced-colors: active)"),
    wantsContrast: matches("(prefers-contrast: more)"),
  };
}

/**
 * Keeps `data-nnvis-theme` of an element in step with its page and tells the listener after each change of the page.
 * The listener is not called at the start.
 */
export function followTheme(element: HTMLElement, signal: AbortSignal, listener: (name: ThemeName) => void): void {
  if (signal.aborted) return;
  element.dataset.nnvisTheme = readThemeName(element);
  const reread = (): void => {
    const name = readThemeName(element);
    element.dataset.nnvisTheme = name;
    listener(name);
  };
  const observer = new MutationObserver(reread);
  const attributeFilter = ["class", "style", "data-jp-theme-light", "data-jp-theme-name", "data-theme"];
  const page = element.ownerDocument;
  observer.observe(page.documentElement, { attributes: true, attributeFilter });
  observer.observe(page.body, { attributes: true, attributeFilter });
  signal.addEventListener("abort", () => observer.disconnect(), { once: true });
  if (typeof matchMedia !== "function") return;
  for (const query of ["(prefers-color-scheme: dark)", "(forced-colors: active)", "(prefers-contrast: more)"]) {
    matchMedia(query).addEventListener("change", reread, { signal });
  }
}
