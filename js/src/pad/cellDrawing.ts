import { Drawing } from "./drawing.ts";

const INK = 255;
/** As a part of the larger side. */
const PEN = 0.045;
const ERASER = 0.08;

/** A picture of cells of ink, 0 to 255. */
export class CellDrawing extends Drawing<Uint8Array<ArrayBuffer>> {
  readonly rows: number;
  readonly columns: number;

  constructor(rows: number, columns: number) {
    super(new Uint8Array(rows * columns));
    this.rows = rows;
    this.columns = columns;
  }

  get cells(): Uint8Array {
    return this.state;
  }

  get isEmpty(): boolean {
    return this.state.every((ink) => ink === 0);
  }

  override begin(): void {
    super.begin();
    this.state = this.state.slice();
  }

  /** A line with soft edges between two places, given as parts of width and height. */
  line(from: readonly [number, number], to: readonly [number, number], isErasing: boolean): void {
    const side = Math.max(this.rows, this.columns);
    const radius = side * (isErasing ? ERASER : PEN);
    const [ax, ay, bx, by] = [from[0] * this.columns, from[1] * this.rows, to[0] * this.columns, to[1] * this.rows];
    const [dx, dy] = [bx - ax, by - ay];
    const length = dx * dx + dy * dy;
    for (let row = 0; row < this.rows; row++) {
      for (let column = 0; column < this.columns; column++) {
        const [x, y] = [column + 0.5, row + 0.5];
        const along = length === 0 ? 0 : Math.min(1, Math.max(0, ((x - ax) * dx + (y - ay) * dy) / length));
        const distance = Math.hypot(x - ax - along * dx, y - ay - along * dy);
        const ink = Math.round(INK * Math.min(1, Math.max(0, radius + 0.5 - distance)));
        const place = row * this.columns + column;
        const old = this.state[place] ?? 0;
        this.state[place] = isErasing ? Math.min(old, INK - ink) : Math.max(old, ink);
      }
    }
  }

  /** Ink where there is none, paper where there is some. */
  flip(row: number, column: number): void {
    const place = row * this.columns + column;
    this.state[place] = (this.state[place] ?? 0) > 0 ? 0 : INK;
  }

  clear(): void {
    this.state.fill(0);
  }

  write(): ArrayBuffer {
    return this.state.slice().buffer;
  }

  read(cells: Uint8Array): void {
    this.begun(Uint8Array.from({ length: this.rows * this.columns }, (_, place) => cells[place] ?? 0));
  }
}
