import type { Box } from "../layout/scene.ts";

const GAP_PX = 8;

/**
 * Where a box of a size goes beside an item: right of it, else left, below, above; inside the room, never over the item.
 * Where no side has room it keeps to the side with the most.
 */
export function placeBeside(
  item: Box,
  size: { readonly width: number; readonly height: number },
  room: { readonly width: number; readonly height: number },
): { readonly x: number; readonly y: number } {
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

/** Px from a point to the nearest point of a box; 0 inside. */
export function distanceTo(box: Box, x: number, y: number): number {
  return Math.hypot(Math.max(box.x - x, 0, x - box.x - box.width), Math.max(box.y - y, 0, y - box.y - box.height));
}
