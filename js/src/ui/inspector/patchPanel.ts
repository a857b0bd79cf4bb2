import type { Frame, Selection } from "../../core/frame.ts";
import { readPatch } from "../../draw/read/patch.ts";
import { formatScaleEnd } from "../../lib/numberFormat.ts";
import { at } from "../../lib/numbers.ts";
import { keyOf, say } from "../../lib/say.ts";
import type { Ramps } from "../../theme/ramps.ts";
import { createPixelPicture } from "../charts/pixelPicture.ts";
import { el, setText, show } from "../kit/dom.ts";
import { createFacts } from "../kit/facts.ts";
import { createSection } from "../kit/section.ts";
import { activationFormula } from "../words/activationText.ts";
import { elementCount, type UnitReading } from "../words/readUnit.ts";
import { shortenSum, writeOne, writeSum } from "./addUp.ts";
import { createPlaceFields } from "./placeFields.ts";

export interface PatchPanel {
  readonly element: HTMLElement;
  set(reading: UnitReading, frame: Frame, selection: Selection | null, ramps: Ramps): void;
}

/** One place of a map: patch × kernel for each map before it, and how they add up. `move` goes to another place. */
export function createPatchPanel(move: (place: readonly [number, number]) => void): PatchPanel {
  const fields = createPlaceFields([say("placeRow"), say("placeColumn")], move);
  const list = el("div", { class: "nv-patches", role: "list" });
  const total = createFacts();
  const section = createSection(say("placeTitle"), fields.element, total.element, list);
  let rows: ReturnType<typeof patchRow>[] = [];
  return {
    element: section.element,
    set({ node, unit, source, layer }, frame, selection, ramps) {
      const isMap = node.maps !== null && layer.window !== null;
      show(section.element, isMap);
      if (node.maps === null || !isMap) return;
      const place = selection?.place ?? null;
      fields.set(place, [node.maps[0], node.maps[1]]);
      const patch = place === null ? null : readPatch(frame, node, unit, place);
      show(list, patch !== null);
      show(total.element, patch !== null);
      section.setNote(patch !== null ? noteOf(patch) : place === null ? say("placeHint") : "");
      if (patch === null) return;
      const sum = shortenSum(patch.parts, new Float32Array(patch.parts.length).fill(1), patch.bias ?? 0);
      const rest = [sum.positive, sum.negative].filter(({ count }) => count > 0);
      const parts = [...sum.terms.map(({ value }) => value), ...rest.map(({ value }) => value)];
      const written = writeSum([...parts, ...(patch.bias === null ? [] : [patch.bias])], patch.z);
      if (rows.length !== sum.terms.length) {
        rows = sum.terms.map(patchRow);
        list.replaceChildren(...rows.map(({ element }) => element));
      }
      const isGrey = source === null || elementCount(source) === 0 || source.kind === "input";
      sum.terms.forEach((term, i) => {
        rows[i]?.set(patch, term.source, written.parts[i] ?? "", isGrey ? "pixel" : "magnitude", ramps);
      });
      const text = (key: "positiveMore" | "negativeMore", count: number) =>
        key === "positiveMore" ? say("positiveMore", { count }) : say("negativeMore", { count });
      const more = rest.map(({ count }, i) => ({
        name: text(rest[i] === sum.positive ? "positiveMore" : "negativeMore", count),
        value: written.parts[sum.terms.length + i] ?? "",
      }));
      const bias = patch.bias === null ? [] : [{ name: say("biasRow"), value: written.parts.at(-1) ?? "" }];
      const formula = activationFormula(layer.activation);
      total.set([
        ...more,
        ...bias,
        { name: "z", value: written.total, isBold: true },
        { name: formula, value: writeOne(patch.a), isBold: true },
      ]);
    },
  };
}

/** Where the colours of patches and kernels end. */
function noteOf({ inputEnd, kernelEnd, isProduct }: Patch): string {
  const input = `${inputEnd.least < 0 ? "±" : "0 – "}${formatScaleEnd(inputEnd.most)}`;
  return say(isProduct ? keyOf("patchProductNote") : keyOf("patchNote"), {
    input,
    kernel: `±${formatScaleEnd(kernelEnd)}`,
  });
}

type Patch = NonNullable<ReturnType<typeof readPatch>>;

/** `3  [patch] × [kernel] = +1.234` */
function patchRow() {
  const name = el("span");
  const [patch, kernel] = [createPixelPicture(), createPixelPicture()];
  const number = el("span", { class: "nv-bar-number" });
  const sign = (text: string) => el("span", { "aria-hidden": "true" }, text);
  const parts = [name, patch.element, sign("×"), kernel.element, sign("="), number];
  return {
    element: el("div", { class: "nv-patch", role: "listitem" }, ...parts),
    set(
      { rows, columns, first, inputs, kernels, inputEnd, kernelEnd }: Patch,
      map: number,
      value: string,
      ramp: "pixel" | "magnitude",
      ramps: Ramps,
    ) {
      setText(name, String(first + map));
      setText(number, value);
      const start = map * rows * columns;
      const least = inputEnd.least < 0;
      const input = (place: number) => at(inputs, start + place) / (inputEnd.most || 1);
      const shown = least ? ramps.value : ramps[ramp];
      const share = least ? (place: number) => 0.5 + 0.5 * input(place) : input;
      patch.set(columns, rows, share, shown, false, say("patchOf", { map: first + map }));
      const weight = (place: number) => 0.5 + (0.5 * at(kernels, start + place)) / (kernelEnd || 1);
      kernel.set(columns, rows, weight, ramps.value, false, say("kernelOf", { map: first + map }));
    },
  };
}
