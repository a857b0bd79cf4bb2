import type { Canvas2d } from "../draw/canvas/canvas2d.ts";
import { KEY_ICON_PX, type KeyItem, keyText, paintKeyIcon } from "../draw/marks/key.ts";
import { legendColor, middleOf, type PictureLegend, type RampLegend } from "../draw/say/legend.ts";
import { fitText, type Measure } from "../lib/fitText.ts";
import { formatScaleEnd } from "../lib/numberFormat.ts";
import { say } from "../lib/say.ts";
import { wrapText } from "../lib/wrapText.ts";
import type { ViewValues } from "../store/viewState.ts";
import type { Theme } from "../theme/theme.ts";
import { legendEnds, spreadText, widthText } from "../ui/charts/legendRow.ts";
import type { Tone } from "../ui/words/statusOf.ts";
import { paintText } from "./labelList.ts";
import { toneColors } from "./toneColors.ts";

export interface PaperTexts {
  readonly title: string;
  readonly facts: string;
  readonly status: { readonly word: string; readonly tone: Tone } | null;
  readonly legend: PictureLegend;
  readonly units: ViewValues["units"];
  /** Sentences below the legend: when, how good, what is wrong, what is not drawn. */
  readonly notes: readonly { readonly text: string; readonly isProblem: boolean }[];
}

export interface Paper {
  /** Where the picture begins, and the height of everything. */
  readonly top: number;
  readonly height: number;
  paint(context: Canvas2d, theme: Theme): void;
}

const PADDING = 16;
const TITLE_Y = 29;
const HEADER = 48;
const FACTS_LINE = 20;
const ROW = 28;
const LINE = 20;
const GAP = 24;
const BAR = 96;
const BAR_HEIGHT = 10;
const WEDGE = 64;
const SWATCH = 16;
const STOPS = 24;
const TITLE_SCALE = 14 / 13;
const LEAST_FACTS_PX = 160;

interface Entry {
  readonly width: number;
  paint(context: Canvas2d, theme: Theme, x: number, y: number): void;
}

/** What stands around the picture of a file: name, facts and state above it, legend and notes below. */
export function layPaper(texts: PaperTexts, width: number, pictureHeight: number, measure: Measure): Paper {
  const inner = width - 2 * PADDING;
  const pill = texts.status === null ? 0 : measure(texts.status.word, "bold") + 20;
  const title = fitText(texts.title, (inner - pill - GAP) / TITLE_SCALE, measure, "head");
  const factsX = PADDING + measure(title, "head") * TITLE_SCALE + 12;
  const room = width - PADDING - pill - GAP - factsX;
  const isBeside = measure(texts.facts) <= room && room >= LEAST_FACTS_PX;
  const facts = isBeside ? [texts.facts] : wrapText(texts.facts, inner, measure);
  const top = HEADER + (isBeside ? 0 : FACTS_LINE * facts.length - 4);
  const rows = placeEntries(entriesOf(texts, measure), inner);
  const legendTop = top + pictureHeight;
  const notesTop = legendTop + (rows.length > 0 ? rows.length * ROW + 12 : 0);
  const notes = texts.notes.flatMap(({ text, isProblem }) =>
    wrapText(text, inner, measure).map((line) => ({ line, isProblem })),
  );
  const height = Math.ceil(notesTop + (notes.length > 0 ? notes.length * LINE + 16 : 0));

  return {
    top,
    height,
    paint(context, theme) {
      const { colors } = theme;
      context.fillStyle = colors.surface;
      context.fillRect(0, 0, width, height);
      paintText(context, theme, title, PADDING, TITLE_Y, { look: "title" });
      facts.forEach((line, i) => {
        const [x, y] = isBeside ? [factsX, TITLE_Y] : [PADDING, HEADER + 4 + i * FACTS_LINE];
        paintText(context, theme, line, x, y, { look: "muted" });
      });
      if (texts.status !== null) paintPill(context, theme, texts.status, width - PADDING - pill, pill);
      const rules = [top, ...(rows.length > 0 ? [legendTop] : []), ...(notes.length > 0 ? [notesTop] : [])];
      context.fillStyle = colors.rule;
      for (const y of rules) context.fillRect(0, y - 1, width, 1);
      rows.forEach((row, i) => {
        const middle = legendTop + 6 + (i + 0.5) * ROW;
        for (const { entry, x } of row) entry.paint(context, theme, PADDING + x, middle);
      });
      notes.forEach(({ line, isProblem }, i) => {
        paintText(context, theme, line, PADDING, notesTop + 8 + i * LINE + 14, { look: isProblem ? "err" : "muted" });
      });
    },
  };
}

function paintPill(
  context: Canvas2d,
  theme: Theme,
  { word, tone }: { readonly word: string; readonly tone: Tone },
  x: number,
  width: number,
): void {
  const { text, ground } = toneColors(theme.name)[tone];
  context.fillStyle = ground;
  context.beginPath();
  context.roundRect(x, 12, width, 24, 12);
  context.fill();
  context.font = `600 12px ${theme.fontFamily}`;
  context.textAlign = "left";
  context.fillStyle = text;
  context.fillText(word, x + 10, 28);
}

