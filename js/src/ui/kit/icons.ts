import { svg } from "./dom.ts";

const PATHS = {
  play: "M5 3.5v9l7.5-4.5z",
  pause: "M5 3.5v9M11 3.5v9",
  first: "M11 3.5v9L4.5 8zM3.5 3.5v9",
  last: "M5 3.5v9L11.5 8zM12.5 3.5v9",
  previous: "M10 3.5 5.5 8 10 12.5",
  next: "M6 3.5 10.5 8 6 12.5",
  oneStep: "M3 4v8l6-4zM12.5 3.5v9",
  steps: "M2 12.5h3.5v-3H9v-3h3.5v-3H14",
  train: "M4 3.5v9l5.5-4.5zM12.5 5.5h.01M12.5 8h.01M12.5 10.5h.01",
  pauseTraining: "M4 3.5v9M8 3.5v9M12.5 5.5h.01M12.5 8h.01M12.5 10.5h.01",
  retry: "M3.5 3.5v3h3M3.7 6.5A5 5 0 1 1 3 9",
  sampled: "M3 4h10M5 8h6M7 12h2",
  more: "M3.5 8h.01M8 8h.01M12.5 8h.01",
  warn: "M8 2.5 14 13H2zM8 6.5v3M8 11.2v.01",
  err: "M5.5 2h5L14 5.5v5L10.5 14h-5L2 10.5v-5zM8 5v3.5M8 11v.01",
  info: "M14 8A6 6 0 1 1 2 8a6 6 0 0 1 12 0zM8 7.2V11M8 5v.01",
  ok: "M3 8.5l3.5 3.5L13 4.5",
  help: "M14 8A6 6 0 1 1 2 8a6 6 0 0 1 12 0zM6.3 6.3a1.7 1.7 0 1 1 2.4 1.6c-.5.2-.7.6-.7 1.1M8 11.2v.01",
  chevron: "M4 10l4-4 4 4",
  plus: "M8 3.5v9M3.5 8h9",
  minus: "M3.5 8h9",
  search: "M11 7A4 4 0 1 1 3 7a4 4 0 0 1 8 0zM10 10l3.5 3.5",
  pencil: "M3 13l.8-3.2 7-7 2.4 2.4-7 7zM9.3 4.3l2.4 2.4",
  close: "M4 4l8 8M12 4l-8 8",
} as const;

export type IconName = keyof typeof PATHS;

export function icon(name: IconName): SVGSVGElement {
  return svg(
    "svg",
    { class: "nv-icon", viewBox: "0 0 16 16", "aria-hidden": "true", focusable: "false" },
    svg("path", { d: PATHS[name] }),
  );
}

/** Exchanges the drawing of an icon made by `icon`. */
export function setIcon(element: SVGSVGElement, name: IconName): void {
  const path = element.firstElementChild;
  if (path !== null && path.getAttribute("d") !== PATHS[name]) path.setAttribute("d", PATHS[name]);
}
