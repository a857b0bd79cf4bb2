import type { Clock } from "../../core/clock.ts";
import type { FirstBad, Frame, FrameHeader } from "../../core/frame.ts";
import type { Graph } from "../../core/graph.ts";
import { safeText } from "../../lib/safeText.ts";
import { keyOf, say } from "../../lib/say.ts";
import type { Connection } from "../../store/frameStore.ts";
import type { IconName } from "../kit/icons.ts";
import { clockText } from "./clockText.ts";
import { nonFiniteWord } from "./problemText.ts";

export type Tone = "quiet" | "ok" | "info" | "warn" | "err";

export interface Status {
  readonly word: string;
  readonly tone: Tone;
  /** `null` is a dot. */
  readonly icon: IconName | null;
}

/** The state in a word or two, for the pill in the header; `null` where there is nothing to say. */
export function statusOf(graph: Graph | null, frame: Frame | null, connection: Connection): Status | null {
  if (connection === "unreachable") return { word: say("kernelUnreachable"), tone: "warn", icon: "warn" };
  if (connection === "saved") return { word: say("savedPicture"), tone: "quiet", icon: null };
  if (graph === null) return null;
  if (frame === null) return { word: say("loadingFirst"), tone: "quiet", icon: null };
  const { header, clock } = frame;
  if (header.whatIf > 0) return { word: say("whatIfStatus", { count: header.whatIf }), tone: "warn", icon: "warn" };
  if (!header.isFollowing)
    return { word: say("viewing", { moment: clockText(clock, header.step) }), tone: "info", icon: null };
  if (header.firstBad !== null) return badStatus(header, header.firstBad, clock);
  switch (header.state) {
    case "running":
      return { word: say("liveAt", { moment: clockText(clock, header.step) }), tone: "ok", icon: null };
    case "paused":
      return { word: say("paused"), tone: "quiet", icon: "pause" };
    case "finished":
      return { word: finishedText(header.ending), tone: "quiet", icon: "ok" };
    case "failed":
      return { word: say("stopped"), tone: "err", icon: "err" };
    default:
      return { word: say(isReady(header) ? keyOf("ready") : keyOf("atRest")), tone: "quiet", icon: null };
  }
}

function finishedText(ending: string): string {
  const word = say("finished");
  return ending === "" ? word : say("nameIs", { name: word, value: safeText(ending) });
}

/** Before its first step here; whether the weights were trained elsewhere nobody knows. */
function isReady({ step, commands }: FrameHeader): boolean {
  return step === 0 && commands.includes("start");
}

/** `Live · NaN since epoch 84.2`: never a plain "Live" for a training that has gone wrong. */
function badStatus({ state }: FrameHeader, bad: FirstBad, clock: Clock): Status {
  const words = {
    running: keyOf("live"),
    paused: keyOf("paused"),
    finished: keyOf("finished"),
    failed: keyOf("stopped"),
    idle: keyOf("atRest"),
  };
  return { word: `${say(words[state])} · ${nonFiniteWord(bad, clock)}`, tone: "err", icon: "err" };
}
