import type { ThemeName } from "../theme/ramps.ts";
import type { Tone } from "../ui/words/statusOf.ts";

interface ToneColor {
  readonly text: string;
  readonly ground: string;
}

/** The tones of theme/tokens.css, where no style sheet reaches. */
const TONES: Readonly<Record<ThemeName, Readonly<Record<Tone, ToneColor>>>> = {
  light: {
    quiet: { text: "#57606a", ground: "#f0f2f5" },
    ok: { text: "#177232", ground: "#e6f4ea" },
    info: { text: "#0b57b0", ground: "#e7f0fb" },
    warn: { text: "#8a5a00", ground: "#fff4d6" },
    err: { text: "#b3261e", ground: "#fde9e7" },
  },
  dark: {
    quiet: { text: "#b4b9c1", ground: "#303133" },
    ok: { text: "#6fd685", ground: "#1b3322" },
    info: { text: "#8ac4ff", ground: "#1b2f45" },
    warn: { text: "#f0c05a", ground: "#3a2f14" },
    err: { text: "#ff8a80", ground: "#40211f" },
  },
};

export function toneColors(theme: ThemeName): Readonly<Record<Tone, ToneColor>> {
  return TONES[theme];
}
