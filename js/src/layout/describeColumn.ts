import type { Scenery } from "../core/frame.ts";
import { activationName } from "../lib/activationName.ts";
import { formatCount, formatNumber, formatShape } from "../lib/numberFormat.ts";
import { safeText } from "../lib/safeText.ts";
import { say } from "../lib/say.ts";
import { WORD_OF } from "./groupText.ts";
import { imageSize } from "./imageSize.ts";
import type { ColumnKind } from "./kinds/columnLayouts.ts";
import { isSequence, spaceOf } from "./mapShape.ts";
import type { NetworkNode } from "./readNodes.ts";
import { seriesSize } from "./seriesSize.ts";

/** Second line of a head: size, activation, what is folded in. */
export function describeColumn(node: NetworkNode, kind: ColumnKind, scenery: Scenery | null = null): string {
  if (node.kind === "card") {
    return formatShape(node.layers[0]?.outputShape[0]);
  }
  if (node.kind === "merge") return formatCount(node.units);
  if (kind === "image") {
    const [rows, columns] = imageSize(node, scenery) ?? [0, 0];
    const rate = seriesSize(node) === null ? null : (scenery?.sampleRate ?? null);
    if (rate !== null)
      return say("soundOf", { seconds: formatNumber(columns / rate, 1), rate: formatNumber(rate / 1_000, 1) });
    if (node.layers.some(isSequence)) return `${columns} × ${rows}`;
    const channels = node.units / Math.max(1, rows * columns);
    const word =
      channels === 3
        ? say("colours")
        : channels === 1
          ? say("greyLevels")
          : channels === 4
            ? "× 4"
            : say("meanOfChannels", { count: channels });
    const size = node.layers[0]?.grid == null ? [rows, columns] : spaceOf(node);
    return [`${size.join(" × ")} ${word}`, ...foldedIntoInput(node)].join(" · ");
  }
  const face = node.kind === "told" ? node.layers[0]?.face : null;
  if (face != null && face.title !== "") return safeText(face.title);
  if (node.isText) return say("texts", { count: node.units });
  if (node.isTokens) return say("tokens", { count: node.units });
  if (face != null) return say(WORD_OF[face.kind], { count: node.units });
  if (node.kind === "input" || node.unitNames.length > 0)
    return [say("features", { count: node.units }), ...foldedIntoInput(node)].join(" · ");
  if (node.kind === "heads") {
    const { queries = 0, keys = 0 } = node.layers[0]?.attention ?? {};
    return `${say("heads", { count: node.units })} · ${formatCount(queries)}×${formatCount(keys)}`;
  }
  const parts = [
    node.maps === null
      ? formatCount(node.units)
      : [...spaceOf(node), node.maps[2]]
          .slice(node.layers.some(isSequence) ? 1 : 0)
          .map(formatCount)
          .join("×"),
  ];
  if (node.activation !== null) parts.push(safeText(activationName(node.activation)));
  for (const layer of node.layers.slice(1)) {
    if (layer.activation !== null) continue;
    const word = layer.type.toLowerCase();
    if (!parts.includes(word)) parts.push(word);
  }
  return parts.join(" · ");
}

/** What has changed the numbers of an input before they go on: `rescaling`. */
function foldedIntoInput({ kind, layers }: NetworkNode): string[] {
  const changing = kind === "input" ? layers.slice(1).filter(({ role }) => role !== "reshape") : [];
  return changing.map(({ type }) => safeText(type).toLowerCase());
}
