import { describeColumn } from "../../layout/describeColumn.ts";
import { closedGroup, groupKind, groupNotes } from "../../layout/groupText.ts";
import { MOST_PARTS } from "../../layout/mergeParts.ts";
import type { Box } from "../../layout/scene.ts";
import { fitText } from "../../lib/fitText.ts";
import { formatCount } from "../../lib/numberFormat.ts";
import { safeText } from "../../lib/safeText.ts";
import { say } from "../../lib/say.ts";
import type { ColumnReading } from "../read/reading.ts";
import type { Brush } from "./brush.ts";

const STACK_PX = 6;
const MERGE_MIDDLE = 20;

/** A closed group is the first of a stack. */
function paintStack({ images: context, theme }: Brush, box: Box): void {
  context.lineWidth = 1;
  for (const shift of [STACK_PX, STACK_PX / 2]) {
    context.fillStyle = theme.colors.surface;
    context.strokeStyle = theme.colors.border;
    context.beginPath();
    context.roundRect(box.x + shift, box.y - shift, box.width - shift, box.height, 8);
    context.fill();
    context.stroke();
  }
}

/** A layer that is named, not drawn: name, class and shape, parameters, and why. */
export function paintCard(brush: Brush, { column, values }: ColumnReading): void {
  const { node, box } = column;
  const context = brush.images;
  const group = closedGroup(node);
  if (group !== null) paintStack(brush, box);
  context.fillStyle = brush.theme.colors.surface;
  context.beginPath();
  context.roundRect(box.x, box.y, box.width, box.height, 8);
  context.fill();
  context.strokeStyle = brush.theme.colors.border;
  context.lineWidth = 1;
  context.stroke();
  const room = box.width - 20;
  const middle = box.x + box.width / 2;
  const line = (key: string, text: string, y: number, look: string): void => {
    const shown = fitText(text, room, brush.measure, look === "bold" ? "bold" : "normal");
    brush.overlay.text(`card ${key} ${node.id}`, shown, middle, y, { anchor: "middle", look, full: text });
  };
  if (node.kind === "merge") {
    const hasRows = node.parts.length > 1 && node.parts.length <= MOST_PARTS;
    const center = hasRows ? box.y + MERGE_MIDDLE : box.y + box.height / 2;
    line("name", safeText(node.layers[0]?.type ?? ""), center - 4, "bold");
    line("detail", formatCount(node.units), center + 13, "muted");
    if (hasRows) brush.apart.paintParts?.(brush, column, center + 20);
    return;
  }
  const parameters = node.layers.reduce((sum, layer) => sum + layer.parameterCount, 0);
  const [layer] = node.layers;
  const lines = [safeText(node.name)];
  if (group === null || layer === undefined) lines.push(safeText(layer?.type ?? ""));
  else lines.push(groupKind(layer, group), groupNotes(group).join(" · "));
  const isTold = layer?.face?.kind === "card";
  if (isTold && values !== null) lines.push(...(brush.apart.rowsOfCard?.(node, values) ?? []));
  const shape = isTold ? "" : describeColumn(node, "card");
  if (shape !== "") lines.push(shape);
  const isBuilt = (node.layers[0]?.outputShape.length ?? 0) > 0;
  if (parameters > 0 && !isTold) lines.push(say("parameters", { count: parameters }));
  const note = group === null ? node.layers.find((layer) => layer.note !== null)?.note : group.inside;
  const isUnbuilt = parameters === 0 && !isBuilt && note == null && layer?.role !== "input";
  if (isUnbuilt) lines.push(say("notBuiltYet"));
  else if (note != null && note !== "") lines.push(safeText(note));
  const shown = lines.slice(0, Math.max(1, Math.floor((box.height - 8) / 18)));
  const top = box.y + (box.height - shown.length * 18) / 2 + 13;
  shown.forEach((text, i) => {
    line(String(i), text, top + i * 18, i === 0 ? "bold" : "muted");
  });
}
