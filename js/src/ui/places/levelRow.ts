import { groupKind, groupNotes } from "../../layout/groupText.ts";
import { fitName, type Measure } from "../../lib/fitText.ts";
import { listen } from "../../lib/listen.ts";
import { createMeasure } from "../../lib/measureText.ts";
import { formatPercent, formatShape, formatShort } from "../../lib/numberFormat.ts";
import { clamp } from "../../lib/numbers.ts";
import { safeText } from "../../lib/safeText.ts";
import { say } from "../../lib/say.ts";
import { whenResized } from "../../lib/whenResized.ts";
import { el, setAttributes, setText, svg } from "../kit/dom.ts";
import { icon } from "../kit/icons.ts";
import { firstFitting, shapeWays, typeWays } from "./cardTexts.ts";
import {
  cardsInView,
  cardWidth,
  GAP,
  LANES,
  type LevelCard,
  type LevelRow,
  shortened,
  skipsInView,
} from "./levelRows.ts";
import type { Shades } from "./shades.ts";

const CARD_HEIGHT = 92;
const LANE_PX = 6;
const NAMED_PX = 16;
/** Of more ways around the lines alone are drawn. */
const MOST_NAMED = 2;
const PADDING_PX = 12;
/** What a card has beside its texts. */
const CARD_PADDING_PX = 14;
const FADE_PX = 20;
/** What the badge of a card takes of its name. */
const BADGE_PX = 30;

export interface RowElement {
  readonly element: HTMLElement;
  set(row: LevelRow, allParameters: number, chosen: string | null, shades: Shades): void;
  /** Brings a card into view, and the keyboard to it where that is wanted. */
  go(id: string, takesFocus: boolean): void;
  /** From the left edge to the right edge of a card, as far as it is in view; null where it is not. */
  edgesOf(id: string): readonly [number, number] | null;
  /** The card where the keyboard enters. */
  readonly stop: string;
  /** The card of a button. */
  cardOf(button: Element | null): LevelCard | null;
}

