import type { Layer } from "../../core/graph.ts";

/** The kernel that a layer moves over its input. */
export interface KernelPlace {
  /** Along each axis of space. */
  readonly sizes: readonly number[];
  /** How many maps one unit takes from; 1 where each takes from its own. */
  readonly sources: number;
  /** Where in the parameter the weight of a unit for a source stands, at a place of the kernel. */
  index(place: readonly number[], source: number, unit: number): readonly number[];
}

/** `null` of a layer whose weights are not those of a window over a row, a picture or slices. */
export function kernelPlace({ role, parameters }: Layer): KernelPlace | null {
  const shape = parameters.find(({ name }) => name === "kernel")?.shape ?? [];
  const sizes = shape.slice(0, -2);
  const [first = 0, last = 0] = shape.slice(-2);
  if (sizes.length < 1 || sizes.length > 3) return null;
  if (role === "conv") return { sizes, sources: first, index: (place, source, unit) => [...place, source, unit] };
  if (role === "transposed") return { sizes, sources: last, index: (place, source, unit) => [...place, unit, source] };
  if (role !== "depthwise") return null;
  return { sizes, sources: 1, index: (place, _, unit) => [...place, Math.floor(unit / last), unit % last] };
}
