import "./theme/tokens.css";
import "./draw/picture.css";
import "./ui/shell.css";
import "./ui/controls.css";
import "./ui/navigation.css";
import "./ui/overlays.css";
import "./ui/notice.css";
import "./ui/timeline.css";
import "./ui/inspector.css";
import "./ui/layerPage.css";
import "./ui/inspectorSizes.css";
import "./ui/narrow.css";
import "./ui/contrast.css";
import "./ui/dashboard.css";
import "./ui/print.css";
import "./ui/table.css";
import { networkView } from "./networkView.ts";
import { Session } from "./session.ts";
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
