import type { Column } from "../../layout/scene.ts";
import { formatCount, formatScaleEnd } from "../../lib/numberFormat.ts";
import { at } from "../../lib/numbers.ts";
import { safeText } from "../../lib/safeText.ts";
import { say } from "../../lib/say.ts";
import { layerScales } from "../read/layerScales.ts";
import type { EdgeReading } from "../read/readEdges.ts";
import type { Brush } from "./brush.ts";

const BELOW_HAIRLINE = 14;
const ABOVE_BODY = 6;
const MARGIN = 4;

/** Writes m, the end of the colour and width scale, over the edges of each layer where the layers' scales differ. */
export function paintScaleLabels(brush: Brush): void {
  const { scene, overlay, measure } = brush;
  const isPinned = scene.hairlineY !== null;
  for (const [index, edge] of layerScales(brush.reading)) {
    const link = scene.links[index];
    const source = link === undefined ? undefined : scene.columns[link.source];
    const target = link === undefined ? undefined : scene.columns[link.target];
    if (source === undefined || target === undefined) continue;
    const [from, to] = gap(brush, source, target);
    const number = formatScaleEnd(edge.scale);
    const text = [`m = ${number}`, `m ${number}`, number].find((one) => measure(one) <= to - from);
    if (text === undefined) continue;
    const y = scene.hairlineY === null ? target.box.y - ABOVE_BODY : scene.hairlineY + BELOW_HAIRLINE;
    overlay.text(`scale ${target.node.id} ${index}`, text, (from + to) / 2, y, {
      anchor: "middle",
      look: "muted haloed",
      full: describeScale(edge),
      isPinned,
    });
  }
}

/** What can be seen of the room between two columns. */
function gap(brush: Brush, source: Column, target: Column): readonly [number, number] {
  const [left, right] = brush.visible;
  return [Math.max(left, source.outX) + MARGIN, Math.min(right, target.inX) - MARGIN];
}

function describeScale({ scale, set, isClipped }: EdgeReading): string {
  const name = safeText(set.target.node.name);
  const ends = say("edgesInto", { layer: name, most: formatScaleEnd(scale) });
  if (!isClipped) return ends;
  let count = 0;
  for (let i = 0; i < set.values.length; i++) {
    const size = Math.abs(at(set.values, i));
    if (size > scale * 1.001 && size < Number.POSITIVE_INFINITY) count++;
  }
  const beyond = say("lieBeyond", { beyond: formatCount(count), all: formatCount(set.values.length) });
  return `${ends}${say("semicolon")}${beyond}`;
}
