import { isDrawn } from "../../core/drawings.ts";
import type { Frame } from "../../core/frame.ts";
import { formatCount } from "../../lib/numberFormat.ts";
import { say } from "../../lib/say.ts";
import { exactText } from "./clockText.ts";

/** `your drawing at epoch 120.0 (step 600)`, `sample 3 (class 1) at epoch 120.0 (step 600)` */
export function sampleMoment({ header, clock }: Frame): string {
  const said = { sample: formatCount(header.sample), moment: exactText(clock, header.step) };
  if (isDrawn(header.sample)) return say("drawingAt", { moment: said.moment });
  return header.truth === "" ? say("sampleAt", said) : say("sampleOfClassAt", { ...said, truth: header.truth });
}
