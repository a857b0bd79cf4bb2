import type { Frame } from "../../core/frame.ts";
import type { NetworkNode } from "../../layout/readNodes.ts";
import { formatScaleEnd, formatSigned } from "../../lib/numberFormat.ts";
import { at } from "../../lib/numbers.ts";
import { say } from "../../lib/say.ts";
import type { Ramps } from "../../theme/ramps.ts";
import { createPixelPicture } from "../charts/pixelPicture.ts";
import { createRampBar } from "../charts/rampBar.ts";
import { el, setText, show } from "../kit/dom.ts";
import { createFacts } from "../kit/facts.ts";
import { createSection, type PanelSection } from "../kit/section.ts";
import { seriesName } from "../words/seriesName.ts";

export interface KeptPanel extends PanelSection {
  /** `unit`: whose numbers are written, or `null`. */
  set(node: NetworkNode, unit: number | null, frame: Frame, ramps: Ramps): void;
}

/** What a stateful layer has kept for its next batch: a row for each sample of a batch, a column for each unit. */
export function createKeptPanel(): KeptPanel {
  const pictures: ReturnType<typeof createPicture>[] = [];
  const list = el("div", { class: "nv-state-pictures" });
  const numbers = createFacts();
  const section = createSection(say("keptTitle"), list, numbers.element);
  return {
    ...section,
    set(node, unit, frame, ramps) {
      const layer = node.layers[0]?.id;
      const states = frame.sections.filter((one) => one.quantity === "kept_picture" && one.layer === layer);
      show(section.element, states.length > 0);
      if (states.length === 0) return;
      const isWhole = states.every(({ shape, attributes: { rows, size } }) => shape[0] === rows && shape[1] === size);
      const note = say("keptNote", { count: Number(states[0]?.attributes.rows) });
      section.setNote(isWhole ? note : `${note}${say("gap")}${say("keptBlocks")}`);
      while (pictures.length < states.length) pictures.push(createPicture());
      list.replaceChildren(...pictures.slice(0, states.length).map(({ element }) => element));
      states.forEach(({ name, shape: [rows = 0, columns = 0], values, attributes }, place) => {
        const share = (cell: number) => {
          const code = at(values, cell);
          return code === 0 ? Number.NaN : (code - 1) / 254;
        };
        pictures[place]?.set(stateName(name), rows, columns, share, Number(attributes.hi), ramps);
      });
      const own = frame.sections.filter(
        (one) => one.quantity === "kept_unit" && one.layer === layer && one.attributes.unit === unit,
      );
      numbers.set(
        own.map(({ name, values, attributes: { rows } }) => ({
          name: stateName(name),
          value: `${Array.from(values, (value) => formatSigned(value, 3)).join(", ")}${values.length < Number(rows) ? ", …" : ""}`,
        })),
      );
    },
  };
}

/** Of a layer whose states have no names their numbers. */
function stateName(name: string): string {
  return /^\d+$/.test(name) ? say("keptNumber", { number: Number(name) }) : seriesName(name);
}

function createPicture() {
  const name = el("figcaption");
  const picture = createPixelPicture();
  const scale = createRampBar();
  return {
    element: el("figure", { class: "nv-state-picture nv-kept" }, name, picture.element, scale.element),
    set(own: string, rows: number, columns: number, share: (cell: number) => number, most: number, ramps: Ramps) {
      setText(name, own);
      picture.set(columns, rows, share, ramps.value, false, say("keptPicture", { name: own }));
      scale.set(formatScaleEnd(-most), formatScaleEnd(most), ramps.value, true);
    },
  };
}
