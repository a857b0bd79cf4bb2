import type { Frame, Selection } from "../../core/frame.ts";
import type { Attention } from "../../core/graph.ts";
import { type Lane, type LaneName, readLanes } from "../../draw/read/lanes.ts";
import { listen } from "../../lib/listen.ts";
import { formatCount, formatScaleEnd, formatSigned } from "../../lib/numberFormat.ts";
import { clamp } from "../../lib/numbers.ts";
import { keyOf, say } from "../../lib/say.ts";
import type { Hover } from "../../store/viewState.ts";
import type { Ramps } from "../../theme/ramps.ts";
import { createPixelPicture } from "../charts/pixelPicture.ts";
import { createRampBar } from "../charts/rampBar.ts";
import { el, setText, show } from "../kit/dom.ts";
import { createFacts } from "../kit/facts.ts";
import { createSection } from "../kit/section.ts";
import type { UnitReading } from "../words/readUnit.ts";
import { squareName } from "../words/squareName.ts";

/** All rows together are about so high, a row no higher. */
const HEIGHT_PX = 240;
const ROW_PX = 14;

type Place = readonly [number, number];

export interface LanePanel {
  readonly element: HTMLElement;
  set(reading: UnitReading, frame: Frame, selection: Selection | null, hover: Hover | null, ramps: Ramps): void;
}

/**
 * The vectors that a head of attention compares and sums, a row for each place: those of the chosen places are marked,
 * and those under the pointer. `move` goes to other ones.
 */
export function createLanePanel(
  move: (place: Place) => void,
  hover: (place: Place | null) => void,
  signal: AbortSignal,
): LanePanel {
  let chosen: Place | null = null;
  const placeOf = (name: LaneName, row: number): Place =>
    name === "query" ? [row, chosen?.[1] ?? 0] : [chosen?.[0] ?? 0, row];
  const one = (name: LaneName) =>
    createLane(
      (row) => move(placeOf(name, row)),
      (row) => hover(row === null || chosen === null ? null : placeOf(name, row)),
      signal,
    );
  const lanes = { query: one("query"), key: one("key"), value: one("value") };
  const list = el("div", { class: "nv-lanes" }, ...Object.values(lanes).map(({ element }) => element));
  const numbers = el("div");
  const kernels = createFacts();
  const section = createSection(say("laneTitle"), list, numbers, kernels.element);
  return {
    element: section.element,
    set({ node, unit }, frame, selection, over, ramps) {
      const found = node.kind === "heads" ? readLanes(frame, node, unit) : null;
      const attention = node.layers[0]?.attention ?? null;
      show(section.element, found !== null && attention !== null);
      if (found === null || attention === null) return;
      chosen = selection?.place ?? null;
      const under = over?.layer === node.id && over.unit === unit ? (over.place ?? null) : null;
      const height = Math.min(ROW_PX, HEIGHT_PX / Math.max(1, ...found.map(({ rows }) => rows)));
      for (const [name, lane] of Object.entries(lanes)) {
        const own = found.find((one) => one.name === name);
        show(lane.element, own !== undefined);
        if (own === undefined) continue;
        const [row, pointed] = [chosen, under].map((place) => place?.[name === "query" ? 0 : 1] ?? null);
        lane.set(own, laneName(own, found), height, row ?? null, pointed ?? null, ramps);
      }
      section.setNote(noteOf(found, attention));
      numbers.replaceChildren(
        ...found.flatMap((lane) => {
          const text = numbersOf(lane, found, attention, chosen, frame);
          return text === "" ? [] : [el("p", { class: "nv-sub" }, text)];
        }),
      );
      kernels.set(
        found.flatMap(({ name, kernel }) =>
          kernel === null || kernel.length === 0
            ? []
            : [{ name: `${name}/kernel`, value: kernel.map(formatCount).join(" × ") }],
        ),
      );
    },
  };
}

