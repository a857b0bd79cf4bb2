import type { Scenery, Selection } from "../../core/frame.ts";
import { safeText } from "../../lib/safeText.ts";
import { say } from "../../lib/say.ts";
import type { Hover } from "../../store/viewState.ts";
import { elementCount, elementName, type UnitReading, unitOfElement } from "../words/readUnit.ts";
import { litInput } from "./litRow.ts";
import type { Learnt, LearntWeight } from "./readLearning.ts";

/** What a weight comes from: its name, and where it leads to. */
export interface LearntInput {
  readonly name: string;
  /** The same in full. */
  readonly title: string;
  /** The unit or map it comes from; `null` where that is none in the picture. */
  readonly place: Selection | null;
  /** What lights up in the picture. */
  readonly hover: Hover | null;
  readonly isLit: boolean;
}

export function learntInput(
  { variable, at, label }: LearntWeight,
  { shape }: Learnt,
  reading: UnitReading,
  scenery: Scenery | null,
  hover: Hover | null,
): LearntInput {
  const plain = (name: string): LearntInput => ({ name, title: name, place: null, hover: null, isLit: false });
  const { node, unit, source, weights } = reading;
  const [first = 0] = at;
  if (variable === "bias") return plain(say("biasRow"));
  if (variable !== "kernel" || source === null) return plain(label);
  if (at.length === 1 && weights?.length === shape[0] && elementCount(source) === shape[0]) {
    const isEdge = source.kind !== "maps";
    const name = elementName(source, first, scenery);
    return {
      name,
      title: name,
      place: { layer: source.id, unit: unitOfElement(source, first) },
      hover: isEdge ? { layer: node.id, unit, source: first, sourceLayer: source.id } : null,
      isLit: litInput(hover, reading) === first,
    };
  }
  if (node.kind !== "maps" || at.length < 2) return plain(label);
  if (reading.layer.role === "depthwise") return plain(`(${at.join(", ")})`);
  const map = at.at(-1) ?? 0;
  const inWindow = `(${at.slice(0, -1).join(", ")})`;
  if (shape.at(-1) === 1) return plain(inWindow);
  if (source.maps === null || source.maps[2] !== shape.at(-1)) return plain(`${map} ${inWindow}`);
  return {
    name: `${map} ${inWindow}`,
    title: `${safeText(source.name)} · ${map} ${inWindow}`,
    place: { layer: source.id, unit: map },
    hover: { layer: source.id, unit: map },
    isLit: hover?.layer === source.id && hover.unit === map,
  };
}
