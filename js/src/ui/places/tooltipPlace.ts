import type { Box } from "../../layout/scene.ts";

const GAP_PX = 8;

export interface Size {
  readonly width: number;
  readonly height: number;
}

/**
 * Where a box of a size goes beside an item: right of it, else left, below, above; inside the room, never over the item.
 * Where no side has room it keeps to the side with the most.
 */
export function placeBeside(item: Box, size: Size, room: Size): { readonly x: number; readonly y: number } {
  const { width, height } = size;
  const within = (start: number, length: number, whole: number): number => Math.max(0, Math.min(whole - length, start));
  const level = within(item.y + item.height / 2 - height / 2, height, room.height);
  const middle = within(item.x + item.width / 2 - width / 2, width, room.width);
  const right = { x: item.x + item.width + GAP_PX, y: level };
  const left = { x: item.x - GAP_PX - width, y: level };
  const below = { x: middle, y: item.y + item.height + GAP_PX };
  const above = { x: middle, y: item.y - GAP_PX - height };
  if (right.x + width <= room.width) return right;
  if (left.x >= 0) return left;
  if (below.y + height <= room.height) return below;
  if (above.y >= 0) return above;
  return item.x > room.width - item.x - item.width ? { x: 0, y: level } : { x: room.width - width, y: level };
}

/**
 * Beside a point of a curve, on the side away from it: below a curve that rises to the right, above one that falls; over
 * none of its ends, if that can be.
 */
export function placeAtCurve(
  point: { readonly x: number; readonly y: number },
  rises: boolean,
  size: Size,
  room: Size,
  ends: readonly Box[] = [],
): { readonly x: number; readonly y: number } {
  const right = point.x + GAP_PX;
  const left = point.x - GAP_PX - size.width;
  const above = point.y - GAP_PX - size.height;
  const below = point.y + GAP_PX;
  const corners = [
    { x: right, y: rises ? below : above },
    { x: left, y: rises ? above : below },
  ];
  const fits = ({ x, y }: { x: number; y: number }): boolean =>
    x >= 0 && y >= 0 && x + size.width <= room.width && y + size.height <= room.height;
  const fitting = corners.filter(fits);
  const free = fitting.find((corner) => !ends.some((end) => overlaps({ ...corner, ...size }, end)));
  return free ?? fitting[0] ?? placeBeside({ x: point.x - 4, y: point.y - 4, width: 8, height: 8 }, size, room);
}

/** Px from a point to the nearest point of a box; 0 inside. */
export function distanceTo(box: Box, x: number, y: number): number {
  return Math.hypot(Math.max(box.x - x, 0, x - box.x - box.width), Math.max(box.y - y, 0, y - box.y - box.height));
}

function overlaps(a: Box, b: Box): boolean {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}
