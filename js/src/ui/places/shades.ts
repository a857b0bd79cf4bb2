import type { Frame } from "../../core/frame.ts";
import { type NetworkIndex, placesOf } from "../../core/networkIndex.ts";
import { formatNumber } from "../../lib/numberFormat.ts";
import { clamp } from "../../lib/numbers.ts";
import { buildRamps, type Ramp, type ThemeName } from "../../theme/ramps.ts";

/** What colours the layers of a deep network: their share of the parameters, or their gradient beside their weights. */
export interface Shades {
  readonly ramp: Ramp;
  /** The most parameters that one layer has. */
  readonly most: number;
  /** The ends of the scale of gradients; null where sizes are shown. */
  readonly ends: readonly [string, string] | null;
  /** Of layers by their place, from 0 to 1; NaN where it is not known. */
  readonly shares: ArrayLike<number>;
  /** What a card says of the gradient in it; empty where there is nothing to say. */
  told(id: string): string;
  /** Of the layers in a layer or group that have one. */
  sharesIn(id: string): readonly number[];
}

export function createShades(): (index: NetworkIndex, frame: Frame | null, theme: ThemeName) => Shades {
  let places: ReturnType<typeof placesOf> = new Map();
  let known: NetworkIndex | null = null;
  return (index, frame, theme) => {
    if (index !== known) places = placesOf(index);
    known = index;
    const ramp = buildRamps(theme).magnitude;
    const rates = frame?.section("rates")?.values;
    const most = index.layers.reduce((most, { parameterCount }) => Math.max(most, parameterCount), 0);
    const finite = rates === undefined ? [] : Array.from(rates).filter((rate) => Number.isFinite(rate) && rate > 0);
    const low = finite.reduce((least, rate) => Math.min(least, rate), Number.POSITIVE_INFINITY);
    const high = finite.reduce((most, rate) => Math.max(most, rate), 0);
    const span = Math.log(high / low) || 1;
    const shares = Float32Array.from(index.layers, ({ parameterCount }, place) => {
      if (rates === undefined) return Math.sqrt(parameterCount / Math.max(1, most));
      const rate = rates[place] ?? Number.NaN;
      return rate === 0 ? 0 : clamp(Math.log(rate / low) / span, 0, 1);
    });
    return {
      ramp,
      most,
      ends: finite.length > 0 ? [formatNumber(low, 4), formatNumber(high, 4)] : null,
      shares,
      told(id) {
        const all = (places.get(id) ?? []).map((place) => rates?.[place] ?? Number.NaN);
        const told = all.filter((rate) => !Number.isNaN(rate));
        if (told.length === 0) return "";
        return `g/w ${told.length > 1 ? "\u2264 " : ""}${formatNumber(Math.max(...told), 3)}`;
      },
      sharesIn: (id) => (places.get(id) ?? []).map((place) => shares[place] ?? Number.NaN).filter((one) => one >= 0),
    };
  };
}
