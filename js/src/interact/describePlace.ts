import type { Scenery } from "../core/frame.ts";
import type { Reading } from "../draw/reading.ts";
import { featureName } from "../layout/planColumn.ts";
import { columnOfLayer, type Scene } from "../layout/scene.ts";
import { activationName } from "../lib/activationName.ts";
import { formatSigned } from "../lib/numberFormat.ts";
import { at } from "../lib/numbers.ts";
import { safeText } from "../lib/safeText.ts";
import type { Place } from "./keyboard.ts";

/** What a screen reader says of a unit: "dense_1, unit 1 of 4, tanh, output +0.742, bias +0.348, strongest input …". */
export function describePlace(scene: Scene, reading: Reading | null, scenery: Scenery | null, place: Place): string {
  const column = columnOfLayer(scene, place.layer);
  if (column === undefined) return "";
  const { node } = column;
  const name = safeText(node.name);
  if (column.kind === "card") return `${name}, ${safeText(node.layers[0]?.type ?? "layer")}`;
  if (column.kind === "image") return `${name}, picture of ${node.shape.join(" by ")}`;
  const parts = [name, `unit ${place.unit} of ${node.units}`];
  if (node.kind === "input") parts[1] = featureName(scenery, place.unit);
  if (node.activation !== null) parts.push(activationName(node.activation));
  const own = reading?.columns.find((candidate) => candidate.column === column);
  if (own?.values != null) parts.push(`output ${formatSigned(at(own.values, place.unit), 3)}`);
  if (own?.bias != null) parts.push(`bias ${formatSigned(at(own.bias, place.unit), 3)}`);
  const edges = reading?.edges.find((edge) => edge?.set.target === column);
  if (edges != null && !edges.set.isBundled) {
    const { set } = edges;
    let best = -1;
    for (let source = 0; source < set.sourceCount; source++) {
      const value = Math.abs(at(set.values, source * set.unitCount + place.unit));
      if (best < 0 || value > Math.abs(at(set.values, best * set.unitCount + place.unit))) best = source;
    }
    const value = at(set.values, best * set.unitCount + place.unit);
    parts.push(
      `strongest input ${safeText(set.source.node.name)} ${best}, ${edges.quantity} ${formatSigned(value, 3)}`,
    );
  }
  return parts.join(", ");
}
