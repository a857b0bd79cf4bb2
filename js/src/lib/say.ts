import english from "../../../nnvis_widget/core/words/page.en.json";
import { formatCount } from "./numberFormat.ts";

type Name = keyof typeof english;

declare const isKey: unique symbol;
/** A text of the catalogue, to be said later. */
export type Key = { readonly [isKey]: true };

/** One text, or one for each plural form of the language; `{name}` stands for what is put in. */
type Entry = string | Readonly<Record<string, string>>;

/** The words of a language, by their keys; what it lacks is said in English. */
export interface Catalogue {
  readonly language: string;
  readonly words: Readonly<Record<string | number, Entry>>;
}

/** What this copy of the front end is made with; without it, it speaks English. */
declare const nnvisWords: Catalogue | undefined;

const own = typeof nnvisWords === "undefined" ? undefined : nnvisWords;
const forms = new Intl.PluralRules(own?.language ?? "en");

/** The language that is spoken here. */
export const language: string = own?.language ?? "en";

/** A key by its name. js/build.mjs puts numbers for the names that stand in `say("…` and `keyOf("…`, and nowhere else. */
export function keyOf(name: Name): Key {
  return name as unknown as Key;
}

type IsUnion<Type, Whole = Type> = Type extends unknown ? ([Whole] extends [Type] ? false : true) : never;

/** The text of a key. `count` is written with commas and decides the plural; all else stands as it is given. */
export function say<Text extends Name>(
  key: Key | (IsUnion<Text> extends true ? never : Text),
  values: Readonly<Record<string, string | number>> = {},
): string {
  const place = key as unknown as Name;
  const entry: Entry = own?.words[place] ?? english[place];
  const { count } = values;
  const text = typeof entry === "string" ? entry : (entry[forms.select(Number(count))] ?? entry.other ?? "");
  return text.replace(/\{(\w+)\}/g, (_, name: string) => {
    return name === "count" && typeof count === "number" ? formatCount(count) : String(values[name]);
  });
}
