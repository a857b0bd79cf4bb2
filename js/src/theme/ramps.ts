import { at, clamp } from "../lib/numbers.ts";

export type ThemeName = "light" | "dark";
export type RampName = "value" | "gradient" | "magnitude" | "pixel";

export const RAMP_SIZE = 257;

const STOPS: Record<ThemeName, Record<RampName, string>> = {
  light: {
    value: "9c3d00 cf5d0e ee8f48 f9c9a2 f0f1f2 b5d4ec 67a9d9 2677b4 0a467d",
    gradient: "5f1f6b 8c56a0 b996c6 e2d3e8 f1f1f2 cfe8cb 93cc8f 459a53 14602c",
    magnitude: "f3f4f5 cfe7e1 8fcabe 459f94 12706b 053f3c",
    pixel: "ffffff 1d2127",
  },
  dark: {
    value: "ffc48f f59a4c c06a24 6d4122 2b2d30 23496a 2f7ab2 5caee8 b0dcff",
    gradient: "efc4fb c78cda 8f5aa1 50385a 2b2d30 264a2c 3f8049 6fc079 b4f0b5",
    magnitude: "27292c 1c4442 216c67 319990 74ccbf c9f3e9",
    pixel: "151617 f2f4f6",
  },
};

type Triple = readonly [number, number, number];

function toLinear(channel: number): number {
  return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
}

function toGamma(channel: number): number {
  return channel <= 0.0031308 ? 12.92 * channel : 1.055 * channel ** (1 / 2.4) - 0.055;
}

/** Björn Ottosson, A perceptual color space for image processing (2020). */
function toOklab(hex: string): Triple {
  const code = Number.parseInt(hex, 16);
  const r = toLinear((code >> 16) / 255);
  const g = toLinear(((code >> 8) & 255) / 255);
  const b = toLinear((code & 255) / 255);
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ];
}

function toRgb([lightness, a, b]: Triple): Triple {
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  const channel = (value: number): number => clamp(Math.round(255 * toGamma(Math.max(0, value))), 0, 255);
  return [
    channel(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s),
    channel(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s),
    channel(-0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s),
  ];
}

/** A colour ramp as a table: `rgb` holds 257 × 3 bytes, `css` the same colours as strings. */
export class Ramp {
  readonly rgb = new Uint8Array(RAMP_SIZE * 3);
  readonly css: readonly string[];

  constructor(stops: string) {
    const colors = stops.split(" ").map(toOklab);
    const css: string[] = [];
    for (let i = 0; i < RAMP_SIZE; i++) {
      const place = (i / (RAMP_SIZE - 1)) * (colors.length - 1);
      const left = Math.min(colors.length - 2, Math.floor(place));
      const from = colors[left] ?? [0, 0, 0];
      const to = colors[left + 1] ?? from;
      const share = place - left;
      const mix = (k: 0 | 1 | 2): number => from[k] + (to[k] - from[k]) * share;
      const rgb = toRgb([mix(0), mix(1), mix(2)]);
      this.rgb.set(rgb, i * 3);
      css.push(`rgb(${rgb.join(",")})`);
    }
    this.css = css;
  }

  /** The colour at a share 0..1 of the ramp. */
  at(share: number): string {
    return this.css[rampIndex(share)] ?? "";
  }

  /** The colour of a signed share −1..1 of a diverging ramp. */
  signed(share: number): string {
    return this.at(0.5 + 0.5 * share);
  }

  /** Whether black text reads better than white on this colour. */
  isLight(share: number): boolean {
    const index = rampIndex(share) * 3;
    const luminance =
      0.2126 * toLinear(at(this.rgb, index) / 255) +
      0.7152 * toLinear(at(this.rgb, index + 1) / 255) +
      0.0722 * toLinear(at(this.rgb, index + 2) / 255);
    return luminance > 0.179;
  }
}

export function rampIndex(share: number): number {
  return clamp(Math.round(share * (RAMP_SIZE - 1)), 0, RAMP_SIZE - 1);
}

export type Ramps = Readonly<Record<RampName, Ramp>>;

export function buildRamps(theme: ThemeName): Ramps {
  const stops = STOPS[theme];
  return {
    value: new Ramp(stops.value),
    gradient: new Ramp(stops.gradient),
    magnitude: new Ramp(stops.magnitude),
    pixel: new Ramp(stops.pixel),
  };
}
