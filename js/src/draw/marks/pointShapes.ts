import type { Scenery } from "../../core/frame.ts";
import type { Box } from "../../layout/scene.ts";
import type { Theme } from "../../theme/theme.ts";
import type { Canvas2d } from "../canvas/canvas2d.ts";

export type Extent = readonly [number, number, number, number];

/** Shapes of the classes, in their order. */
export const SHAPES = ["diamond", "circle", "square", "triangle", "cross"] as const;
type Shape = (typeof SHAPES)[number];

export function placeOnPlane(box: Box, extent: Extent, x: number, y: number): readonly [number, number] {
  const [x0, x1, y0, y1] = extent;
  return [
    box.x + ((x - x0) / (x1 - x0 || 1)) * box.width,
    box.y + box.height - ((y - y0) / (y1 - y0 || 1)) * box.height,
  ];
}

export function traceShape(context: Canvas2d, shape: Shape, x: number, y: number, r: number): void {
  context.beginPath();
  if (shape === "circle") context.arc(x, y, r, 0, 2 * Math.PI);
  else if (shape === "square") context.rect(x - r * 0.9, y - r * 0.9, r * 1.8, r * 1.8);
  else {
    const corners: readonly (readonly [number, number])[] =
      shape === "diamond"
        ? [
            [0, -1.27],
            [1.27, 0],
            [0, 1.27],
            [-1.27, 0],
          ]
        : shape === "triangle"
          ? [
              [0, -1.25],
              [1.15, 0.85],
              [-1.15, 0.85],
            ]
          : [
              [-0.4, -1.2],
              [0.4, -1.2],
              [0.4, -0.4],
              [1.2, -0.4],
              [1.2, 0.4],
              [0.4, 0.4],
              [0.4, 1.2],
              [-0.4, 1.2],
              [-0.4, 0.4],
              [-1.2, 0.4],
              [-1.2, -0.4],
              [-0.4, -0.4],
            ];
    corners.forEach(([dx, dy], i) => {
      if (i === 0) context.moveTo(x + dx * r, y + dy * r);
      else context.lineTo(x + dx * r, y + dy * r);
    });
    context.closePath();
  }
}

export interface PointStyle {
  readonly shape: Shape;
  readonly colour: string;
}

/** A point of one of two classes. */
export function pointStyle({ ramps: { value } }: Theme, of: 0 | 1): PointStyle {
  return of === 1 ? { shape: "circle", colour: value.signed(0.88) } : { shape: "diamond", colour: value.signed(-0.8) };
}

export function hasValidation(scenery: Scenery | null): boolean {
  return scenery?.sections.some(({ quantity, name }) => quantity === "points" && name === "validation") ?? false;
}
