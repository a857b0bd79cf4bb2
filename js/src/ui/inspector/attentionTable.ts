import { safeText } from "../../lib/safeText.ts";
import { say } from "../../lib/say.ts";
import { el, setText, show } from "../kit/dom.ts";
import type { AttentionSteps } from "./readAttentionSteps.ts";

/** From left to right what attention does with each place: q·k, the mask, e to that, its share; below what is found. */
export function createAttentionTable() {
  const score = el("th", { scope: "col" });
  const head = el(
    "tr",
    {},
    el("th", { scope: "col" }, say("placeLooked")),
    score,
    el("th", { scope: "col" }, "eˢ⁻ᵐᵃˣ"),
    el("th", { scope: "col" }, say("attentionShare")),
  );
  const body = el("tbody");
  const caption = el("caption", { class: "nv-hidden" });
  const table = el("table", { class: "nv-learning-table" }, caption, el("thead", {}, head), body);
  const found = el("p", { class: "nv-sub nv-below" });
  const element = el("div", {}, table, found);
  return {
    element,
    set({ query, scale, keys, more, found: numbers, width }: AttentionSteps, words: readonly string[]) {
      setText(caption, say("attentionSteps", { place: query }));
      setText(score, scale === "" ? "q·k" : `q·k · ${scale}`);
      const name = (place: number) => {
        const word = words[place] ?? "";
        return word === "" ? String(place) : `${place} · ${safeText(word)}`;
      };
      const rows = keys.map(({ place, score, isHidden, power, share }) =>
        el(
          "tr",
          {},
          el("th", { scope: "row" }, name(place)),
          el("td", {}, score),
          el("td", {}, isHidden ? say("attentionHidden") : power),
          el("td", {}, share),
        ),
      );
      const [count = "", rest = ""] = more;
      const others = el(
        "tr",
        {},
        el("th", { scope: "row" }, say("placesMore", { count: Number(count) })),
        el("td"),
        el("td"),
        el("td", {}, rest),
      );
      body.replaceChildren(...rows, ...(count === "" ? [] : [others]));
      show(found, numbers.length > 0);
      const cut = width > numbers.length ? ", …" : "";
      setText(found, say("attentionFound", { numbers: `${numbers.join(", ")}${cut}`, width }));
    },
  };
}
