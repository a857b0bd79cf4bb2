import { FACES, type Face } from "../core/graph.ts";
import { isIndex, isJson } from "./narrow.ts";

/** What somebody has told to draw of a layer; null where nobody has. */
export function readFace(value: unknown): Face | null {
  if (!isJson(value) || !Array.isArray(value.shape)) return null;
  const { kind, shape, title, output } = value;
  const found = FACES.find((one) => one === kind);
  const [rows, columns, count] = shape;
  if (found === undefined || ![rows, columns, count].every((one) => isIndex(one) && one > 0)) return null;
  return { kind: found, shape: [rows, columns, count], title: String(title ?? ""), isOutput: output === true };
}