/** Without keys of their own the values are the keys. */
function laneName({ name }: Lane, found: readonly Lane[]): string {
  if (name === "value" && !found.some((other) => other.name === "key")) return say("laneKeyValue");
  return say({ query: keyOf("laneQuery"), key: keyOf("laneKey"), value: keyOf("laneValue") }[name]);
}

/** What the lanes are of, and what a row and a column stand for. */
function noteOf(found: readonly Lane[], { heads, block: [queries, keys] }: Attention): string {
  const shared = found.find((lane) => lane.heads < heads && lane.name === "key");
  const each = shared === undefined ? 1 : heads / shared.heads;
  if (found.length === 0) return say("laneUntold");
  return [
    found.some(({ kernel }) => kernel === null) ? say("laneGiven") : "",
    shared === undefined
      ? ""
      : say("laneShared", { from: shared.head * each, to: (shared.head + 1) * each - 1, head: shared.head }),
    queries > 1 || keys > 1 ? say("laneBlock", { queries, keys }) : "",
    found.some(({ columns, size }) => columns < size) ? say("laneColumns") : "",
  ]
    .filter((text) => text !== "")
    .join(say("gap"));
}

/** `query of 5 · =: +0.12, −0.30, … (16 in all)`; empty where no place is chosen. */
function numbersOf(
  lane: Lane,
  found: readonly Lane[],
  { queries, keys, queryInput, keyInput, block }: Attention,
  chosen: Place | null,
  { header }: Frame,
): string {
  if (lane.numbers.length === 0 || chosen === null) return "";
  const isQuery = lane.name === "query";
  const words = header.tokens[(isQuery ? queryInput : keyInput) ?? ""] ?? [];
  const place = isQuery
    ? squareName(chosen[0], block[0], queries, words)
    : squareName(chosen[1], block[1], keys, words);
  const cut = lane.size > lane.numbers.length ? ", …" : "";
  const numbers = `${Array.from(lane.numbers, (number) => formatSigned(number, 3)).join(", ")}${cut}`;
  return say("laneNumbers", { lane: laneName(lane, found), place, numbers, size: lane.size });
}

function createLane(move: (row: number) => void, hover: (row: number | null) => void, signal: AbortSignal) {
  const name = el("figcaption");
  const picture = createPixelPicture();
  const scale = createRampBar();
  const chosen = createMark("nv-lane-chosen");
  const pointed = createMark("nv-lane-pointed");
  let count = 0;
  let under: number | null = null;
  const rowAt = ({ clientY }: MouseEvent): number => {
    const { top, height } = picture.element.getBoundingClientRect();
    return clamp(Math.floor(((clientY - top) / Math.max(1, height)) * count), 0, count - 1);
  };
  const point = (row: number | null) => {
    if (row === under) return;
    under = row;
    hover(row);
  };
  picture.element.append(chosen.element, pointed.element);
  listen(picture.element, "click", (event) => move(rowAt(event)), signal);
  listen(picture.element, "pointermove", (event) => point(rowAt(event)), signal);
  listen(picture.element, "pointerleave", () => point(null), signal);
  return {
    element: el("figure", { class: "nv-lane" }, name, picture.element, scale.element),
    set(
      { rows, columns, share, most, size }: Lane,
      own: string,
      height: number,
      row: number | null,
      over: number | null,
      ramps: Ramps,
    ) {
      count = rows;
      setText(name, own);
      picture.set(columns, rows, share, ramps.value, false, say("lanePicture", { name: own, rows, size }));
      picture.element.style.height = `${Math.round(rows * height)}px`;
      scale.set(formatScaleEnd(-most), formatScaleEnd(most), ramps.value, true);
      chosen.set(row, rows);
      pointed.set(over, rows);
    },
  };
}

/** A frame around a row. */
function createMark(className: string) {
  const element = el("i", { class: `nv-lane-mark ${className}`, "aria-hidden": "true", hidden: true });
  return {
    element,
    set(row: number | null, rows: number) {
      element.hidden = row === null || row >= rows;
      if (row === null) return;
      element.style.top = `${(100 * row) / rows}%`;
      element.style.height = `${100 / rows}%`;
    },
  };
}
