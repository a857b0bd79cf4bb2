import type { Frame } from "../core/frame.ts";
import type { Graph } from "../core/graph.ts";
import type { PictureCopy } from "../draw/copyPicture.ts";
import { capital } from "../lib/capital.ts";
import { safeText } from "../lib/safeText.ts";
import { say } from "../lib/say.ts";
import type { Connection } from "../store/frameStore.ts";
import { factsOf } from "../ui/words/factsOf.ts";
import { notBuilt } from "../ui/words/notBuilt.ts";
import { nonFiniteText } from "../ui/words/problemText.ts";
import { spokenMoment } from "../ui/words/spokenMoment.ts";
import { statusOf } from "../ui/words/statusOf.ts";
import type { PaperTexts } from "./paper.ts";

/** What is written around the picture of a file. */
export function fileTexts(
  graph: Graph | null,
  { frame, legend, units }: PictureCopy,
  connection: Connection,
): PaperTexts {
  const status = statusOf(graph, frame, connection);
  const notes: { text: string; isProblem: boolean }[] = [];
  if (frame !== null) {
    const { firstBad, problem } = frame.header;
    notes.push({ text: momentText(frame), isProblem: false });
    if (firstBad !== null)
      notes.push({ text: say("problemIs", { problem: nonFiniteText(firstBad, frame.clock) }), isProblem: true });
    if (problem !== null) notes.push({ text: say("problemIs", { problem: safeText(problem.title) }), isProblem: true });
  }
  if (graph !== null) notes.push({ text: notBuilt(graph), isProblem: false });
  notes.push({ text: legend.omission, isProblem: false });
  return {
    title: graph === null ? say("noModel") : safeText(graph.name),
    facts: graph === null ? "" : factsOf(graph, frame),
    status: status === null ? null : status,
    legend,
    units,
    notes: notes.filter(({ text }) => text !== ""),
  };
}

/** `Epoch 12.3 of 50 (step 1,234), train loss 0.123` */
function momentText(frame: Frame): string {
  return capital(spokenMoment(frame));
}

/** `moons_mlp-step-120.png`: letters, digits, dots, dashes and underscores only. */
export function fileName(graph: Graph | null, frame: Frame | null, format: string): string {
  const name = (graph?.name ?? "")
    .replace(/[^\p{L}\p{N}._-]+/gu, "_")
    .replace(/^[._]+/, "")
    .slice(0, 80);
  const step = frame === null ? "" : `-step-${frame.header.step}`;
  return `${name === "" ? "network" : name}${step}.${format}`;
}
