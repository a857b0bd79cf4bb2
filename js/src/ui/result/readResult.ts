import type { Frame, Scenery, Section } from "../../core/frame.ts";

/** What the network put out for the sample, and what was to come out: bytes of pictures, or classes by place. */
export interface Result {
  readonly kind: "picture" | "classes" | "row";
  readonly putOut: Section;
  readonly target: Section | null;
  readonly rows: number;
  readonly columns: number;
}

/** `null` where nothing is known of it. */
export function readResult(frame: Frame | null, scenery: Scenery | null): Result | null {
  const task = scenery?.task;
  if (frame === null || task === undefined || task.shape.length === 0) return null;
  const part = (name: string) => frame.sections.find((one) => one.quantity === "result" && one.name === name) ?? null;
  const [putOut, target] = [part("put_out"), part("target")];
  if (putOut === null) return null;
  const [rows = 1, columns = 1] = putOut.shape;
  if (task.kind !== "class_of_each") return { kind: "picture", putOut, target, rows, columns };
  const isRow = putOut.shape.length === 1;
  return { kind: isRow ? "row" : "classes", putOut, target, rows: isRow ? 1 : rows, columns: isRow ? rows : columns };
}
