import type { Frame } from "../../core/frame.ts";
import { readGates, readPictures, readSteps, type SeriesPicture } from "../../draw/read/states.ts";
import type { NetworkNode } from "../../layout/readNodes.ts";
import { formatNumber, formatPercent, formatScaleEnd } from "../../lib/numberFormat.ts";
import { say } from "../../lib/say.ts";
import type { Ramps } from "../../theme/ramps.ts";
import { createPixelPicture } from "../charts/pixelPicture.ts";
import { createRampBar } from "../charts/rampBar.ts";
import { createButton } from "../kit/button.ts";
import { el, setAttributes, setText, show } from "../kit/dom.ts";
import { createFacts } from "../kit/facts.ts";
import { createSection, type PanelSection } from "../kit/section.ts";
import { seriesName } from "../words/seriesName.ts";

export interface LayerStates extends PanelSection {
  set(node: NetworkNode, frame: Frame, ramps: Ramps): void;
}

/**
 * A recurrent layer over the steps: its states as pictures, a row for each unit, its gates too where they are asked for,
 * and how open these are. `choose` goes to a unit at a step.
 */
export function createLayerStates(choose: (unit: number, step: number) => void, signal: AbortSignal): LayerStates {
  const pictures: ReturnType<typeof createPicture>[] = [];
  const list = el("div", { class: "nv-state-pictures" });
  const gates = createFacts();
  let hasGates = false;
  const toggle = createButton({ label: say("showGates"), text: say("showGates") }, () => turn(), signal);
  const section = createSection(say("alongSequence"), list, toggle.element, gates.element);
  let size: readonly [number, number] = [0, 0];
  list.addEventListener(
    "click",
    (event) => {
      const box =
        event.target instanceof Element ? event.target.closest(".nv-pixels")?.getBoundingClientRect() : undefined;
      if (box === undefined || box.width * box.height === 0) return;
      const share = [(event.clientY - box.top) / box.height, (event.clientX - box.left) / box.width];
      const [unit, step] = share.map((one, axis) =>
        Math.floor(Math.min(0.999999, Math.max(0, one)) * (size[axis] ?? 0)),
      );
      choose(unit ?? 0, step ?? 0);
    },
    { signal },
  );
  const turn = () => {
    hasGates = !hasGates;
    paint();
  };
  let paint = () => {};
  return {
    ...section,
    set(node, frame, ramps) {
      const steps = readSteps(frame, node);
      const found = readPictures(frame, node);
      show(section.element, steps !== null && (steps.count === 0 || found.length > 0));
      if (steps === null) return;
      size = [node.units || (found[0]?.rows ?? 0), steps.count];
      const isWhole = size[0] === found[0]?.rows && size[1] === found[0]?.columns;
      section.setNote(
        steps.count === 0
          ? say("statesUntold")
          : `${say("unitsBySteps", { units: size[0], steps: size[1] })}${isWhole ? "" : `, ${say("meansOverBlocks")}`}`,
      );
      paint = () => {
        const states = found.filter(({ name }) => name === "h" || name === "c");
        const drawn = hasGates ? found : states;
        while (pictures.length < drawn.length) pictures.push(createPicture());
        list.replaceChildren(...pictures.slice(0, drawn.length).map(({ element }) => element));
        drawn.forEach((one, index) => {
          pictures[index]?.set(one, ramps);
        });
        show(toggle.element, found.length > states.length);
        setAttributes(toggle.element, { "aria-pressed": String(hasGates) });
      };
      paint();
      gates.set(
        readGates(frame, node).map(({ name, mean, closed, open }) => ({
          name: seriesName(name),
          value: say("gateOpen", {
            mean: formatNumber(mean, 2),
            closed: formatPercent(closed),
            open: formatPercent(open),
          }),
        })),
      );
    },
  };
}

function createPicture() {
  const name = el("figcaption");
  const picture = createPixelPicture();
  const scale = createRampBar();
  return {
    element: el("figure", { class: "nv-state-picture" }, name, picture.element, scale.element),
    set({ name: own, rows, columns, share, low, high }: SeriesPicture, ramps: Ramps) {
      setText(name, seriesName(own));
      const ramp = low < 0 ? ramps.value : ramps.magnitude;
      picture.set(columns, rows, share, ramp, false, say("statePicture", { name: seriesName(own) }));
      scale.set(formatScaleEnd(low), formatScaleEnd(high), ramp, low < 0);
    },
  };
}
