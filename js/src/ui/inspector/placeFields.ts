import { el, show } from "../kit/dom.ts";

type Pair = readonly [number, number];

export interface PlaceFields {
  readonly element: HTMLElement;
  /** The place, or none, in a picture of so many rows and columns. */
  set(place: Pair | null, size: Pair): void;
}

/** Two numbers that say which place of a picture is meant. `move` goes to another one. */
export function createPlaceFields(names: readonly [string, string], move: (place: Pair) => void): PlaceFields {
  const [row, column] = names.map(placeField) as [Field, Field];
  const go = () => move([row.value(), column.value()]);
  for (const { input } of [row, column]) input.addEventListener("input", go);
  return {
    element: el("div", { class: "nv-map-place" }, row.element, column.element),
    set(place, [rows, columns]) {
      show(row.element, rows > 1);
      row.set(place?.[0] ?? null, rows - 1);
      column.set(place?.[1] ?? null, columns - 1);
    },
  };
}

type Field = ReturnType<typeof placeField>;

function placeField(label: string) {
  const input = el("input", { type: "number", min: 0, step: 1, inputmode: "numeric" });
  const value = () => Math.min(Number(input.max), Math.max(0, Math.round(Number(input.value) || 0)));
  return {
    input,
    value,
    element: el("label", {}, label, input),
    set(place: number | null, most: number) {
      input.max = String(most);
      const text = place === null ? "" : String(place);
      if (document.activeElement !== input || value() !== place) input.value = text;
    },
  };
}
