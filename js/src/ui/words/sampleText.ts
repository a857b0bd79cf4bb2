import type { Frame } from "../../core/frame.ts";
import { say } from "../../lib/say.ts";

/** `#23, 4 four` or `#23, target 1.25`. */
export function sampleName({ header: { sample, truth } }: Frame): string {
  return truth === "" ? `#${sample}` : `#${sample}${say("comma")}${truth}`;
}
