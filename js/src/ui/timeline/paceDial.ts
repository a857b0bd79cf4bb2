import { PACES } from "../../core/pace.ts";
import { listen } from "../../lib/listen.ts";
import { say } from "../../lib/say.ts";
import { el, setAttributes, show } from "../kit/dom.ts";
import type { Part, Shell } from "../kit/shell.ts";
import { paceText } from "../words/paceText.ts";

/** What was chosen is shown for so long, then again what is in force. */
const PATIENCE_MS = 1500;

/** How fast the training goes: shows what is in force, also where that came from a program. */
export function createPaceDial({ store, actions, signal }: Shell): Part {
  const select = el("select", { class: "nv-select", "aria-label": say("paceOfTraining") });
  const label = el("span", { class: "nv-label", "aria-hidden": "true" }, say("pace"));
  const element = el("span", { class: "nv-labelled nv-pace", hidden: true }, label, select);
  let offered: readonly string[] = [];
  let chosen_ms = Number.NEGATIVE_INFINITY;
  const choose = () => {
    chosen_ms = performance.now();
    actions.command("setPace", { pace: select.value });
  };
  listen(select, "change", choose, signal);

  return {
    element,
    update() {
      const header = store.frame?.header ?? null;
      const pace = header?.pace ?? "";
      show(element, pace !== "");
      if (pace === "") return;
      const wanted = PACES.includes(pace) ? PACES : [...PACES, pace];
      if (wanted.join() !== offered.join()) {
        offered = wanted;
        select.replaceChildren(...offered.map((text) => el("option", { value: text }, paceText(text))));
      }
      if (performance.now() > chosen_ms + PATIENCE_MS) select.value = pace;
      const isOff = store.connection !== "live" || !header?.commands.includes("setPace");
      setAttributes(select, { disabled: isOff });
    },
  };
}
