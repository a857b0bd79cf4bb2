import "./styles.ts";
import { whenAborted } from "./lib/listen.ts";
import type { Catalogue } from "./lib/say.ts";
import { networkView } from "./networkView.ts";
import { followLanguage } from "./session/language.ts";
import { bringDrawn } from "./session/parts.ts";
import { Session } from "./session/session.ts";
import { AnywidgetChannel, type WidgetModel } from "./stream/anywidgetChannel.ts";

interface Lifetime {
  readonly model: WidgetModel;
  readonly signal: AbortSignal;
}

/** One view of a session, with what its network is drawn with, as soon as that is there. */
export async function show(session: Session, el: HTMLElement, signal: AbortSignal): Promise<void> {
  const parts = session.parts.needed.length > 0 ? await bringDrawn(session.parts) : {};
  if (!signal.aborted) networkView(session, el, signal, parts);
}

type View = typeof show;

/** Makes another copy of this script, which speaks with these words (js/build.mjs). */
declare const nnvisMake: (words: Catalogue) => { readonly show: View };

const copies = new Map<string, View>();

function viewIn(catalogue: Catalogue | null): View {
  if (catalogue === null) return show;
  const view = copies.get(catalogue.language) ?? nnvisMake(catalogue).show;
  copies.set(catalogue.language, view);
  return view;
}

/** anywidget calls this once per widget model, so the session in the closure is shared by the views of one model. */
export default function widget() {
  let session: Session | null = null;
  return {
    initialize({ model, signal }: Lifetime): void {
      session = new Session(new AnywidgetChannel(model, signal), signal);
    },
    render({ el, signal }: Lifetime & { readonly el: HTMLElement }): void {
      const shared = session;
      if (shared === null) return;
      let life = new AbortController();
      whenAborted(signal, () => life.abort());
      let spoken: Catalogue | null = null;
      const make = () => {
        life.abort();
        life = new AbortController();
        void viewIn(spoken)(shared, el, life.signal);
      };
      const speak = (catalogue: Catalogue | null) => {
        spoken = catalogue;
        make();
      };
      followLanguage(shared, el.ownerDocument, speak, signal);
      shared.parts.onNeed(make, signal);
    },
  };
}
