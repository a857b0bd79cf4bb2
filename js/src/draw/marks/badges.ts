import type { Finding } from "../../core/frame.ts";
import { placeHeads } from "../../layout/placeHeads.ts";
import { type Column, drawnUnit, unitBox } from "../../layout/scene.ts";
import { wrongAt } from "../read/found.ts";
import type { Brush } from "./brush.ts";

const HEIGHT = 18;
const PADDING = 6;
const BASELINE = 13;
/** Over a head that has room above it. */
const PINNED_Y = 2;
const BIAS_ROOM = 8;
const SMALL = 12;
const SIGNS = { fault: "✗", warning: "▲" } as const;
/** What of these stands is told in words elsewhere, and is no more than that. */
type Grave = Finding & { readonly severity: keyof typeof SIGNS };

function isGrave(found: Finding): found is Grave {
  return found.severity !== "note";
}

/** What was found in the network as it is: nothing of it is said of one that is drawn with changes. */
function graveIn({ frame }: Brush, { node }: Column): Grave[] {
  return frame === null || frame.header.whatIf > 0 ? [] : wrongAt(frame, node, null).filter(isGrave);
}

/**
 * At the head of each layer with something wrong a pill: sign and two or three words, of the worst that stands there.
 * Heads that stay in a row have it above them, others beside their name, and what has no head on its upper edge.
 */
export function paintBadges(brush: Brush): void {
  const { scene, camera, visible, measure } = brush;
  const heads = placeHeads(scene, camera, visible, measure);
  for (const column of scene.columns) {
    const [worst, ...others] = graveIn(brush, column);
    if (worst === undefined) continue;
    const place = heads.find((one) => one.column === column);
    if (column.head !== null && place === undefined) continue; // out of sight
    const { x, y, width } = column.box;
    const pill = pillOf(worst, others.length, place?.head.width ?? width, measure);
    if (place === undefined) paintPill(brush, column, pill, x + width / 2, y - HEIGHT / 2, false);
    else if (place.isPinned) paintPill(brush, column, pill, place.nameX, PINNED_Y, true);
    else {
      const reach = measure(place.head.name, "head") / 2 + PADDING + pill.half;
      const isInside = place.nameX + reach + pill.half < scene.width;
      paintPill(brush, column, pill, place.nameX + (isInside ? reach : -reach), place.head.y - BASELINE, false);
    }
  }
}

interface Pill {
  readonly text: string;
  readonly full: string;
  readonly half: number;
  readonly severity: Grave["severity"];
}

/** All of its words, or none: the first of them alone would say something else. */
function pillOf({ badge, severity }: Grave, more: number, room: number, measure: Brush["measure"]): Pill {
  const sign = SIGNS[severity];
  const words = `${sign} ${badge}`;
  const full = more > 0 ? `${words} · +${more}` : words;
  const text = [full, words].find((one) => measure(one, "bold") <= room - 4) ?? sign;
  return { text, full, half: measure(text, "bold") / 2 + PADDING, severity };
}

function paintPill(
  { overlay, scene }: Brush,
  { node }: Column,
  { text, full, half, severity }: Pill,
  middle: number,
  y: number,
  isPinned: boolean,
): void {
  const x = Math.max(half, Math.min(scene.width - half, middle));
  const look = severity === "fault" ? "err bold" : "found-warning bold";
  overlay.ring(`badge ${node.id}`, x - half, y, 2 * half, HEIGHT, HEIGHT / 2, `found-${severity}`, isPinned);
  overlay.text(`badge ${node.id}`, text, x, y + BASELINE, { anchor: "middle", look, full, isPinned });
}

/** Units of which something is wrong: ringed, and hollow where they say nothing any more. */
export function paintFoundUnits(brush: Brush): void {
  for (const column of brush.scene.columns) {
    const isApart = column.kind === "image" || column.kind === "prediction" || column.kind === "bins";
    if (isApart || column.unitCount !== column.node.units) continue;
    for (const { rule, severity, units } of graveIn(brush, column)) {
      for (const unit of units)
        if (unit < column.unitCount) paintUnit(brush, column, unit, severity, rule === "dead_relu");
    }
  }
}

function paintUnit(
  { images, overlay, theme }: Brush,
  column: Column,
  unit: number,
  severity: Grave["severity"],
  isDead: boolean,
): void {
  const { x, y, width, height } = unitBox(column, drawnUnit(column, unit));
  if (isDead) {
    const corner = height < 20 ? 0 : BIAS_ROOM; // where the dot of the bias is
    images.fillStyle = theme.colors.surface;
    images.beginPath();
    images.moveTo(x, y);
    images.lineTo(x + width, y);
    images.lineTo(x + width, y + height);
    images.lineTo(x + corner, y + height);
    images.lineTo(x, y + height - corner);
    images.fill();
  }
  const isSmall = height < SMALL;
  const inset = isSmall ? 0.5 : -1.5;
  const size = [width - 2 * inset, height - 2 * inset] as const;
  overlay.ring(
    `found ${column.node.id} ${unit}`,
    x + inset,
    y + inset,
    ...size,
    isSmall ? 0 : 4,
    `found-unit-${severity}${isSmall ? " found-small" : ""}`,
  );
}
