import { clamp } from "../../lib/numbers.ts";
import { safeText } from "../../lib/safeText.ts";
import { say } from "../../lib/say.ts";
import { describeColumn } from "../describeColumn.ts";
import { closedGroup, groupKind, groupNotes } from "../groupText.ts";
import { MOST_PARTS } from "../mergeParts.ts";
import type { NetworkNode } from "../readNodes.ts";
import { type ColumnLayout, single, wish } from "./columnLayout.ts";

const CARD_HEIGHT = 102;
const SMALL_CARD = 84;
const MERGE_HEIGHT = 44;
/** A long type, and room for a short name and a share. */
const MERGE_WIDTH = 100;
const LINE = 18;
const PAD = 6;
const WIDEST = "−0.0000";
const WIDEST_SHARE = "> 99.9%";

/** Of a card with rows two lines more than these. */
function heightOf({ kind, layers: [layer], parts }: NetworkNode): number {
  const rows = parts.length > 1 && parts.length <= MOST_PARTS ? parts.length : 0;
  if (kind === "merge") return MERGE_HEIGHT + (rows === 0 ? 0 : LINE * rows + PAD);
  return layer?.face?.kind === "card" ? (layer.face.shape[2] + 2) * LINE + 12 : CARD_HEIGHT;
}

/** A layer that is named only. */
export const card: ColumnLayout = {
  suits: ({ kind }) => kind === "card" || kind === "merge",
  plan(node, context) {
    const shown = node.kind === "merge" ? (node.layers[0]?.type ?? "") : node.name;
    const name = context.measure(safeText(shown), "bold");
    const group = closedGroup(node);
    const [layer] = node.layers;
    const kinds =
      group === null || layer === undefined
        ? [safeText(layer?.type ?? "")]
        : [groupKind(layer, group), groupNotes(group).join(" · ")];
    const detail = Math.max(
      ...kinds.map((text) => context.measure(text)),
      context.measure(describeColumn(node, "card")),
      ...node.unitNames.map((name) => context.measure(`${safeText(name)} ${WIDEST}`)),
      ...node.parts.map((part) => context.measure(`${safeText(part.name)} ${WIDEST_SHARE}`)),
      node.layers.some((layer) => layer.parameterCount > 0)
        ? context.measure(say("parameters", { count: 100_000 }))
        : 0,
    );
    const least = node.kind === "merge" ? 72 : 104;
    const width = clamp(Math.max(name, detail) + 24, least, 168);
    if (node.kind === "merge") return wish(width, Math.min(width, MERGE_WIDTH));
    const isTold = layer?.face != null; // no number of its rows is cut
    return wish(width, isTold ? width : Math.min(width, context.density.hasLabels ? 120 : SMALL_CARD));
  },
  place: (node, site) => single(site, Math.min(heightOf(node), site.areaHeight), 1),
  isNamedInside: true,
  isOneThing: true,
  isOnePicture: true,
  hasEvenPorts: true,
};
