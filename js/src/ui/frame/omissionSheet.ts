import type { FrameHeader } from "../../core/frame.ts";
import { formatCount } from "../../lib/numberFormat.ts";
import { el } from "../kit/dom.ts";
import { createFacts, type Fact } from "../kit/facts.ts";

/** Whether the picture or the history leaves something out. */
export function isSampled(header: FrameHeader | null, omission: string): boolean {
  return omission !== "" || (header !== null && header.keptCount < header.seenCount);
}

/** What is drawn and kept, and what is not. */
export function omissionSheet(header: FrameHeader | null, omission: string): HTMLElement {
  const facts = createFacts();
  facts.set(header === null ? [] : historyFacts(header));
  const sentences = omission.split("\n").filter((line) => line !== "");
  return el("div", { class: "nv-omissions" }, ...sentences.map((line) => el("p", {}, line)), facts.element);
}

function historyFacts({ keptCount, seenCount, latestStep }: FrameHeader): Fact[] {
  const facts: Fact[] = [{ name: "metrics recorded", value: "every step" }];
  if (latestStep > 0 && seenCount > 1) {
    const stride = Math.max(1, Math.round(latestStep / (seenCount - 1)));
    facts.push({ name: "pictures taken", value: stride === 1 ? "every step" : `1 in ${formatCount(stride)} steps` });
  }
  facts.push({ name: "pictures kept", value: `${formatCount(keptCount)} of ${formatCount(seenCount)}` });
  return facts;
}
