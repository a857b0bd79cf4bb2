import { type Key, keyOf, say } from "../../lib/say.ts";
import { el } from "./dom.ts";

const KEYS: readonly (readonly [string, Key])[] = [
  ["Space", keyOf("keyTrain")],
  [", and .", keyOf("keySteps")],
  ["S", keyOf("keyStepThrough")],
  ["L", keyOf("keyLive")],
  ["B", keyOf("keyBookmark")],
  ["Home End", keyOf("keyEnds")],
  ["← → Enter Del", keyOf("keyMarks")],
  ["← →", keyOf("keyLayers")],
  ["↑ ↓", keyOf("keyUnits")],
  ["PgUp PgDn", keyOf("keyTen")],
  ["Enter", keyOf("keyInspect")],
  ["I", keyOf("keyPeek")],
  ["O and P", keyOf("keyFollow")],
  ["+ and −", keyOf("keyZoom")],
  ["Shift + arrows", keyOf("keyPan")],
  ["0", keyOf("keyFit")],
  ["/", keyOf("keyFind")],
  ["[ and ]", keyOf("keySample")],
  ["< and >", keyOf("keyTimeStep")],
  ["C", keyOf("keyQuantity")],
  ["Esc", keyOf("keyClose")],
  ["?", keyOf("keyList")],
];

/** Every key of the view and what it does. */
export function keyList(): HTMLElement {
  const list = el("dl", { class: "nv-keys" });
  for (const [key, meaning] of KEYS) list.append(el("dt", {}, el("kbd", {}, keyName(key))), el("dd", {}, say(meaning)));
  return list;
}

/** As it is written in the language of the page. */
function keyName(key: string): string {
  return key.replace(" and ", say("and")).replace("arrows", say("arrowKeys")).replace("Space", say("spaceKey"));
}
