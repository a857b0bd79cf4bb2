import { isDrawn } from "../../core/drawings.ts";
import type { Frame } from "../../core/frame.ts";
import { say } from "../../lib/say.ts";

/** `your drawing`, `#23, 4 four` or `#23, target 1.25`. */
export function sampleName({ header: { sample, truth } }: Frame): string {
  if (isDrawn(sample)) return say("yourDrawing");
  return truth === "" ? `#${sample}` : `#${sample}${say("comma")}${truth}`;
}
