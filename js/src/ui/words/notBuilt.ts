import type { Graph } from "../../core/graph.ts";
import { safeText } from "../../lib/safeText.ts";
import { say } from "../../lib/say.ts";

/** Why shapes and weights of a network are not known; empty where they are. */
export function notBuilt(graph: Graph): string {
  if (graph.isBuilt) return "";
  return graph.note === null ? say("notBuilt") : safeText(graph.note);
}
