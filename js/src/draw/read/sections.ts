import type { Frame, Section } from "../../core/frame.ts";
import type { NetworkNode } from "../../layout/readNodes.ts";

/** The bias of each unit; null where there is none, or one for every gate. */
export function biasesOf(frame: Frame | null, node: NetworkNode): Section["values"] | null {
  const biases = frame?.section("weight", node.id, "bias")?.values;
  return biases?.length === node.units ? biases : null;
}

/** A section of a node: of the last layer folded into it that has one. */
export function sectionOfNode(frame: Frame, node: NetworkNode, quantity: string): Section | undefined {
  for (let i = node.layers.length - 1; i >= 0; i--) {
    const section = frame.section(quantity, node.layers[i]?.id ?? "");
    if (section !== undefined) return section;
  }
  return undefined;
}

/** What is drawn of the units of a node: what they put out, or what somebody has told to read. */
export function valuesOfNode(frame: Frame, node: NetworkNode): Section["values"] | undefined {
  const isTold = node.layers[0]?.face != null && !node.layers[0].face.isOutput;
  return isTold ? frame.section("view", node.id)?.values : sectionOfNode(frame, node, "activation")?.values;
}

/** A numeric attribute of a section. */
export function numberOf(section: Section | null | undefined, name: string, otherwise: number): number {
  const value = section?.attributes[name];
  return typeof value === "number" && Number.isFinite(value) ? value : otherwise;
}
