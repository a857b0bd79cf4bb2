export type PointClass = 0 | 1;

export interface DrawnPoint {
  readonly x: number;
  readonly y: number;
  readonly of: PointClass;
}

/** Twin of MOST_POINTS in nnvis_widget/widgets/point_pad.py. */
export const MOST_POINTS = 10_000;
const MOST_UNDONE = 50;
const PARTS = 3;

/** Points of two classes on a square plane around zero, and the way back over the last strokes. */
export class PointDrawing {
  readonly #extent: number;
  #points: readonly DrawnPoint[] = [];
  #before: (readonly DrawnPoint[])[] = [];

  constructor(extent: number) {
    this.#extent = extent;
  }

  get points(): readonly DrawnPoint[] {
    return this.#points;
  }

  get canUndo(): boolean {
    return this.#before.length > 0;
  }

  get isFull(): boolean {
    return this.#points.length >= MOST_POINTS;
  }

  count(of: PointClass): number {
    return this.#points.reduce((sum, point) => sum + (point.of === of ? 1 : 0), 0);
  }

  /** What follows is one stroke: undone as a whole. */
  begin(): void {
    this.#before = [...this.#before, this.#points].slice(-MOST_UNDONE);
  }

  /** As many as there is room for; what lies outside is moved to the border. */
  add(points: readonly DrawnPoint[]): void {
    const inside = points.slice(0, Math.max(0, MOST_POINTS - this.#points.length)).map((point) => this.#within(point));
    this.#points = [...this.#points, ...inside];
  }

  erase(x: number, y: number, radius: number): void {
    this.#points = this.#points.filter((point) => Math.hypot(point.x - x, point.y - y) > radius);
  }

  replace(index: number, point: DrawnPoint): void {
    this.#points = this.#points.map((old, i) => (i === index ? this.#within(point) : old));
  }

  remove(index: number): void {
    this.#points = this.#points.filter((_, i) => i !== index);
  }

  clear(): void {
    this.#points = [];
  }

  /** Back to before the last stroke that changed something. */
  undo(): void {
    const now = this.#points;
    while (this.#before.length > 0 && this.#points === now) this.#points = this.#before.pop() ?? now;
  }

  /** `x, y, class` of each point; twin of `PointPad.drawing` in Python. */
  write(): Float32Array<ArrayBuffer> {
    return Float32Array.from(this.#points.flatMap(({ x, y, of }) => [x, y, of]));
  }

  /** What came from Python; it cannot be undone. */
  read(values: Float32Array): void {
    this.#before = [];
    this.#points = Array.from({ length: Math.floor(values.length / PARTS) }, (_, i) => {
      const [x = 0, y = 0, of = 0] = values.subarray(i * PARTS, (i + 1) * PARTS);
      return { x, y, of: of === 1 ? 1 : 0 };
    });
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
