import type { Frame } from "../../core/frame.ts";
import { byteShares, paintCodes } from "../../draw/canvas/fieldImages.ts";
import { momentsOfMap } from "../../draw/read/maps.ts";
import type { NetworkNode } from "../../layout/readNodes.ts";
import { listen } from "../../lib/listen.ts";
import { formatCount, formatNumber, formatScaleEnd } from "../../lib/numberFormat.ts";
import { keyOf, say } from "../../lib/say.ts";
import type { Ramps } from "../../theme/ramps.ts";
import { createRampBar } from "../charts/rampBar.ts";
import { el, setAttributes, show } from "../kit/dom.ts";
import { createSection } from "../kit/section.ts";
import { isOfMaps } from "../words/spokenNames.ts";

export interface MapGrid {
  readonly element: HTMLElement;
  set(node: NetworkNode, frame: Frame, ramps: Ramps): void;
}

/** Every map of a layer as a small picture that leads to it, all on the layer's scale. */
export function createMapGrid(choose: (map: number) => void, signal: AbortSignal): MapGrid {
  const grid = el("div", { class: "nv-map-grid" });
  const scale = createRampBar();
  const section = createSection(say("mapsOfLayer"), grid, scale.element);
  let canvases: HTMLCanvasElement[] = [];
  listen(
    grid,
    "click",
    ({ target }) => {
      const map = canvases.findIndex((canvas) => target instanceof Node && canvas.parentElement?.contains(target));
      if (map >= 0) choose(map);
    },
    signal,
  );
  return {
    element: section.element,
    set(node, frame, ramps) {
      const thumbs = frame.section("map_thumb", node.id);
      const [count = 0, rows = 0, columns = 0] = thumbs?.shape ?? [];
      // Of a card whose pictures are not those of its units no range is known: they would be drawn as zeros.
      const isKnown = count > 0 && momentsOfMap(frame, node, count - 1) !== null;
      show(section.element, isKnown);
      section.setTitle(say(isOfMaps(node) ? keyOf("mapsOfLayer") : keyOf("picturesOfLayer")));
      if (thumbs === undefined || !isKnown) return;
      if (canvases.length !== count) {
        canvases = Array.from({ length: count }, () => el("canvas", { "aria-hidden": "true" }));
        grid.replaceChildren(...canvases.map((canvas) => el("button", { type: "button" }, canvas)));
      }
      const all = canvases.map((_, map) => momentsOfMap(frame, node, map) ?? { least: 0, greatest: 0, mean: 0 });
      const most = Math.max(...all.flatMap(({ least, greatest }) => [Math.abs(least), Math.abs(greatest)])) || 1;
      const isSigned = !node.isNeverNegative;
      const ramp = ramps[isSigned ? "value" : "magnitude"];
      canvases.forEach((canvas, map) => {
        const { least, greatest, mean } = all[map] ?? { least: 0, greatest: 0, mean: 0 };
        setAttributes(canvas, { width: columns, height: rows });
        const name = say(node.kind === "told" ? keyOf("pictureNumber") : keyOf("mapNumber"), { unit: map });
        const label = `${name}, ${say("mapMean")} ${formatNumber(mean, 3)}`;
        if (canvas.parentElement !== null) setAttributes(canvas.parentElement, { "aria-label": label, title: label });
        const context = canvas.getContext("2d");
        if (context === null) return;
        const image = context.createImageData(columns, rows);
        const codes = thumbs.values.subarray(map * rows * columns, (map + 1) * rows * columns);
        paintCodes(image.data, codes, byteShares(least, greatest, isSigned ? -most : 0, most), ramp);
        context.putImageData(image, 0, 0);
      });
      scale.set(formatScaleEnd(isSigned ? -most : 0), formatScaleEnd(most), ramp, isSigned);
      section.setNote(
        count < node.units ? say("ofAll", { part: formatCount(count), count: formatCount(node.units) }) : "",
      );
    },
  };
}