/** Cards side by side, of which only those in view are made; arrows lead along. */
export function createLevelRow(press: (card: LevelCard) => void, moved: () => void, signal: AbortSignal): RowElement {
  const trail = el("h3");
  const extent = el("span");
  const links = svg("path");
  const labels = svg("g");
  const space = el("div", { role: "list" }, svg("svg", { "aria-hidden": "true" }, links, labels));
  const view = el("div", { class: "nv-level-view" }, space);
  const element = el(
    "div",
    { class: "nv-level", role: "group" },
    el("div", { class: "nv-level-head" }, trail, extent),
    view,
  );
  const made = new Map<string, HTMLButtonElement>();
  let row: LevelRow | null = null;
  let all = 1;
  let shades: Shades | null = null;
  let chosen: string | null = null;
  let stop = 0;
  let measure: Measure | null = null;

  const room = () => view.clientWidth - PADDING_PX;
  const size = () => cardWidth(row?.cards.length ?? 0, room());
  const fill = () => {
    if (row === null || view.clientWidth === 0) return;
    const { cards } = row;
    const width = size();
    const pitch = width + GAP;
    const range = cardsInView(cards.length, width, view.scrollLeft, room());
    const lanes = skipsInView(row.links, range);
    const isNamed = lanes.length > 0 && lanes.length <= MOST_NAMED;
    const pitchY = isNamed ? NAMED_PX : LANE_PX;
    const depth = lanes.length === 0 ? 0 : 8 + pitchY * (isNamed ? lanes.length : LANES);
    space.style.width = `${cards.length * pitch - GAP}px`;
    space.style.height = `${CARD_HEIGHT + 4 + depth}px`;
    const wanted = new Set<string>();
    for (let place = range[0]; place < range[1]; place++) {
      const card = cards[place];
      if (card === undefined) continue;
      wanted.add(card.id);
      let button = made.get(card.id);
      if (button === undefined) {
        button = el("button", { type: "button", class: "nv-level-card" });
        const own = card.id;
        button.addEventListener("click", () => {
          const now = row?.cards.find(({ id }) => id === own);
          if (now !== undefined) press(now);
        });
        made.set(card.id, button);
        space.append(el("div", { role: "listitem" }, button));
      }
      paint(button, card, place);
      button.style.transform = `translateX(${place * pitch}px)`;
      button.style.width = `${width}px`;
    }
    for (const [id, button] of made) {
      if (wanted.has(id) || button === document.activeElement) continue;
      button.parentElement?.remove();
      made.delete(id);
    }
    const middle = CARD_HEIGHT / 2 + 4;
    const arrows = row.links
      .filter(([from, to]) => to === from + 1 && from >= range[0] - 1 && from >= 0 && to <= range[1])
      .map(([from]) => `M${from * pitch + width + 3} ${middle}h${GAP - 6}l-4 -3m4 3l-4 3`);
    const skips = lanes.map(({ from, to, lane }) => {
      const y = CARD_HEIGHT + 12 + lane * pitchY;
      const start = from < 0 ? `M-2 ${y}` : `M${from * pitch + width / 2 + 5} ${CARD_HEIGHT + 4}V${y}`;
      return `${start}H${to * pitch + width / 2 - 5}V${CARD_HEIGHT + 6}l-3 4m3 -4l3 4`;
    });
    const named = (place: number) => safeText(cards[place]?.shortName ?? "");
    labels.replaceChildren(
      ...(isNamed ? lanes : []).map(({ from, to, lane }) => {
        const left = Math.max(from * pitch, view.scrollLeft);
        const right = Math.min(to * pitch, view.scrollLeft + room());
        const text = from < 0 ? `→ ${named(to)}` : `${named(from)} → ${named(to)}`;
        return svg("text", { x: (left + right + width) / 2, y: CARD_HEIGHT + 16 + lane * pitchY }, text);
      }),
    );
    setAttributes(links, { d: [...arrows, ...skips].join("") });
    tellExtent(cards.length, pitch);
    moved();
  };

  /** Which of the cards are in view, where that are not all. */
  const tellExtent = (count: number, pitch: number) => {
    const left = view.scrollLeft;
    const first = Math.ceil(left / pitch - 0.5);
    const behind = Math.min(count, Math.floor((left + room() + GAP) / pitch + 0.5));
    const isWhole = first <= 0 && behind >= count;
    setText(extent, isWhole ? "" : say("cardsOf", { first: first + 1, last: behind, count }));
    view.style.setProperty("--nv-fade-left", first > 0 ? `${FADE_PX}px` : "0px");
    view.style.setProperty("--nv-fade-right", behind < count ? `${FADE_PX}px` : "0px");
  };

  const paint = (button: HTMLButtonElement, card: LevelCard, place: number) => {
    const { group, parameterCount: count } = card;
    const notes = group === null ? [safeText(card.type)] : groupNotes(group);
    const share = all > 0 ? count / all : 0;
    const isRated = shades !== null && shades.ends !== null;
    const rate = isRated ? (shades?.told(card.id) ?? []) : [];
    const sums = rate.length > 0 ? rate : [count === 0 ? (card.note ?? "") : isRated ? "" : formatShort(count)];
    measure ??= createMeasure(element);
    const inner = size() - CARD_PADDING_PX;
    const name = safeText(card.shortName);
    const lines = [
      fitName(name, inner - (shades?.healthOf(card.id) === null ? 0 : BADGE_PX), measure, "bold"),
      firstFitting(
        group === null ? typeWays(safeText(card.type)) : [notes.join(" · "), notes[0] ?? ""],
        inner,
        measure,
      ),
      firstFitting(shapeWays(card.shape), inner, measure),
      firstFitting(sums.map(safeText), inner, measure),
    ];
    while (button.children.length < 5) button.append(el(button.children.length === 4 ? "i" : "span"));
    lines.forEach((line, at) => {
      const span = button.children[at];
      if (span !== undefined) setText(span, line);
    });
    // a name that is cut is heard whole
    const [head] = button.children;
    if (head !== undefined && lines[0] !== name) {
      head.replaceChildren(
        el("span", { "aria-hidden": "true" }, lines[0] ?? ""),
        el("span", { class: "nv-hidden" }, name),
      );
    }
    const worst = shades?.healthOf(card.id) ?? null;
    const badge = button.querySelector("b");
    if (worst === null) badge?.remove();
    else if (badge?.dataset.health !== worst.health || badge.textContent !== countOf(worst)) {
      badge?.remove();
      button.append(el("b", { "data-health": worst.health }, icon(worst.health), countOf(worst)));
    }
    const bar = button.children[4];
    if (bar instanceof HTMLElement) {
      bar.style.setProperty("--nv-share", String(share));
      bar.style.backgroundImage = isRated && shades !== null ? stripes(shades, card.id) : "";
    }
    const kind = group === null ? notes : [groupKind(card, group), ...notes];
    const told = count > 0 ? [`${say("parameters", { count })} (${formatPercent(share)})`] : [];
    const found = shades?.foundIn(card.id) ?? [];
    const spoken = [safeText(card.name), ...kind, formatShape(card.shape), ...told, rate[0] ?? "", ...found].filter(
      (part) => part !== "",
    );
    setAttributes(button, {
      title: spoken.join("\n"),
      "aria-expanded": group === null ? null : String(card.isOpen),
      "aria-current": card.id === chosen ? "true" : null,
      "data-stack": group !== null,
      tabindex: place === stop ? 0 : -1,
    });
  };

  const go = (place: number, takesFocus: boolean) => {
    const card = row?.cards[place];
    if (card === undefined) return;
    const pitch = size() + GAP;
    const left = place * pitch;
    const most = left + pitch - GAP - room();
    view.scrollLeft = clamp(view.scrollLeft, Math.min(most, left), Math.max(most, left));
    stop = place;
    fill();
    if (takesFocus) made.get(card.id)?.focus({ preventScroll: true });
  };
  listen(view, "scroll", fill, signal);
  listen(
    view,
    "keydown",
    (event) => {
      const last = (row?.cards.length ?? 0) - 1;
      const at = row?.cards.findIndex(({ id }) => made.get(id) === document.activeElement) ?? -1;
      const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: last }[event.key];
      if (to === undefined || at < 0) return;
      event.preventDefault();
      event.stopPropagation();
      go(clamp(to, 0, last), true);
    },
    signal,
  );
  whenResized(view, fill, signal);
  return {
    element,
    set(next, allParameters, id, nextShades) {
      [row, all, chosen, shades] = [next, allParameters, id, nextShades];
      stop = clamp(stop, 0, Math.max(0, next.cards.length - 1));
      const names = next.trail.map((name, at) => shortened(name, next.trail.slice(1, at).reverse()));
      setText(trail, names.map(safeText).join(" › "));
      setAttributes(element, { "aria-label": trail.textContent });
      fill();
    },
    go: (id, takesFocus) => go(row?.cards.findIndex((card) => card.id === id) ?? -1, takesFocus),
    edgesOf(id) {
      const place = row?.cards.findIndex((card) => card.id === id) ?? -1;
      const left = place * (size() + GAP) - view.scrollLeft;
      const right = Math.min(view.clientWidth, left + size());
      return place < 0 || right <= 0 || left >= view.clientWidth ? null : [Math.max(0, left), right];
    },
    get stop() {
      return row?.cards[stop]?.id ?? "";
    },
    cardOf: (button) => row?.cards.find(({ id }) => made.get(id) === button) ?? null,
  };
}

/** A cell for each layer in a card that has a colour, side by side; of more than there is room for the largest. */
function stripes({ ramp, sharesIn }: Shades, id: string): string {
  const all = sharesIn(id);
  const count = Math.min(all.length, MOST_CELLS);
  if (count === 0) return "linear-gradient(var(--nv-hover), var(--nv-hover))";
  const cells = Array.from({ length: count }, (_, cell) => {
    const part = all.slice(Math.floor((cell * all.length) / count), Math.floor(((cell + 1) * all.length) / count));
    return `${ramp.at(Math.max(...part))} ${(100 * cell) / count}% ${(100 * (cell + 1)) / count}%`;
  });
  return `linear-gradient(to right, ${cells.join(", ")})`;
}

const MOST_CELLS = 24;

/** How many layers of a card are to be warned of, where that are any. */
function countOf({ count }: { readonly count: number }): string {
  return count > 0 ? String(count) : "";
}
