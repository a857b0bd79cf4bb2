import { listen } from "../../lib/listen.ts";
import { say } from "../../lib/say.ts";
import { whenResized } from "../../lib/whenResized.ts";
import type { Theme } from "../../theme/theme.ts";
import { el, setAttributes, svg } from "../kit/dom.ts";
import type { Share, Step, StepColumn, StepUnit } from "./readStep.ts";

const HEAD = 46;
const LINE = 16;
const FOOT = 26;
const GAP = 36;
const MOST_RADIUS = 20;
const LEAST_RADIUS = 13;
const LEAST_COLUMN = 68;
/** Weak edges stay visible: visual.md section 3. */
const FLOOR = 0.38;
const SPREAD = 16;

export interface StepNetwork {
  readonly element: HTMLElement;
  set(step: Step, theme: Theme, hasSignPattern: boolean): void;
  focus(): void;
}

interface Spot {
  readonly x: number;
  readonly y: number;
}

/** The network with a number in each circle; a circle is chosen by click, or by the arrows and Enter. */
export function createStepNetwork(choose: (layer: string, unit: number) => void, signal: AbortSignal): StepNetwork {
  const drawing = svg("svg", { class: "nv-step-network", role: "group", "aria-label": say("stepsNetwork") });
  const element = el("div", { class: "nv-step-picture" }, drawing);
  let shown: { step: Step; theme: Theme; hasSignPattern: boolean } | null = null;
  let focused: readonly [number, number] = [0, 0];

  const circleAt = (column: number, unit: number) =>
    drawing.querySelector<SVGGElement>(`[data-place="${column} ${unit}"]`);

  const draw = () => {
    if (shown === null) return;
    const { step, theme, hasSignPattern } = shown;
    const { columns } = step;
    const hadFocus = drawing.contains(document.activeElement);
    const top = HEAD + (columns.some((column) => column.place !== "") ? LINE : 0);
    const rows = Math.max(1, ...columns.map((column) => column.units.length));
    const width = Math.max(element.clientWidth, columns.length * LEAST_COLUMN);
    const room = Math.max(element.clientHeight, 240) - top - FOOT;
    const gap = Math.min(76, Math.max(2 * LEAST_RADIUS + 4, room / rows));
    const height = Math.max(room, gap * rows) + top + FOOT;
    const radius = Math.min(MOST_RADIUS, gap / 2 - 2);
    setAttributes(drawing, { width, height, viewBox: `0 0 ${width} ${height}` });
    const middle = top + (height - top - FOOT) / 2;
    const spotOf = (column: number, at: number): Spot => {
      const count = columns[column]?.units.length ?? 1;
      return {
        x: columns.length === 1 ? width / 2 : GAP + (column * (width - 2 * GAP)) / (columns.length - 1),
        y: middle + (at - (count - 1) / 2) * gap,
      };
    };
    element.parentElement?.parentElement?.style.setProperty("--nv-step-columns", String(columns.length));
    const chosen = placeOfChosen(step);
    drawing.replaceChildren(
      edgesOf(step, theme, hasSignPattern, chosen, radius, spotOf),
      ...columns.map((column, at) => headOf(column, spotOf(at, 0).x, width / Math.max(1, columns.length), height)),
      ...columns.flatMap((column, at) =>
        column.units.flatMap((unit, row) =>
          circleOf(step, column, unit, theme, radius, spotOf(at, row), `${at} ${row}`, chosen),
        ),
      ),
    );
    const place = chosen ?? focused;
    focused = circleAt(...place) === null ? [0, 0] : place;
    circleAt(...focused)?.setAttribute("tabindex", "0");
    if (hadFocus) circleAt(...focused)?.focus();
  };

  const move = (columnBy: number, unitBy: number) => {
    const columns = shown?.step.columns ?? [];
    const [column, unit] = focused;
    const next = Math.min(Math.max(column + columnBy, 0), columns.length - 1);
    const last = (columns[next]?.units.length ?? 1) - 1;
    circleAt(...focused)?.setAttribute("tabindex", "-1");
    focused = [next, Math.min(Math.max(unit + unitBy, 0), last)];
    const circle = circleAt(...focused);
    circle?.setAttribute("tabindex", "0");
    circle?.focus();
  };
  const MOVES: Readonly<Record<string, readonly [number, number]>> = {
    ArrowLeft: [-1, 0],
    ArrowRight: [1, 0],
    ArrowUp: [0, -1],
    ArrowDown: [0, 1],
  };
  const placeAt = (target: EventTarget | null): readonly [number, number] | null => {
    const circle = target instanceof Element ? target.closest<SVGGElement>("[data-place]") : null;
    const [column = 0, unit = 0] = (circle?.dataset.place ?? "").split(" ").map(Number);
    return circle === null ? null : [column, unit];
  };
  const chooseAt = (target: EventTarget | null) => {
    const place = placeAt(target);
    if (place === null) return;
    const column = shown?.step.columns[place[0]];
    const unit = column?.units[place[1]];
    if (column === undefined || unit === undefined || column.isInput) return;
    focused = place;
    choose(column.layer, unit.unit);
  };
  listen(
    drawing,
    "focusin",
    (event) => {
      focused = placeAt(event.target) ?? focused;
    },
    signal,
  );
  listen(drawing, "click", (event) => chooseAt(event.target), signal);
  listen(
    drawing,
    "keydown",
    (event) => {
      const by = MOVES[event.key];
      if (by === undefined && event.key !== "Enter" && event.key !== " ") return;
      event.preventDefault();
      event.stopPropagation();
      if (by === undefined) chooseAt(event.target);
      else move(...by);
    },
    signal,
  );
  whenResized(element, draw, signal);
  return {
    element,
    set(step, theme, hasSignPattern) {
      shown = { step, theme, hasSignPattern };
      draw();
    },
    focus: () => circleAt(...focused)?.focus(),
  };
}

