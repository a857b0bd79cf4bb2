import { flag, integer, isJson, type Json, list, text, texts } from "../../stream/narrow.ts";

/** A place that is looked at, and how far. */
export interface LookedAt {
  readonly place: number;
  readonly score: string;
  /** A mask keeps it from sight. */
  readonly isHidden: boolean;
  readonly power: string;
  readonly share: string;
}

/** How one place comes to look at others; twin of nnvis_widget/stream/attention_message.py. */
export interface AttentionSteps {
  readonly query: number;
  readonly scale: string;
  readonly keys: readonly LookedAt[];
  /** How many are not listed, and their share together. */
  readonly more: readonly string[];
  readonly found: readonly string[];
  readonly width: number;
  readonly checked: readonly string[];
  readonly failed: readonly string[];
}

export function readAttentionSteps(raw: Json): AttentionSteps {
  return {
    query: integer(raw, "query"),
    scale: text(raw, "scale"),
    keys: list(raw, "keys").filter(isJson).map(readKey),
    more: texts(raw, "more"),
    found: texts(raw, "found"),
    width: integer(raw, "width"),
    checked: texts(raw, "checked"),
    failed: texts(raw, "failed"),
  };
}

function readKey(raw: Json): LookedAt {
  return {
    place: integer(raw, "place"),
    score: text(raw, "score"),
    isHidden: flag(raw, "isHidden"),
    power: text(raw, "power"),
    share: text(raw, "share"),
  };
}
