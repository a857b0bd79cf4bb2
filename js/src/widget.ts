import "./styles.ts";
import { whenAborted } from "./lib/listen.ts";
import { newName } from "./lib/newName.ts";
import type { Catalogue } from "./lib/say.ts";
import { networkView } from "./networkView.ts";
import { linkPad, talkOf } from "./pad/padModel.ts";
import { pointPad } from "./pad/pointPad.ts";
import { followLanguage } from "./session/language.ts";
import { Session } from "./session/session.ts";
import { AnywidgetChannel, type WidgetModel } from "./stream/anywidgetChannel.ts";
import { findHostModel, passGate } from "./stream/hostModel.ts";

interface Lifetime {
  readonly model: WidgetModel;
  readonly signal: AbortSignal;
}

/** What is drawn on, by the trait `pad`; a network has none. */
export const pads = { points: pointPad };
export { networkView };

type PadName = keyof typeof pads;
interface Copy {
  readonly networkView: typeof networkView;
  readonly pads: typeof pads;
}

/** Makes another copy of this script, which speaks with these words (js/build.mjs). */
declare const nnvisMake: (words: Catalogue) => Copy;

const copies = new Map<string, Copy>();

function copyIn(catalogue: Catalogue | null): Copy {
  if (catalogue === null) return { networkView, pads };
  const copy = copies.get(catalogue.language) ?? nnvisMake(catalogue);
  copies.set(catalogue.language, copy);
  return copy;
}

function padOf(model: WidgetModel): PadName | null {
  const name = model.get("pad");
  return typeof name === "string" && Object.hasOwn(pads, name) ? (name as PadName) : null;
}

/** anywidget calls this once per widget model, so the session in the closure is shared by the views of one model. */
export default function widget() {
  let session: Session | null = null;
  return {
    initialize({ model, signal }: Lifetime): void {
      if (padOf(model) === null) session = new Session(new AnywidgetChannel(model, signal), signal);
      else void passGate(findHostModel(model, "author", "\u0000"));
    },
    render({ model, el, signal }: Lifetime & { readonly el: HTMLElement }): void {
      const [shared, pad] = [session, padOf(model)];
      let life = new AbortController();
      whenAborted(signal, () => life.abort());
      const speak = (catalogue: Catalogue | null) => {
        life.abort();
        life = new AbortController();
        const copy = copyIn(catalogue);
        if (shared !== null) copy.networkView(shared, el, life.signal);
        else if (pad !== null) copy.pads[pad](linkPad(model, newName(), life.signal), el, life.signal);
      };
      followLanguage(shared ?? talkOf(model), el.ownerDocument, speak, signal);
    },
  };
}
