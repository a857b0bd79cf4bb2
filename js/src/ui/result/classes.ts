import type { Scenery } from "../../core/frame.ts";
import { paintColour, paintPixel } from "../../draw/canvas/fieldImages.ts";
import { className } from "../../layout/unitNames.ts";
import { formatPercent } from "../../lib/numberFormat.ts";
import { at } from "../../lib/numbers.ts";
import { say } from "../../lib/say.ts";
import type { Ramps } from "../../theme/ramps.ts";
import { el, show } from "../kit/dom.ts";
import { createCaptioned } from "./captioned.ts";
import { type ClassColours, colourClasses } from "./classColours.ts";
import type { Result } from "./readResult.ts";

/** The class of each pixel in its colour, as put out and as wanted, and where they are not the same. */
export function createClasses() {
  const [putOut, target, wrong] = [
    createCaptioned(say("putOut")),
    createCaptioned(say("theTarget")),
    createCaptioned(say("wrongPlaces")),
  ];
  const legend = el("table", { class: "nv-result-legend" });
  const thinned = el("p", { class: "nv-sub" });
  return {
    element: el("div", { class: "nv-result-pictures" }, putOut.element, target.element, wrong.element, legend, thinned),
    set({ putOut: out, target: wanted, rows, columns }: Result, ramps: Ramps, scenery: Scenery | null, count: number) {
      const colours = colourClasses(count, wanted?.values ?? [], out.values);
      const paint = (classes: ArrayLike<number>) => (pixels: Uint8ClampedArray) => {
        for (let place = 0; place < rows * columns; place++) {
          if (at(classes, place) >= 0) paintColour(pixels, place, [...colours.of(at(classes, place))]);
        }
      };
      putOut.picture.paint(columns, rows, say("putOut"), paint(out.values));
      legend.replaceChildren(...legendRows(colours, out.values, wanted?.values ?? null, scenery));
      const step = Number(out.attributes.step ?? 1);
      show(thinned, step > 1);
      thinned.textContent = say("everyPixel", { step });
      show(target.element, wanted !== null);
      show(wrong.element, wanted !== null);
      if (wanted === null) return;
      target.picture.paint(columns, rows, say("theTarget"), paint(wanted.values));
      wrong.picture.paint(columns, rows, say("wrongPlaces"), (pixels) => {
        for (let place = 0; place < rows * columns; place++) {
          const [one, other] = [at(out.values, place), at(wanted.values, place)];
          if (other >= 0) paintPixel(pixels, place, ramps.magnitude, one === other ? 0 : 1);
        }
      });
    },
  };
}

/** Each class by its colour and name, with its share of the places put out and wanted. */
function legendRows(
  colours: ClassColours,
  putOut: ArrayLike<number>,
  wanted: ArrayLike<number> | null,
  scenery: Scenery | null,
): HTMLElement[] {
  const share = (values: ArrayLike<number>, index: number) =>
    Array.prototype.filter.call(values, (one: number) => one === index).length / Math.max(1, values.length);
  const cells = (index: number) =>
    [putOut, ...(wanted === null ? [] : [wanted])].map((values) => el("td", {}, formatPercent(share(values, index))));
  const head = el(
    "tr",
    {},
    el("th", { scope: "col" }, say("theClass")),
    el("th", { scope: "col" }, say("putOut")),
    ...(wanted === null ? [] : [el("th", { scope: "col" }, say("theTarget"))]),
  );
  const rows = colours.named.map((index) => {
    const swatch = el("i", { class: "nv-result-swatch", "aria-hidden": "true" });
    swatch.style.background = `rgb(${colours.of(index).join(" ")})`;
    return el("tr", {}, el("th", { scope: "row" }, swatch, className(scenery, index)), ...cells(index));
  });
  const rest =
    colours.restCount > 0 ? [el("tr", {}, el("td", {}, say("classesMore", { count: colours.restCount })))] : [];
  return [head, ...rows, ...rest];
}
