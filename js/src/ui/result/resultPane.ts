import { RESULT_LIMIT } from "../../core/limits.ts";
import { formatCount } from "../../lib/numberFormat.ts";
import { keyOf, say } from "../../lib/say.ts";
import type { ThemeName } from "../../theme/ramps.ts";
import { buildRamps } from "../../theme/ramps.ts";
import { el, setText, show } from "../kit/dom.ts";
import type { Shell } from "../kit/shell.ts";
import { createClasses } from "./classes.ts";
import { createPictures } from "./pictures.ts";
import { readResult } from "./readResult.ts";
import { createRow } from "./row.ts";

export interface ResultPane {
  readonly element: HTMLElement;
  update(): void;
  setTheme(theme: ThemeName): void;
}

/** Beside the network: what it put out for the sample, and what was to come out. */
export function createResultPane({ store }: Shell, theme: ThemeName): ResultPane {
  let ramps = buildRamps(theme);
  const parts = { picture: createPictures(), classes: createClasses(), row: createRow() };
  const verdict = el("p", { class: "nv-sub" });
  const missing = el("p", { class: "nv-sub" });
  const heading = el("h3", {}, say("resultTitle"));
  const contents = Object.values(parts).map(({ element }) => element);
  const element = el(
    "aside",
    { class: "nv-result", "aria-label": say("resultTitle") },
    heading,
    verdict,
    missing,
    ...contents,
  );
  let drawn: unknown = null;
  const update = () => {
    const { frame, scenery } = store;
    if (frame === null || frame === drawn) return;
    drawn = frame;
    const result = readResult(frame, scenery);
    for (const [kind, part] of Object.entries(parts)) show(part.element, result?.kind === kind);
    show(missing, result === null);
    const output = store.graph?.layers.find(({ id }) => id === store.graph?.outputs[0])?.outputShape[0]?.slice(1) ?? [];
    const size = output.reduce<number>((size, axis) => size * (axis ?? 1), 1);
    setText(
      missing,
      say(size > RESULT_LIMIT ? keyOf("resultTooLarge") : keyOf("resultUnmeasured"), {
        most: formatCount(RESULT_LIMIT),
      }),
    );
    const { verdict: said } = frame.header;
    setText(verdict, said === null ? "" : said.words);
    verdict.dataset.tone = said?.tone ?? "plain";
    if (result === null) return;
    if (result.kind === "picture") parts.picture.set(result, ramps);
    else if (result.kind === "classes") parts.classes.set(result, ramps, scenery, output.at(-1) ?? 0);
    else parts.row.set(result, scenery);
  };
  return {
    element,
    update,
    setTheme(name) {
      ramps = buildRamps(name);
      drawn = null;
      update();
    },
  };
}
