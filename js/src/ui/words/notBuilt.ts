import type { Graph } from "../../core/graph.ts";
import { safeText } from "../../lib/safeText.ts";
import { say } from "../../lib/say.ts";

/** What is not known of a network, as a sentence; empty where all is. */
export function whatIsUnknown(graph: Graph): string {
  return notBuilt(graph) || (graph.note === null ? "" : safeText(graph.note));
}

/** Why shapes and weights of a network are not known; empty where they are. */
export function notBuilt(graph: Graph): string {
  if (graph.isBuilt) return "";
  return graph.note === null ? say("notBuilt") : safeText(graph.note);
}
