import type { FrameHeader } from "../../core/frame.ts";
import { formatCount } from "../../lib/numberFormat.ts";
import { say } from "../../lib/say.ts";
import { el } from "../kit/dom.ts";
import { createFacts, type Fact } from "../kit/facts.ts";

/** What is drawn and kept, and what is not. */
export function omissionSheet(header: FrameHeader | null, omission: string): HTMLElement {
  const facts = createFacts();
  facts.set(header === null ? [] : historyFacts(header));
  const sentences = omission.split("\n").filter((line) => line !== "");
  return el("div", { class: "nv-omissions" }, ...sentences.map((line) => el("p", {}, line)), facts.element);
}

function historyFacts({ keptCount, seenCount, latestStep }: FrameHeader): Fact[] {
  const facts: Fact[] = [{ name: say("metricsRecorded"), value: say("everyStep") }];
  if (latestStep > 0 && seenCount > 1) {
    const stride = Math.max(1, Math.round(latestStep / (seenCount - 1)));
    const value = stride === 1 ? say("everyStep") : say("oneInSteps", { count: stride });
    facts.push({ name: say("picturesTaken"), value });
  }
  const value = say("ofAll", { part: formatCount(keptCount), count: seenCount });
  facts.push({ name: say("picturesKept"), value });
  return facts;
}
