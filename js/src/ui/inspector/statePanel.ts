import type { Frame, Selection } from "../../core/frame.ts";
import { readSeries, readSteps, type Series, type Steps } from "../../draw/read/states.ts";
import { placesBefore } from "../../layout/placesBefore.ts";
import type { NetworkNode } from "../../layout/readNodes.ts";
import { formatNumber, formatScaleEnd, formatSigned } from "../../lib/numberFormat.ts";
import { at } from "../../lib/numbers.ts";
import { safeText } from "../../lib/safeText.ts";
import { say } from "../../lib/say.ts";
import type { Ramps } from "../../theme/ramps.ts";
import { createPixelPicture } from "../charts/pixelPicture.ts";
import { createRampBar } from "../charts/rampBar.ts";
import { el, setAttributes, setText, show } from "../kit/dom.ts";
import { createSection } from "../kit/section.ts";
import type { UnitReading } from "../words/readUnit.ts";
import { seriesName } from "../words/seriesName.ts";
import { createPlaceFields } from "./placeFields.ts";

/** A strip has at most so many columns: of more steps each is the mean of several. */
const MOST_COLUMNS = 256;

export interface StatePanel {
  readonly element: HTMLElement;
  set(
    reading: UnitReading,
    nodes: readonly NetworkNode[],
    frame: Frame,
    selection: Selection | null,
    ramps: Ramps,
  ): void;
}

/** A unit of a recurrent layer over the steps: its states and gates as strips, and as numbers at the chosen step. */
export function createStatePanel(move: (place: readonly [number, number]) => void, signal: AbortSignal): StatePanel {
  const rows: ReturnType<typeof createRow>[] = [];
  const strips = el("div", { class: "nv-strips", role: "list" });
  const values = createRampBar();
  const shares = createRampBar();
  const fields = createPlaceFields(["", say("timeStep")], move);
  const told = el("p", { class: "nv-sub" });
  const section = createSection(say("alongSequence"), strips, values.element, shares.element, fields.element, told);
  let count = 0;
  strips.addEventListener(
    "click",
    (event) => {
      const box =
        event.target instanceof Element ? event.target.closest(".nv-strip")?.getBoundingClientRect() : undefined;
      if (box === undefined || box.width === 0) return;
      move([0, Math.min(count - 1, Math.max(0, Math.floor(((event.clientX - box.left) / box.width) * count)))]);
    },
    { signal },
  );

  const setStrips = (series: readonly Series[], { places }: Steps, chosen: number | null, ramps: Ramps) => {
    while (rows.length < series.length) rows.push(createRow());
    if (strips.childElementCount !== series.length)
      strips.replaceChildren(...rows.slice(0, series.length).map(({ element }) => element));
    const most = mostOf(series);
    series.forEach((one, index) => {
      rows[index]?.set(one, places, one.isShare ? null : most, chosen, ramps);
    });
    values.set(formatScaleEnd(-most), formatScaleEnd(most), ramps.value, true);
    shares.set("0", "1", ramps.magnitude, false);
    show(
      shares.element,
      series.some(({ isShare }) => isShare),
    );
  };

  return {
    element: section.element,
    set({ node, unit }, nodes, frame, selection, ramps) {
      const steps = readSteps(frame, node);
      const series = readSeries(frame, node, unit);
      const isUntold = steps?.count === 0;
      show(section.element, isUntold || (steps !== null && series !== null));
      for (const one of [strips, values.element, shares.element, fields.element]) show(one, !isUntold);
      section.setNote(isUntold ? say("statesUntold") : "");
      show(told, !isUntold);
      if (steps === null || series === null) return;
      count = steps.count;
      const chosen = chosenStep(selection, count);
      setStrips(series, steps, chosen, ramps);
      fields.set(chosen === null ? null : [0, chosen], [1, count]);
      setText(
        told,
        chosen === null
          ? say("sequenceHint")
          : stepText(steps, chosen, wordsOf(frame, placesBefore(nodes, node, count))),
      );
      if (count > MOST_COLUMNS) section.setNote(say("timeStepBlock", { steps: Math.ceil(count / MOST_COLUMNS) }));
    },
  };
}

/** The step that the time cursor is at; `null` where there is none, or it is beyond the last. */
export function chosenStep(selection: Selection | null, count: number): number | null {
  const step = selection?.place?.[1];
  return step === undefined || step >= count ? null : step;
}

/** `step 3: place 20 · the`, `step 3: masked` */
function stepText({ places }: Steps, step: number, words: readonly string[]): string {
  const place = at(places, step);
  if (place < 0) return say("timeStepMasked", { step });
  const word = words[place] ?? "";
  return say("timeStepReads", { step, place: word === "" ? `${place}` : `${place} · ${safeText(word)}` });
}

function wordsOf(frame: Frame, input: NetworkNode | null): readonly string[] {
  return frame.header.tokens[input?.id ?? ""] ?? [];
}

function mostOf(series: readonly Series[]): number {
  let most = 0;
  for (const { values, isShare } of series) {
    if (isShare) continue;
    for (let step = 0; step < values.length; step++) {
      const size = Math.abs(at(values, step));
      if (size > most && Number.isFinite(size)) most = size;
    }
  }
  return most || 1;
}

function createRow() {
  const name = el("span", { class: "nv-strip-name" });
  const picture = createPixelPicture();
  const cursor = el("i", { class: "nv-strip-cursor", hidden: true });
  const number = el("span", { class: "nv-strip-number" });
  const strip = el("span", { class: "nv-strip" }, picture.element, cursor);
  return {
    element: el("div", { class: "nv-strip-row", role: "listitem" }, name, strip, number),
    /** `most`: of what is signed how far the colours reach; `null` of a share. */
    set(
      { name: own, values }: Series,
      places: ArrayLike<number>,
      most: number | null,
      chosen: number | null,
      ramps: Ramps,
    ) {
      const count = values.length;
      const columns = Math.min(count, MOST_COLUMNS);
      setText(name, seriesName(own));
      setAttributes(name, { title: seriesName(own) });
      const share = (column: number) => {
        const value = meanOf(
          values,
          places,
          Math.floor((column * count) / columns),
          Math.floor(((column + 1) * count) / columns),
        );
        return most === null ? value : (value / most + 1) / 2;
      };
      const label = say("stripPicture", { name: seriesName(own), steps: count });
      picture.set(columns, 1, share, most === null ? ramps.magnitude : ramps.value, false, label);
      cursor.hidden = chosen === null;
      if (chosen !== null) {
        cursor.style.left = `${(100 * chosen) / count}%`;
        cursor.style.width = `${100 / count}%`;
      }
      const value = chosen === null ? null : at(values, chosen);
      const text = value === null ? "" : most === null ? formatNumber(value, 3) : formatSigned(value, 3);
      setText(number, value !== null && Number.isNaN(value) ? "–" : text);
    },
  };
}

/** Of the steps that are read; NaN where there is none. */
function meanOf(values: ArrayLike<number>, places: ArrayLike<number>, from: number, to: number): number {
  let [sum, count] = [0, 0];
  for (let step = from; step < to; step++) {
    if (at(places, step) < 0) continue;
    sum += at(values, step);
    count++;
  }
  return sum / count;
}
