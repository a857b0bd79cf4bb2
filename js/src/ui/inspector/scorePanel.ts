import type { Frame, Selection } from "../../core/frame.ts";
import { readScores, rowOf, type ScoreReading } from "../../draw/read/scores.ts";
import { formatScaleEnd } from "../../lib/numberFormat.ts";
import { at } from "../../lib/numbers.ts";
import { say } from "../../lib/say.ts";
import type { Ramps } from "../../theme/ramps.ts";
import { createBars } from "../charts/bars.ts";
import { createPixelPicture } from "../charts/pixelPicture.ts";
import { createRampBar } from "../charts/rampBar.ts";
import { el, show } from "../kit/dom.ts";
import { createFacts } from "../kit/facts.ts";
import { createSection } from "../kit/section.ts";
import { headFacts } from "../words/headFacts.ts";
import type { UnitReading } from "../words/readUnit.ts";
import { squareName } from "../words/squareName.ts";
import { writeSum } from "./addUp.ts";
import { createPlaceFields } from "./placeFields.ts";

const ALL_UP_TO = 12;
const STRONGEST = 8;

export interface ScorePanel {
  readonly element: HTMLElement;
  set(reading: UnitReading, frame: Frame, selection: Selection | null, ramps: Ramps): void;
}

type Place = readonly [number, number];

/** A head of attention: who looks at whom, and all that the chosen place looks at. `move` goes to another place. */
export function createScorePanel(
  move: (place: Place) => void,
  hover: (place: Place | null) => void,
  signal: AbortSignal,
): ScorePanel {
  const picture = createPixelPicture();
  const scale = createRampBar();
  const fields = createPlaceFields([say("queryPlace"), say("keyPlace")], move);
  let row = 0;
  const bars = createBars(
    { hover: (key) => hover(key === null ? null : [row, key]), choose: (key) => move([row, key]) },
    signal,
  );
  const habits = createFacts();
  const image = el("figure", { class: "nv-field" }, picture.element, scale.element);
  const section = createSection(say("scoresTitle"), image, fields.element, bars.element, habits.element);
  return {
    element: section.element,
    set({ node, unit }, frame, selection, ramps) {
      const scores = node.kind === "heads" ? readScores(frame, node, unit) : null;
      show(section.element, scores !== null);
      if (scores === null) return;
      const { rows, columns, values } = scores;
      const most = Array.from(values).reduce((most, value) => (value > most ? value : most), 0) || 1;
      const label = say("scorePicture", { unit });
      picture.set(columns, rows, (place) => at(values, place) / most, ramps.magnitude, false, label);
      scale.set("0", formatScaleEnd(most), ramps.magnitude, false);
      habits.set(headFacts(scores));
      const place = selection?.place ?? null;
      fields.set(place, [rows, columns]);
      const isKnown = place !== null && place[0] < rows && place[1] < columns;
      picture.mark(isKnown ? [(place[1] + 0.5) / columns, (place[0] + 0.5) / rows] : null);
      const queries = frame.header.tokens[scores.attention.queryInput ?? ""] ?? [];
      section.setNote(noteOf(scores, isKnown ? queryName(scores, place[0], queries) : null));
      show(bars.element, isKnown);
      if (!isKnown) return;
      [row] = place;
      const words = frame.header.tokens[scores.attention.keyInput ?? ""] ?? [];
      bars.set(barsOf(scores, place, words), ramps, true);
    },
  };
}

/** `query`: what the chosen place is called that looks. */
function noteOf({ attention: { block }, isWhole }: ScoreReading, query: string | null): string {
  const [queries, keys] = block;
  const chosen = query === null ? say("scoreHint") : say("looksAt", { name: query });
  return [isWhole ? "" : say("scoreBlock", { queries, keys }), chosen].filter((text) => text !== "").join(say("gap"));
}

/** What a place looks at, the strongest first; where they are single scores, with their sum. */
function barsOf(scores: ScoreReading, [row, chosen]: Place, words: readonly string[]) {
  const shares = rowOf(scores, row);
  const keys = shares.map((_, key) => key).sort((one, other) => at(shares, other) - at(shares, one));
  const count = keys.length <= ALL_UP_TO ? keys.length : STRONGEST;
  const shown = new Set(keys.slice(0, count)).add(chosen);
  const listed = keys.filter((key) => shown.has(key));
  const rest = keys.filter((key) => !shown.has(key)).map((key) => at(shares, key));
  const others = scores.isWhole && rest.length > 0 ? [rest.reduce((sum, share) => sum + share, 0)] : [];
  const total = shares.reduce((sum, share) => sum + share, 0);
  const parts = [...listed.map((key) => at(shares, key)), ...others];
  const written = writeSum(parts, total);
  const plain = { detail: "", unit: null, isBold: false, isLit: false, isTotal: false };
  const bars = parts.map((value, i) => {
    const key = listed[i];
    return {
      ...plain,
      label: key === undefined ? say("placesMore", { count: rest.length }) : placeName(scores, key, words),
      value,
      number: unsigned(written.parts[i] ?? ""),
      unit: key ?? null,
      isBold: key === chosen,
    };
  });
  if (!scores.isWhole) return bars;
  const sum = { ...plain, label: say("sumOfScores"), value: total, number: unsigned(written.total) };
  return [...bars, { ...sum, isBold: true, isTotal: true }];
}

/** No score is negative: a sign would say nothing. */
function unsigned(number: string): string {
  return number.replace(/^\+/, "");
}

function placeName({ attention: { keys, block } }: ScoreReading, column: number, words: readonly string[]): string {
  return squareName(column, block[1], keys, words);
}

function queryName({ attention: { queries, block } }: ScoreReading, row: number, words: readonly string[]): string {
  return squareName(row, block[0], queries, words);
}
