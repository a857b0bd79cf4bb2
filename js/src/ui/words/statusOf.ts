import type { FirstBad, FrameHeader } from "../../core/frame.ts";
import type { Graph } from "../../core/graph.ts";
import { formatCount } from "../../lib/numberFormat.ts";
import type { Connection } from "../../store/frameStore.ts";
import type { IconName } from "../kit/icons.ts";
import { nonFiniteWord } from "./problemText.ts";

export type Tone = "quiet" | "ok" | "info" | "warn" | "err";

export interface Status {
  readonly word: string;
  /** ` / 40`: left out where there is little room. */
  readonly total?: string;
  readonly tone: Tone;
  /** `null` is a dot. */
  readonly icon: IconName | null;
}

/** The state in a word or two, for the pill in the header; `null` where there is nothing to say. */
export function statusOf(graph: Graph | null, header: FrameHeader | null, connection: Connection): Status | null {
  if (connection === "unreachable") return { word: "Kernel not reachable", tone: "warn", icon: "warn" };
  if (connection === "saved") return { word: "Saved picture", tone: "quiet", icon: null };
  if (graph === null) return null;
  if (header === null) return { word: "Loading the first picture", tone: "quiet", icon: null };
  if (!header.isFollowing) return { word: `Viewing ${momentOf(header)}`, tone: "info", icon: null };
  if (header.firstBad !== null) return badStatus(header, header.firstBad);
  switch (header.state) {
    case "running":
      return { word: `Live · ${liveMomentOf(header)}`, total: totalOf(header), tone: "ok", icon: null };
    case "paused":
      return { word: "Paused", tone: "quiet", icon: "pause" };
    case "finished":
      return { word: "Finished", tone: "quiet", icon: "ok" };
    case "failed":
      return { word: "Stopped", tone: "err", icon: "err" };
    default:
      return { word: isReady(header) ? "Ready" : "At rest", tone: "quiet", icon: null };
  }
}

/** Before its first step here; whether the weights were trained elsewhere nobody knows. */
function isReady({ step, commands }: FrameHeader): boolean {
  return step === 0 && commands.includes("start");
}

/** `Live · NaN since step 421`: never a plain "Live" for a training that has gone wrong. */
function badStatus({ state }: FrameHeader, bad: FirstBad): Status {
  const words = { running: "Live", paused: "Paused", finished: "Finished", failed: "Stopped", idle: "At rest" };
  return { word: `${words[state]} · ${nonFiniteWord(bad)}`, tone: "err", icon: "err" };
}

/** `epoch 120` on an epoch's last step, else `step 1,234`. */
export function momentOf(header: FrameHeader): string {
  return header.stepsPerEpoch !== null && header.batch === 0
    ? `epoch ${formatCount(header.epoch)}`
    : `step ${formatCount(header.step)}`;
}

function liveMomentOf({ stepsPerEpoch, step, epoch }: FrameHeader): string {
  return stepsPerEpoch !== null ? `epoch ${formatCount(epoch)}` : `step ${formatCount(step)}`;
}

function totalOf({ stepsPerEpoch, epoch, epochs }: FrameHeader): string {
  return stepsPerEpoch === null || epochs === null ? "" : ` / ${formatCount(Math.max(epochs, epoch))}`;
}
