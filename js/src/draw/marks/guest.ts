import { type Box, columnOfLayer } from "../../layout/scene.ts";
import { featureName, ownName } from "../../layout/unitNames.ts";
import { fitText } from "../../lib/fitText.ts";
import { safeText } from "../../lib/safeText.ts";
import { say } from "../../lib/say.ts";
import type { Brush } from "./brush.ts";
import { paintField } from "./tiles.ts";

/**
 * The field of the unit that is pointed at, or that the keyboard is at, in place of the prediction: large, until the
 * pointer leaves. Returns its name; null where there is no such unit or it has no field.
 */
export function paintGuest(brush: Brush, box: Box): string | null {
  const { hover } = brush.values;
  const place = hover ?? brush.focus;
  if (place === null || place.unit === null || hover?.sourceLayer !== undefined) return null;
  const column = columnOfLayer(brush.scene, place.layer);
  const reading = brush.reading.columns.find((one) => one.column === column);
  if (reading === undefined || reading.column.kind === "prediction") return null;
  if (!paintField(brush, reading, place.unit, box)) return null;
  const { node } = reading.column;
  return node.kind === "input"
    ? say("inputName", { name: featureName(brush.scenery, place.unit) })
    : `${safeText(node.name)} · ${ownName(node, place.unit, brush.scenery) ?? say("unitNumber", { unit: place.unit })}`;
}

export function captionGuest(brush: Brush, id: string, name: string, box: Box): void {
  const text = fitText(name, box.width, brush.measure, "bold");
  brush.overlay.text(`title ${id}`, text, box.x, box.y - 12, { look: "bold", full: name });
}
