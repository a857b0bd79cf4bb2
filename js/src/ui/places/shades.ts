import type { Frame, LayerColor } from "../../core/frame.ts";
import { type NetworkIndex, placesOf } from "../../core/networkIndex.ts";
import { foundAt } from "../../draw/read/found.ts";
import { formatCount, formatNumber, formatPercent } from "../../lib/numberFormat.ts";
import { clamp } from "../../lib/numbers.ts";
import { safeText } from "../../lib/safeText.ts";
import { say } from "../../lib/say.ts";
import { buildRamps, type Ramp, type ThemeName } from "../../theme/ramps.ts";

export type Health = "ok" | "warn" | "err";

/** What colours the layers of a deep network, and what is said of it. */
export interface Shades {
  readonly ramp: Ramp;
  readonly color: LayerColor;
  /** The most parameters that one layer has. */
  readonly most: number;
  /** The ends of the scale; null of sizes, and where nothing is known. */
  readonly ends: readonly [string, string] | null;
  /** Of layers by their place, from 0 to 1; NaN where it is not known. */
  readonly shares: ArrayLike<number>;
  /** How many samples dead units are told of. */
  readonly samples: number;
  /** What a card says of the layers in it, and the same in short; empty where there is nothing to say. */
  told(id: string): readonly string[];
  /** Of the layers in a layer or group that have one. */
  sharesIn(id: string): readonly number[];
  /**
   * How the worst of the layers in a layer or group is, and how many are no better than to be warned of. Where dead units
   * are not what is shown: of what the doctor has found there, the worst.
   */
  healthOf(id: string): { readonly health: Health; readonly count: number } | null;
  /** What the doctor has found there, in two or three words each. */
  foundIn(id: string): readonly string[];
  /** All that it has found in the network, where it is among all layers, from 0 to 1. */
  readonly wrong: readonly WrongPlace[];
}

export interface WrongPlace {
  readonly share: number;
  readonly severity: "fault" | "warning";
  readonly words: string;
}

const SIGNS = { fault: "err", warning: "warn", note: "ok" } as const;

/** Of visual.md: so many dead units are to be warned of, so many are an error. */
export const DEAD_WARN = 0.4;
export const DEAD_ERR = 0.5;

export function createShades(): (
  index: NetworkIndex,
  frame: Frame | null,
  theme: ThemeName,
  wished: LayerColor,
) => Shades {
  let places: ReturnType<typeof placesOf> = new Map();
  let known: NetworkIndex | null = null;
  return (index, frame, theme, wished) => {
    if (index !== known) places = placesOf(index);
    known = index;
    const values = wished === "size" ? undefined : frame?.section("rates", "", wished)?.values;
    const most = index.layers.reduce((most, { parameterCount }) => Math.max(most, parameterCount), 0);
    const finite = values === undefined ? [] : Array.from(values).filter((value) => Number.isFinite(value));
    const scale = SCALES[wished](finite);
    const shares = Float32Array.from(index.layers, ({ parameterCount }, place) =>
      values === undefined ? Math.sqrt(parameterCount / Math.max(1, most)) : scale.shareOf(values[place] ?? Number.NaN),
    );
    const valuesIn = (id: string) =>
      (places.get(id) ?? []).map((place) => Number(values?.[place])).filter((value) => !Number.isNaN(value));
    const wrong = frame === null ? [] : foundAt(frame).filter(({ isOver, severity }) => !isOver && severity !== "note");
    return {
      ramp: buildRamps(theme).magnitude,
      color: wished,
      most,
      ends: finite.length > 0 ? scale.ends : null,
      shares,
      samples: frame?.section("rates", "", "samples")?.values[0] ?? 0,
      told(id) {
        const told = valuesIn(id);
        const worst = Math.max(...told);
        return told.length === 0 ? [] : scale.told(worst, told.length > 1 && worst > 0 ? "≤ " : "");
      },
      sharesIn: (id) => (places.get(id) ?? []).map((place) => shares[place] ?? Number.NaN).filter((one) => one >= 0),
      healthOf(id) {
        const told = wished === "dead" ? valuesIn(id) : [];
        const [found] = wrong.filter(({ layer }) => layer === id);
        if (told.length === 0) return found === undefined ? null : { health: SIGNS[found.severity], count: 0 };
        const worst = Math.max(...told);
        const health = worst >= DEAD_ERR ? "err" : worst >= DEAD_WARN ? "warn" : "ok";
        return { health, count: told.filter((share) => share >= DEAD_WARN).length };
      },
      wrong: wrong.flatMap(({ at, layer, severity, badge }) => {
        const id = places.has(at) ? at : layer;
        const within = places.get(id) ?? [];
        const [first = 0, last = first] = [within[0], within.at(-1)];
        const share = (first + last + 1) / 2 / index.layers.length;
        if (severity === "note" || within.length === 0) return [];
        const path = [...index.layers, ...index.groups].find((one) => one.id === id)?.path ?? "";
        return [{ share, severity, words: safeText(`${path}: ${badge}`) }];
      }),
      foundIn: (id) => wrong.filter(({ layer }) => layer === id).map(({ badge }) => badge),
    };
  };
}

interface Scale {
  readonly ends: readonly [string, string];
  shareOf(value: number): number;
  told(value: number, most: string): readonly string[];
}

const SCALES: { readonly [Color in LayerColor]: (values: readonly number[]) => Scale } = {
  size: () => ({ ends: ["", ""], shareOf: () => Number.NaN, told: () => [] }),
  gradient(values) {
    const above = values.filter((value) => value > 0);
    const low = above.reduce((least, value) => Math.min(least, value), Number.POSITIVE_INFINITY);
    const high = above.reduce((most, value) => Math.max(most, value), 0);
    const span = Math.log(high / low) || 1;
    return {
      ends: above.length > 0 ? [formatNumber(low, 4), formatNumber(high, 4)] : ["0", "0"],
      shareOf: (value) => (value === 0 ? 0 : clamp(Math.log(value / low) / span, 0, 1)),
      told: (value, most) => inShort((number) => `g/w ${number}`, `${most}${formatNumber(value, 3)}`),
    };
  },
  dead: () => ({
    ends: ["0%", "100%"],
    shareOf: (value) => value,
    told: (value, most) => inShort((share) => say("deadShare", { share }), `${most}${formatPercent(value)}`),
  }),
  change(values) {
    const longest = values.reduce((most, value) => Math.max(most, value), 0);
    return {
      ends: ["0", formatCount(longest)],
      shareOf: (value) => (longest > 0 ? Math.sqrt(value / longest) : value),
      told: (value, most) =>
        value === 0
          ? [say("justChanged"), "0"]
          : inShort((steps) => say("unchangedFor", { steps }), `${most === "" ? "≥ " : most}${formatCount(value)}`),
    };
  },
};

function inShort(said: (short: string) => string, short: string): readonly string[] {
  return [said(short), short];
}
