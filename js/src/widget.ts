import "./styles.ts";
import { networkView } from "./networkView.ts";
import { Session } from "./session/session.ts";
import { AnywidgetChannel, type WidgetModel } from "./stream/anywidgetChannel.ts";

interface Lifetime {
  readonly model: WidgetModel;
  readonly signal: AbortSignal;
}

/** anywidget calls this once per widget model, so the session in the closure is shared by the views of one model. */
export default function widget() {
  let session: Session | null = null;
  return {
    initialize({ model, signal }: Lifetime): void {
      session = new Session(new AnywidgetChannel(model, signal), signal);
    },
    render({ el, signal }: Lifetime & { readonly el: HTMLElement }): void {
      if (session !== null) networkView(session, el, signal);
    },
  };
}
