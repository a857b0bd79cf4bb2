import "./styles.ts";
import { whenAborted } from "./lib/listen.ts";
import type { Catalogue } from "./lib/say.ts";
import { networkView } from "./networkView.ts";
import { followLanguage } from "./session/language.ts";
import { Session } from "./session/session.ts";
import { AnywidgetChannel, type WidgetModel } from "./stream/anywidgetChannel.ts";

interface Lifetime {
  readonly model: WidgetModel;
  readonly signal: AbortSignal;
}

type View = typeof networkView;

/** Makes another copy of this script, which speaks with these words (js/build.mjs). */
declare const nnvisMake: (words: Catalogue) => { readonly networkView: View };

export { networkView };

const copies = new Map<string, View>();

function viewIn(catalogue: Catalogue | null): View {
  if (catalogue === null) return networkView;
  const view = copies.get(catalogue.language) ?? nnvisMake(catalogue).networkView;
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
      const speak = (catalogue: Catalogue | null) => {
        life.abort();
        life = new AbortController();
        viewIn(catalogue)(shared, el, life.signal);
      };
      followLanguage(shared, el.ownerDocument, speak, signal);
    },
  };
}
