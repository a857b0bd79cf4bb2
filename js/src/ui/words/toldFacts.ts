import type { Frame } from "../../core/frame.ts";
import { valuesOfNode } from "../../draw/read/sections.ts";
import type { NetworkNode } from "../../layout/readNodes.ts";
import { rowName } from "../../layout/unitNames.ts";
import { formatNumber } from "../../lib/numberFormat.ts";
import { at } from "../../lib/numbers.ts";
import { safeText } from "../../lib/safeText.ts";
import { say } from "../../lib/say.ts";
import type { Fact } from "../kit/facts.ts";

/** What somebody has told to read of a layer: what is drawn, the rows of its card, its numbers over the probe batch. */
export function toldFacts(node: NetworkNode, frame: Frame): Fact[] {
  const [layer] = node.layers;
  const facts: Fact[] = [];
  if (layer?.face?.title) facts.push({ name: say("drawnOfIt"), value: safeText(layer.face.title) });
  if (layer?.face?.kind === "card") {
    const values = valuesOfNode(frame, node) ?? [];
    for (let row = 0; row < values.length; row++) {
      facts.push({ name: rowName(node, row), value: formatNumber(at(values, row), 3), isBold: true });
    }
  }
  for (const name of layer?.numbers ?? []) {
    const [value] = frame.section("number", node.id, name)?.values ?? [];
    if (value !== undefined)
      facts.push({ name: say("meanOfProbe", { name: safeText(name) }), value: formatNumber(value, 3), isBold: true });
  }
  return facts;
}