function placeOfChosen(step: Step): readonly [number, number] | null {
  const column = step.columns.findIndex((one) => one.layer === step.layer);
  const unit = step.columns[column]?.units.findIndex((one) => one.unit === step.unit) ?? -1;
  return unit < 0 ? null : [column, unit];
}

function headOf(column: StepColumn, x: number, room: number, height: number): SVGGElement {
  const characters = Math.max(5, Math.floor(room / 8.5));
  const name = column.name.length > characters ? `${column.name.slice(0, characters - 1)}…` : column.name;
  const head = svg(
    "g",
    { "aria-hidden": "true" },
    svg("title", {}, column.name),
    svg("text", { class: "nv-step-name", x, y: 16 }, name),
    svg("text", { class: "nv-step-symbol", x, y: HEAD - 14 }, column.symbol),
    svg("text", { class: "nv-step-symbol", x, y: HEAD - 14 + LINE }, column.place),
  );
  if (column.more > 0) {
    head.append(svg("text", { class: "nv-step-symbol", x, y: height - 6 }, say("stepsMore", { count: column.more })));
  }
  return head;
}

function circleOf(
  step: Step,
  column: StepColumn,
  unit: StepUnit,
  theme: Theme,
  radius: number,
  { x, y }: Spot,
  place: string,
  chosen: readonly [number, number] | null,
): readonly SVGElement[] {
  const isChosen = chosen !== null && place === chosen.join(" ");
  const ramp = step.isGradient && !column.isInput ? theme.ramps.gradient : theme.ramps.value;
  const isBad = unit.share === null;
  const isEmpty = unit.text === "";
  const share = unit.share ?? 0;
  const fill = isBad || isEmpty ? "var(--nv-surface)" : ramp.signed(share);
  const ink = isBad ? "bad" : ramp.isLight(0.5 + 0.5 * share) ? "dark" : "light";
  const number = isEmpty ? "" : `, ${column.symbol} ${unit.exact}`;
  const circle = svg(
    "g",
    {
      class: "nv-step-unit",
      "data-place": place,
      "data-bad": isBad,
      role: column.isInput ? "img" : "button",
      tabindex: -1,
      "aria-pressed": column.isInput ? null : String(isChosen),
      "aria-label": `${say("stepsUnit", { layer: column.name, unit: unit.unit })}${number}`,
    },
    svg("circle", { class: "nv-step-reach", cx: x, cy: y, r: radius + 3 }),
    svg("circle", { class: "nv-step-circle", cx: x, cy: y, r: radius, fill, "data-chosen": isChosen }),
  );
  // Beside it: what is written in a button would have to be part of its name.
  const written = svg(
    "text",
    { class: "nv-step-number", x, y: y + 4, "data-ink": ink, "aria-hidden": "true" },
    unit.text,
  );
  return [circle, written];
}

function edgesOf(
  step: Step,
  theme: Theme,
  hasSignPattern: boolean,
  chosen: readonly [number, number] | null,
  radius: number,
  spotOf: (column: number, at: number) => Spot,
): SVGGElement {
  const group = svg("g", { "aria-hidden": "true", fill: "none" });
  const ramp = step.isGradient ? theme.ramps.gradient : theme.ramps.value;
  const lines: { size: number; path: SVGPathElement }[] = [];
  for (const { source, target, shares } of step.edges) {
    const from = step.columns[source]?.units.length ?? 0;
    const to = step.columns[target]?.units.length ?? 0;
    for (let i = 0; i < from; i++) {
      for (let j = 0; j < to; j++) {
        if (shares === null && from === to && i !== j) continue; // unit by unit, as of a dropout
        const share: Share = shares === null ? 0 : (shares[i * to + j] ?? null);
        const isOwn =
          chosen !== null && ((target === chosen[0] && j === chosen[1]) || (source === chosen[0] && i === chosen[1]));
        const a = spotOf(source, i);
        const b = spotOf(target, j);
        const y = b.y + (from > 1 ? ((i - (from - 1) / 2) * Math.min(SPREAD, 1.4 * radius)) / (from - 1) : 0);
        const bend = (b.x - a.x) / 2;
        const [x0, x1] = [a.x + radius + 2, b.x - radius - 2];
        const path = svg("path", { d: `M${x0} ${a.y}C${x0 + bend} ${a.y} ${x1 - bend} ${y} ${x1} ${y}` });
        const size = Math.abs(share ?? 1);
        const pushed = share === null ? 0 : Math.sign(share) * Math.max(FLOOR, size);
        path.setAttribute(
          "stroke",
          shares === null ? theme.colors.rule : share === null ? theme.colors.err : ramp.signed(pushed),
        );
        path.setAttribute("stroke-width", String(shares === null ? 1 : 0.75 + 4 * size));
        path.setAttribute("opacity", isOwn || chosen === null ? "0.95" : "0.28");
        if (hasSignPattern && (share ?? 0) < 0) path.setAttribute("stroke-dasharray", "7 3");
        lines.push({ size: size + (isOwn ? 2 : 0), path });
      }
    }
  }
  lines.sort((one, other) => one.size - other.size);
  group.append(...lines.map(({ path }) => path));
  return group;
}
