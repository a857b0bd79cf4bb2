import { KEY_ICON_PX, KEY_TITLE, type KeyItem, keyText, paintKeyIcon } from "../../draw/marks/key.ts";
import type { PictureLegend } from "../../draw/say/legend.ts";
import type { Sight } from "../../layout/sight.ts";
import { fitSentences } from "../../lib/fitSentences.ts";
import { createMeasure } from "../../lib/measureText.ts";
import { type Key, keyOf, say } from "../../lib/say.ts";
import { whenResized } from "../../lib/whenResized.ts";
import type { Theme } from "../../theme/theme.ts";
import { createButton } from "../kit/button.ts";
import { el, setAttributes, setText, show } from "../kit/dom.ts";
import type { Part, Shell } from "../kit/shell.ts";
import { whatIsUnknown } from "../words/notBuilt.ts";
import { createMinimap } from "./minimap.ts";
import { createZoomButtons } from "./zoomButtons.ts";

const HINT = say("clickNeuron");

/** The ways through a picture that is not whole in view. */
export interface Ways {
  by(factor: number): void;
  fit(): void;
  turnPage(direction: 1 | -1): void;
  centre(x: number, y: number, isSmooth: boolean): void;
}

export interface Foot extends Part {
  /** Over the edges of the picture, where it goes on. */
  readonly fades: readonly HTMLElement[];
  setLegend(legend: PictureLegend): void;
  setSight(sight: Sight): void;
  setTheme(theme: Theme): void;
}

/** The line below the picture: what is not drawn or how a neuron is read, and the way to what is out of view. */
export function createFoot({ store, state, signal }: Shell, ways: Ways): Foot {
  const note = el("span", { class: "nv-foot-note" });
  const hint = el("span", { class: "nv-hint", title: HINT }, HINT);
  const key = el("span", { class: "nv-key", role: "group", "aria-label": KEY_TITLE });
  const before = createButton({ label: "", text: "", className: "nv-more" }, () => ways.turnPage(-1), signal);
  const after = createButton({ label: "", text: "", className: "nv-more" }, () => ways.turnPage(1), signal);
  const minimap = createMinimap(ways.centre, signal);
  const zoom = createZoomButtons(ways, signal);
  const element = el(
    "div",
    { class: "nv-foot" },
    note,
    hint,
    key,
    before.element,
    minimap.element,
    after.element,
    zoom.element,
  );
  const fades = (["left", "right"] as const).map((side) => el("div", { class: "nv-fade", "data-side": side }));
  let items: readonly KeyItem[] = [];
  let omission = "";
  let theme: Theme | null = null;
  let painted = "";

  const paintKey = () => {
    const { units } = state.values;
    const now = `${items.join()} ${units} ${theme?.name}`;
    if (theme === null || now === painted) return;
    painted = now;
    const look = theme;
    key.replaceChildren(
      el("b", {}, KEY_TITLE),
      ...items.map((item) => el("span", {}, iconOf(item, look), keyText(item, units))),
    );
  };
  const update = () => {
    const full = [store.graph === null ? "" : whatIsUnknown(store.graph), omission].filter(Boolean).join(say("gap"));
    show(key, full === "" && items.length > 0);
    show(note, full !== "");
    show(hint, full === "" && store.frame !== null && state.values.selection === null);
    paintKey();
    leaveOut(key);
    const isOnPaper = element.closest("[data-nnvis-print]") !== null;
    const text = isOnPaper || full === "" ? full : fitSentences(full, note.clientWidth, createMeasure(note));
    setText(note, text);
    setAttributes(note, { title: text === full ? null : full });
  };
  whenResized(element, update, signal);
  const tell = (button: typeof before, count: number, text: string, side: Key) => {
    show(button.element, count > 0);
    button.set({ text, label: say(side, { layers: moreLayers(count) }) });
  };
  return {
    element,
    fades,
    update,
    setLegend(legend) {
      items = legend.key;
      omission = legend.omission;
      update();
    },
    setSight(sight) {
      const { scale, isWhole, left, right } = sight;
      show(minimap.element, !isWhole);
      zoom.set(scale);
      minimap.set(sight);
      tell(before, left, `← ${moreLayers(left)}`, keyOf("atLeft"));
      tell(after, right, `${moreLayers(right)} →`, keyOf("atRight"));
      for (const fade of fades) show(fade, scale === 1 && (fade.dataset.side === "left" ? left : right) > 0);
      update();
    },
    setTheme(next) {
      theme = next;
      update();
    },
  };
}

function moreLayers(count: number): string {
  return say("moreLayers", { count });
}

function iconOf(item: KeyItem, theme: Theme): HTMLElement {
  const ratio = globalThis.devicePixelRatio || 1;
  const size = Math.round(KEY_ICON_PX * ratio);
  const canvas = el("canvas", { width: size, height: size, "aria-hidden": "true" });
  const context = canvas.getContext("2d");
  if (context === null) return canvas;
  context.scale(ratio, ratio);
  paintKeyIcon(context, theme, item, 0, 0);
  return canvas;
}

/** Of a key that is too wide first the title goes, then the last items. */
function leaveOut(key: HTMLElement): void {
  const parts = [...key.children].filter((part) => part instanceof HTMLElement);
  for (const part of parts) part.hidden = false;
  for (const part of [...parts.slice(0, 1), ...parts.slice(1).reverse()]) {
    if (key.scrollWidth <= key.clientWidth) return;
    part.hidden = true;
  }
}
