import type { Clock } from "../../core/clock.ts";
import type { Finding } from "../../core/frame.ts";
import { keyOf, say } from "../../lib/say.ts";
import { exactText } from "./clockText.ts";

const KINDS = { fault: keyOf("faultWord"), warning: keyOf("warningWord"), note: keyOf("noteWord") };

/** `Fault` */
export function foundWord({ severity }: Finding): string {
  return say(KINDS[severity]);
}

/** `And 7 more findings.`, where there was no room for them; else nothing. */
export function leftText(found: readonly Finding[]): string[] {
  const count = found.at(-1)?.left ?? 0;
  return count > 0 ? [say("foundLeft", { count })] : [];
}

/** `Fault since epoch 3.1 (step 31): Dead units in 'h1': 45 of 64.` */
export function foundText(found: Finding, clock: Clock, what = found.title): string {
  const { isOver, sinceStep, lastStep } = found;
  const word = foundWord(found);
  const since = sinceStep === 0 ? word : say("foundSince", { kind: word, moment: exactText(clock, sinceStep) });
  const kind = isOver ? say("foundOver", { kind: word, moment: exactText(clock, lastStep) }) : since;
  return say("foundIs", { kind, what });
}
