import { FIRST_DRAWN } from "./limits.ts";

/** Whether the index of a sample is that of a drawing: none of the data, and nobody knows what is right of it. */
export function isDrawn(sample: number): boolean {
  return sample >= FIRST_DRAWN;
}