/** From left to right, in as many rows as it takes. */
function placeEntries(entries: readonly Entry[], width: number): { entry: Entry; x: number }[][] {
  const rows: { entry: Entry; x: number }[][] = [];
  let x = 0;
  for (const entry of entries) {
    const row = rows.at(-1);
    if (row !== undefined && x + entry.width <= width) row.push({ entry, x });
    else {
      x = 0;
      rows.push([{ entry, x }]);
    }
    x += entry.width + GAP;
  }
  return rows;
}

function entriesOf({ legend, units }: PaperTexts, measure: Measure): Entry[] {
  const { ramps, width, note, key } = legend;
  const withSpread = (ramp: RampLegend): Entry[] => {
    const spread = spreadText(ramp);
    return [rampEntry(ramp, measure), ...(spread === "" ? [] : [noteEntry(spread, measure)])];
  };
  const [first, ...rest] = ramps.map(withSpread);
  const widest = width === null ? [] : [widthEntry(widthText(width), measure)];
  const entries = [...(first ?? []), ...widest, ...rest.flat()];
  if (note !== "") entries.push(noteEntry(note, measure));
  entries.push(...key.map((item) => keyEntry(item, keyText(item, units), measure)));
  return entries;
}

function rampEntry(legend: RampLegend, measure: Measure): Entry {
  if (legend.low === legend.high) return oneValueEntry(legend, measure);
  const { low, high } = legendEnds(legend);
  const lowX = measure(legend.label, "bold") + 8;
  const barX = lowX + measure(low) + 8;
  const highX = barX + BAR + 8;
  return {
    width: highX + measure(high),
    paint(context, theme, x, y) {
      paintText(context, theme, legend.label, x, y + 4, { look: "bold" });
      paintText(context, theme, low, x + lowX, y + 4, { look: "muted" });
      paintText(context, theme, high, x + highX, y + 4, { look: "muted" });
      const shade = context.createLinearGradient(x + barX, 0, x + barX + BAR, 0);
      for (let i = 0; i <= STOPS; i++)
        shade.addColorStop(i / STOPS, legendColor(legend, theme.ramps[legend.ramp], i / STOPS));
      context.fillStyle = shade;
      context.fillRect(x + barX, y - BAR_HEIGHT / 2, BAR, BAR_HEIGHT);
      context.fillStyle = theme.colors["ink-3"];
      if (legend.hasMiddleZero) context.fillRect(x + barX + BAR / 2 - 0.5, y - BAR_HEIGHT / 2 - 2, 1, BAR_HEIGHT + 4);
    },
  };
}

/** Nothing differs: one colour and its value. */
function oneValueEntry(legend: RampLegend, measure: Measure): Entry {
  const text = formatScaleEnd(legend.low);
  const swatchX = measure(legend.label, "bold") + 8;
  const textX = swatchX + SWATCH + 8;
  return {
    width: textX + measure(text),
    paint(context, theme, x, y) {
      paintText(context, theme, legend.label, x, y + 4, { look: "bold" });
      context.fillStyle = legendColor(legend, theme.ramps[legend.ramp], middleOf(legend.ramp));
      context.fillRect(x + swatchX, y - BAR_HEIGHT / 2, SWATCH, BAR_HEIGHT);
      paintText(context, theme, text, x + textX, y + 4, { look: "muted" });
    },
  };
}

function widthEntry(text: string, measure: Measure): Entry {
  const zeroX = measure(say("width"), "bold") + 8;
  const wedgeX = zeroX + measure("0") + 8;
  const textX = wedgeX + WEDGE + 8;
  return {
    width: textX + measure(text),
    paint(context, theme, x, y) {
      paintText(context, theme, say("width"), x, y + 4, { look: "bold" });
      paintText(context, theme, "0", x + zeroX, y + 4, { look: "muted" });
      paintText(context, theme, text, x + textX, y + 4, { look: "muted" });
      context.fillStyle = theme.colors["ink-3"];
      context.beginPath();
      context.moveTo(x + wedgeX, y);
      context.lineTo(x + wedgeX + WEDGE, y - 5);
      context.lineTo(x + wedgeX + WEDGE, y + 5);
      context.closePath();
      context.fill();
    },
  };
}

function keyEntry(item: KeyItem, text: string, measure: Measure): Entry {
  const textX = KEY_ICON_PX + 8;
  return {
    width: textX + measure(text),
    paint(context, theme, x, y) {
      paintKeyIcon(context, theme, item, x, y - KEY_ICON_PX / 2);
      paintText(context, theme, text, x + textX, y + 4, { look: "muted" });
    },
  };
}

function noteEntry(note: string, measure: Measure): Entry {
  return {
    width: measure(note),
    paint: (context, theme, x, y) => paintText(context, theme, note, x, y + 4, { look: "muted" }),
  };
}
