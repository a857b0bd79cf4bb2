import { Drawing } from "./drawing.ts";

export type PointClass = 0 | 1;

export interface DrawnPoint {
  readonly x: number;
  readonly y: number;
  readonly of: PointClass;
}

/** Twin of MOST_POINTS in nnvis_widget/widgets/point_pad.py. */
export const MOST_POINTS = 10_000;
const PARTS = 3;

/** Points of two classes on a square plane around zero. */
export class PointDrawing extends Drawing<readonly DrawnPoint[]> {
  readonly #extent: number;

  constructor(extent: number) {
    super([]);
    this.#extent = extent;
  }

  get points(): readonly DrawnPoint[] {
    return this.state;
  }

  get isEmpty(): boolean {
    return this.state.length === 0;
  }

  get isFull(): boolean {
    return this.state.length >= MOST_POINTS;
  }

  count(of: PointClass): number {
    return this.state.reduce((sum, point) => sum + (point.of === of ? 1 : 0), 0);
  }

  /** As many as there is room for; what lies outside is moved to the border. */
  add(points: readonly DrawnPoint[]): void {
    const inside = points.slice(0, Math.max(0, MOST_POINTS - this.state.length)).map((point) => this.#within(point));
    this.state = [...this.state, ...inside];
  }

  erase(x: number, y: number, radius: number): void {
    const left = this.state.filter((point) => Math.hypot(point.x - x, point.y - y) > radius);
    if (left.length < this.state.length) this.state = left;
  }

  replace(index: number, point: DrawnPoint): void {
    this.state = this.state.map((old, i) => (i === index ? this.#within(point) : old));
  }

  remove(index: number): void {
    this.state = this.state.filter((_, i) => i !== index);
  }

  clear(): void {
    this.state = [];
  }

  /** `x, y, class` of each point; twin of `PointPad.drawing` in Python. */
  write(): ArrayBuffer {
    return Float32Array.from(this.state.flatMap(({ x, y, of }) => [x, y, of])).buffer;
  }

  read(values: Float32Array): void {
    const points = Array.from({ length: Math.floor(values.length / PARTS) }, (_, i): DrawnPoint => {
      const [x = 0, y = 0, of = 0] = values.subarray(i * PARTS, (i + 1) * PARTS);
      return { x, y, of: of === 1 ? 1 : 0 };
    });
    this.begun(points);
  }

  #within({ x, y, of }: DrawnPoint): DrawnPoint {
    const clamp = (value: number) => Math.min(this.#extent, Math.max(-this.#extent, value));
    return { x: clamp(x), y: clamp(y), of };
  }
}

/** A few points around a place, as a brush leaves them. */
export function scatter(
  x: number,
  y: number,
  of: PointClass,
  spread: number,
  random: () => number,
  count = 2,
): DrawnPoint[] {
  return Array.from({ length: count }, () => {
    const [radius, angle] = [spread * Math.sqrt(-2 * Math.log(1 - random())), 2 * Math.PI * random()];
    return { x: x + radius * Math.cos(angle), y: y + radius * Math.sin(angle), of };
  });
}
