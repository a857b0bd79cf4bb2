import type { Frame } from "../../core/frame.ts";
import type { NetworkNode } from "../../layout/readNodes.ts";
import type { Fact } from "../kit/facts.ts";
import { partFacts } from "./partFacts.ts";
import { toldFacts } from "./toldFacts.ts";

/** What is told of a layer beside its structure: what somebody has told to read, what the sources of a merge bring. */
export function moreFacts(node: NetworkNode, frame: Frame): Fact[] {
  return [...toldFacts(node, frame), ...partFacts(node, frame)];
}
