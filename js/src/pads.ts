import "./ui/tables/table.css";
import "./pad/pad.css";
import { whenAborted } from "./lib/listen.ts";
import { newName } from "./lib/newName.ts";
import type { Catalogue } from "./lib/say.ts";
import { digitPad } from "./pad/digitPad.ts";
import { linkPad, type PadModel, talkOf } from "./pad/padModel.ts";
import { pictureChoice } from "./pad/pictureChoice.ts";
import { pointPad } from "./pad/pointPad.ts";
import { followLanguage } from "./session/language.ts";
import { findHostModel, passGate } from "./stream/hostModel.ts";

interface Lifetime {
  readonly model: PadModel;
  readonly el: HTMLElement;
  readonly signal: AbortSignal;
}

/** What is drawn on, by the trait `pad`. */
export const pads = { points: pointPad, digit: digitPad, pictures: pictureChoice };

/** Makes another copy of this script, which speaks with these words (js/build.mjs). */
declare const nnvisMake: (words: Catalogue) => { readonly pads: typeof pads };

const copies = new Map<string, typeof pads>();

function padsIn(catalogue: Catalogue | null): typeof pads {
  if (catalogue === null) return pads;
  const copy = copies.get(catalogue.language) ?? nnvisMake(catalogue).pads;
  copies.set(catalogue.language, copy);
  return copy;
}

/** A pad, once for every place that shows it. */
export default {
  initialize({ model }: Omit<Lifetime, "el">): void {
    void passGate(findHostModel(model, "author", "\u0000"));
  },
  render({ model, el, signal }: Lifetime): void {
    const name = String(model.get("pad")) as keyof typeof pads;
    if (!Object.hasOwn(pads, name)) return;
    let life = new AbortController();
    whenAborted(signal, () => life.abort());
    const speak = (catalogue: Catalogue | null) => {
      life.abort();
      life = new AbortController();
      padsIn(catalogue)[name](linkPad(model, newName(), life.signal), el, life.signal);
    };
    followLanguage(talkOf(model), el.ownerDocument, speak, signal);
  },
};
