import type { Numbers } from "../../core/frame.ts";
import { whenAborted } from "../../lib/listen.ts";
import { neighbourKept } from "./timeScale.ts";

export const SPEEDS: readonly number[] = [0.5, 1, 2, 4];
/** Kept steps in a second at speed 1. */
const PACE_HZ = 5;
const LEAST_PERIOD_MS = 100;
/** With reduced motion the same pace, but one picture in a second. */
const CALM_PERIOD_MS = 1000;
const PATIENCE_MS = 1000;

/** How often a replay moves, and over how many kept steps at once. */
export function paceOf(speed: number, isCalm: boolean): { period_ms: number; stride: number } {
  const period_ms = Math.max(1000 / (PACE_HZ * speed), isCalm ? CALM_PERIOD_MS : LEAST_PERIOD_MS);
  return { period_ms, stride: Math.max(1, Math.round((PACE_HZ * speed * period_ms) / 1000)) };
}

/** What a replay needs to know and may do. */
export interface ReplayPlace {
  /** The kept steps, increasing. */
  kept(): Numbers;
  /** The step looked at. */
  at(): number;
  /** Whether the picture of the step looked at is on the screen. */
  isShown(): boolean;
  /** Whether the training runs on. */
  isRunning(): boolean;
  /** Moves the playhead; `null` goes live. */
  seek(step: number | null): void;
}

export interface Replay {
  readonly isPlaying: boolean;
  readonly speed: number;
  toggle(): void;
  /** The playhead was moved; by another hand, the replay ends. */
  moved(step: number | null): void;
  nextSpeed(): void;
}

/**
 * Goes from kept step to kept step. A replay that reaches the newest has caught up with a running training and goes
 * live; where the training rests it stays there, in the past, so that Space plays again and starts no training.
 */
export function createReplay(place: ReplayPlace, changed: () => void, signal: AbortSignal): Replay {
  let timer: ReturnType<typeof setTimeout> | null = null;
  let speed = 1;
  let expected: number | null = null;
  let waited_ms = 0;

  const pause = () => {
    if (timer === null) return;
    clearTimeout(timer);
    timer = null;
    changed();
  };
  const go = (step: number | null) => {
    expected = step;
    place.seek(step);
  };
  const plan = () => {
    const { period_ms } = paceOf(speed, isCalm());
    timer = setTimeout(() => tick(period_ms), period_ms);
  };
  const tick = (period_ms: number) => {
    if (document.hidden) return pause();
    waited_ms = place.isShown() ? 0 : waited_ms + period_ms;
    if (waited_ms > 0 && waited_ms < PATIENCE_MS) return plan();
    waited_ms = 0;
    const at = place.at();
    const next = neighbourKept(place.kept(), at, paceOf(speed, isCalm()).stride);
    if (next !== null && next > at) {
      go(next);
      if (timer !== null) plan();
      return;
    }
    pause();
    if (place.isRunning()) go(null);
  };
  whenAborted(signal, () => {
    if (timer !== null) clearTimeout(timer);
    timer = null;
  });

  return {
    get isPlaying() {
      return timer !== null;
    },
    get speed() {
      return speed;
    },
    toggle() {
      if (timer !== null) return pause();
      const kept = place.kept();
      waited_ms = 0;
      plan();
      expected = place.at();
      if (expected >= (kept.at(-1) ?? 0)) go(kept[0] ?? 0);
      changed();
    },
    moved(step) {
      if (step !== expected) pause();
    },
    nextSpeed() {
      speed = SPEEDS[(SPEEDS.indexOf(speed) + 1) % SPEEDS.length] ?? 1;
      changed();
    },
  };
}

function isCalm(): boolean {
  return typeof matchMedia === "function" && matchMedia("(prefers-reduced-motion: reduce)").matches;
}
