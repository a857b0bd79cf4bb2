import type { Finding, Frame } from "../../core/frame.ts";
import type { NetworkNode } from "../../layout/readNodes.ts";

/** What was found at the step that is shown. */
export function foundAt({ header }: Frame): readonly Finding[] {
  return header.foundThen ?? header.findings;
}

/** What stands of it at a layer, or at a unit of it, the worst first. */
export function wrongAt(frame: Frame, { layers }: NetworkNode, unit: number | null): Finding[] {
  return foundAt(frame).filter(
    ({ isOver, layer, units }) =>
      !isOver && layers.some(({ id }) => id === layer) && (unit === null || units.includes(unit)),
  );
}
