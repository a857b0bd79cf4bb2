import type { Scenery } from "../../core/frame.ts";
import { className } from "../../layout/unitNames.ts";
import { at } from "../../lib/numbers.ts";
import { say } from "../../lib/say.ts";
import { el } from "../kit/dom.ts";
import type { Result } from "./readResult.ts";

/** What was put out at each place of a sequence, beside what was wanted there. */
export function createRow() {
  const body = el("tbody");
  const wantedHead = el("th", { scope: "col" }, say("theTarget"));
  const head = el(
    "tr",
    {},
    el("th", { scope: "col" }, say("thePlace")),
    el("th", { scope: "col" }, say("putOut")),
    wantedHead,
  );
  const more = el("p", { class: "nv-sub" });
  const table = el("table", { class: "nv-result-row" }, el("thead", {}, head), body);
  const element = el(
    "div",
    { class: "nv-result-scroll", tabindex: 0, role: "region", "aria-label": say("putOutByPlace") },
    table,
    more,
  );
  let drawn = "";
  return {
    element,
    set({ putOut, target }: Result, scenery: Scenery | null) {
      const now = `${putOut.values.join()} ${target?.values.join()} ${scenery?.classNames.join()}`;
      if (now === drawn) return;
      drawn = now;
      wantedHead.hidden = target === null;
      body.replaceChildren(
        ...Array.from(putOut.values, (guess, place) => {
          const wanted = target === null ? -1 : at(target.values, place);
          const isRight = wanted < 0 ? null : wanted === guess;
          const name = (index: number) => (index < 0 ? say("noClass") : className(scenery, index));
          const mark = isRight === null ? "" : isRight ? "✓ " : "✗ ";
          return el(
            "tr",
            { "data-right": isRight === null ? null : String(isRight) },
            el("th", { scope: "row" }, String(place)),
            el("td", {}, mark + name(guess)),
            ...(target === null ? [] : [el("td", {}, name(wanted))]),
          );
        }),
      );
      const rest = Number(putOut.attributes.count ?? putOut.values.length) - putOut.values.length;
      more.hidden = rest <= 0;
      more.textContent = say("placesMore", { count: rest });
    },
  };
}
