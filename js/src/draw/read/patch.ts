import type { Frame } from "../../core/frame.ts";
import type { NetworkNode } from "../../layout/readNodes.ts";
import { at } from "../../lib/numbers.ts";
import { numberOf } from "./sections.ts";

/** How one place of a map comes about. */
export interface PatchReading {
  readonly rows: number;
  readonly columns: number;
  /** What the window reads, and the kernel over it: for each map before, row by row. */
  readonly inputs: ArrayLike<number>;
  readonly kernels: ArrayLike<number>;
  /** The first of the maps before that these are of. */
  readonly first: number;
  /** Whether the kernel is the product of two. */
  readonly isProduct: boolean;
  /** Σ patch · kernel for each map before. */
  readonly parts: Float64Array;
  readonly bias: number | null;
  readonly z: number;
  /** As the layer was measured to put it out. */
  readonly a: number;
  readonly inputEnd: { readonly least: number; readonly most: number };
  readonly kernelEnd: number;
}

/** What a frame has of a place; `null` where it is of another one, or its sum is not known. */
export function readPatch(
  frame: Frame,
  node: NetworkNode,
  unit: number,
  place: readonly [number, number],
): PatchReading | null {
  const patch = frame.section("patch", node.id);
  const kernel = frame.section("patch_kernel", node.id);
  const [count = 0, rows = 0, columns = 0] = patch?.shape ?? [];
  if (patch === undefined || kernel?.values.length !== patch.values.length || count === 0) return null;
  const { attributes } = patch;
  if (attributes.unit !== unit || attributes.row !== place[0] || attributes.column !== place[1]) return null;
  const parts = new Float64Array(count);
  const size = rows * columns;
  for (let i = 0; i < patch.values.length; i++) {
    const map = Math.floor(i / size);
    parts[map] = at(parts, map) + at(patch.values, i) * at(kernel.values, i);
  }
  const sizes = Array.from(patch.values, Math.abs);
  return {
    rows,
    columns,
    inputs: patch.values,
    kernels: kernel.values,
    parts,
    first: numberOf(patch, "first", 0),
    isProduct: kernel.attributes.isProduct === true,
    bias: kernel.attributes.hasBias === true ? numberOf(patch, "bias", 0) : null,
    z: numberOf(patch, "z", Number.NaN),
    a: numberOf(patch, "a", Number.NaN),
    inputEnd: { least: Math.min(...patch.values), most: Math.max(...sizes) },
    kernelEnd: Math.max(...Array.from(kernel.values, Math.abs)),
  };
}
