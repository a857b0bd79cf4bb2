import type { FrameHeader } from "../../core/frame.ts";

/** Whether the picture or the history leaves something out. */
export function isSampled(header: FrameHeader | null, omission: string): boolean {
  return omission !== "" || (header !== null && header.keptCount < header.seenCount);
}
