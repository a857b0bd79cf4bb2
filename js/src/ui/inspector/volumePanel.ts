import type { Frame, Section } from "../../core/frame.ts";
import type { NetworkNode } from "../../layout/readNodes.ts";
import { listen } from "../../lib/listen.ts";
import { formatScaleEnd } from "../../lib/numberFormat.ts";
import { at } from "../../lib/numbers.ts";
import { keyOf, say } from "../../lib/say.ts";
import type { Ramps } from "../../theme/ramps.ts";
import { createPixelPicture } from "../charts/pixelPicture.ts";
import { createRampBar } from "../charts/rampBar.ts";
import { el, setAttributes, setText, show } from "../kit/dom.ts";
import { createSection, type PanelSection } from "../kit/section.ts";
import { seriesName } from "../words/seriesName.ts";

export interface VolumePanel extends PanelSection {
  /** `unit`: the map that is shown alone if it is among those that are drawn. */
  set(node: NetworkNode, unit: number | null, frame: Frame, ramps: Ramps): void;
}

/** A layer slice by slice, or step by step: a slider, and a picture of each of its maps there. */
export function createVolumePanel(signal: AbortSignal): VolumePanel {
  const slider = el("input", { type: "range", min: 0, step: 1, value: 0 });
  const readout = el("span", { class: "nv-sub" });
  const lists: ReturnType<typeof createSeries>[] = [];
  const content = el("div");
  const row = el("label", { class: "nv-slice" }, readout, slider);
  const section = createSection(say("sliceTitle"), row, content);
  let paint = () => {};
  listen(slider, "input", () => paint(), signal);
  return {
    ...section,
    set(node, unit, frame, ramps) {
      const layer = node.layers[0]?.id;
      const found = frame.sections.filter((one) => one.quantity === "volume_picture" && one.layer === layer);
      const volumes = found.filter(({ values }) => values.length > 0);
      show(section.element, found.length > 0);
      show(row, volumes.length > 0);
      show(content, volumes.length > 0);
      if (found.length === 0) return;
      const [, , , down = 1, across = 1] = node.layers[0]?.grid ?? [];
      section.setTitle(say(volumes.some(({ name }) => name !== "") ? keyOf("alongSequence") : keyOf("sliceTitle")));
      section.setNote(
        volumes.length === 0
          ? say("sliceUntold")
          : noteOf(volumes, node.kind === "maps" && down * across > 1 ? across : 0),
      );
      paint = () => {
        const count = volumes[0]?.shape[1] ?? 1;
        const slices = sizesOf(volumes[0])[0];
        setAttributes(slider, { max: count - 1 });
        const chosen = Math.min(count - 1, Number(slider.value));
        const isTime = volumes.some(({ name }) => name !== "");
        const words = { place: placeText(chosen, count, slices), count: slices };
        const text = isTime ? say("sliceTime", words) : say("sliceOf", words);
        setText(readout, text);
        setAttributes(slider, { "aria-valuetext": text });
        show(row, count > 1);
        while (lists.length < volumes.length) lists.push(createSeries());
        content.replaceChildren(...lists.slice(0, volumes.length).map(({ element }) => element));
        volumes.forEach((one, place) => {
          lists[place]?.set(one, chosen, unit, ramps);
        });
      };
      paint();
    },
  };
}

/** `3`, or of more slices than are drawn `6–7`. */
function placeText(chosen: number, count: number, slices: number): string {
  const [from, to] = [chosen, chosen + 1].map((one) => Math.floor((one * slices) / count)) as [number, number];
  return to - from > 1 ? `${from}–${to - 1}` : `${from}`;
}

/** Slices, rows, columns and maps, as the layer has them. */
function sizesOf(volume: Section | undefined): readonly [number, number, number, number] {
  const [slices = 0, rows = 0, columns = 0, maps = 0] = (volume?.attributes.size ?? []) as readonly number[];
  return [slices, rows, columns, maps];
}

/** `across`: how many slices stand side by side in the network; 0 where they are not drawn there. */
function noteOf(volumes: readonly Section[], across: number): string {
  const [first] = volumes;
  const [slices, rows, columns, maps] = sizesOf(first);
  const [drawn = 0, high = 0, deep = 0, wide = 0] = first?.shape ?? [];
  return [
    `${rows} × ${columns}`,
    drawn < maps ? say("sliceMaps", { drawn, maps }) : "",
    across > 0 ? say("sliceRows", { across }) : "",
    high < slices || deep < rows || wide < columns ? say("meansOverBlocks") : "",
  ]
    .filter((text) => text !== "")
    .join(", ");
}

/** What a layer puts out, or one of its states: its maps at the chosen slice, on one scale. */
function createSeries() {
  const name = el("p", { class: "nv-sub" });
  const list = el("div", { class: "nv-slices" });
  const scale = createRampBar();
  const maps: ReturnType<typeof createMap>[] = [];
  return {
    element: el("div", {}, name, list, scale.element),
    set({ name: own, shape, values, attributes }: Section, slice: number, unit: number | null, ramps: Ramps) {
      const [, slices = 1, rows = 0, columns = 0] = shape;
      const [low, high] = [Number(attributes.lo), Number(attributes.hi)];
      const ramp = low < 0 ? ramps.value : ramps.magnitude;
      const numbers = attributes.maps as readonly number[];
      const shown = unit !== null && numbers.includes(unit) ? [unit] : numbers;
      show(name, own !== "");
      setText(name, own === "" ? "" : seriesName(own));
      while (maps.length < shown.length) maps.push(createMap());
      list.replaceChildren(...maps.slice(0, shown.length).map(({ element }) => element));
      shown.forEach((map, index) => {
        const first = (numbers.indexOf(map) * slices + slice) * rows * columns;
        const share = (place: number) => {
          const code = at(values, first + place);
          return code === 0 ? Number.NaN : (code - 1) / 254;
        };
        maps[index]?.set(map, columns, rows, share, ramp);
      });
      scale.set(formatScaleEnd(low), formatScaleEnd(high), ramp, low < 0);
    },
  };
}

function createMap() {
  const name = el("figcaption");
  const picture = createPixelPicture();
  return {
    element: el("figure", {}, picture.element, name),
    set(map: number, columns: number, rows: number, share: (place: number) => number, ramp: Ramps["value"]) {
      const label = say("mapNumber", { unit: map });
      setText(name, label);
      picture.set(columns, rows, share, ramp, false, label);
    },
  };
}
