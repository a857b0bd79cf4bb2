import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { createReplay, paceOf, SPEEDS } from "../src/ui/timeline/replay.ts";

function setUp(change: { kept?: number[]; at?: number; isShown?: () => boolean; isRunning?: boolean } = {}) {
  const life = new AbortController();
  const sought: (number | null)[] = [];
  const place = { kept: Float32Array.from(change.kept ?? [0, 10, 20, 30, 40, 50]), at: change.at ?? 0 };
  const replay = createReplay(
    {
      kept: () => place.kept,
      at: () => place.at,
      isShown: change.isShown ?? (() => true),
      isRunning: () => change.isRunning ?? false,
      seek(step) {
        sought.push(step);
        if (step !== null) place.at = step;
        replay.moved(step);
      },
    },
    () => {},
    life.signal,
  );
  return { life, sought, place, replay };
}

describe("replay", () => {
  beforeEach(() => {
    vi.useFakeTimers();
    vi.stubGlobal("document", { hidden: false });
  });
  afterEach(() => {
    vi.useRealTimers();
    vi.unstubAllGlobals();
  });

  test.each(SPEEDS.flatMap((speed) => [false, true].map((isCalm) => [speed, isCalm] as const)))(
    "at speed %f, calm %s, it shows 5 × speed kept steps a second in at most 10 pictures, or one",
    (speed, isCalm) => {
      const { period_ms, stride } = paceOf(speed, isCalm);
      expect((stride * 1000) / period_ms).toBeCloseTo(Math.max(5 * speed, isCalm ? 1 : 0), isCalm ? -1 : 9);
      expect(period_ms).toBeGreaterThanOrEqual(isCalm ? 1000 : 100);
    },
  );

  test("goes from kept step to kept step and stays at the newest where the training rests", () => {
    const { sought, replay, life } = setUp();
    replay.toggle();
    vi.advanceTimersByTime(600);
    expect(sought).toEqual([10, 20, 30]);
    vi.advanceTimersByTime(5000);
    expect(sought).toEqual([10, 20, 30, 40, 50]);
    expect(replay.isPlaying).toBe(false);
    replay.toggle();
    expect(sought.at(-1)).toBe(0);
    life.abort();
    expect(vi.getTimerCount()).toBe(0);
  });

  test("that catches up with a running training goes live", () => {
    const { sought, replay, place } = setUp({ isRunning: true });
    replay.toggle();
    vi.advanceTimersByTime(800);
    place.kept = Float32Array.of(0, 10, 20, 30, 40, 50, 60);
    vi.advanceTimersByTime(5000);
    expect(sought).toEqual([10, 20, 30, 40, 50, 60, null]);
    expect(replay.isPlaying).toBe(false);
  });

  test("ends when another hand moves the playhead, and pauses on a second press", () => {
    const { sought, replay } = setUp();
    replay.toggle();
    vi.advanceTimersByTime(250);
    replay.moved(40);
    expect(replay.isPlaying).toBe(false);
    vi.advanceTimersByTime(2000);
    expect(sought).toEqual([10]);
    replay.toggle();
    replay.toggle();
    vi.advanceTimersByTime(2000);
    expect(sought).toEqual([10]);
  });

  test("waits for the picture, but not for ever", () => {
    let isShown = false;
    const { sought, replay } = setUp({ isShown: () => isShown });
    replay.toggle();
    vi.advanceTimersByTime(900);
    expect(sought).toEqual([]);
    isShown = true;
    vi.advanceTimersByTime(200);
    expect(sought).toEqual([10]);
    isShown = false;
    vi.advanceTimersByTime(1100);
    expect(sought).toEqual([10, 20]);
  });

  test("at four times the speed every second kept step is shown, the last one in any case", () => {
    const { sought, replay } = setUp();
    replay.nextSpeed();
    replay.nextSpeed();
    expect(replay.speed).toBe(4);
    replay.toggle();
    vi.advanceTimersByTime(1000);
    expect(sought).toEqual([20, 40, 50]);
  });

  test("a hidden page plays nothing", () => {
    const { sought, replay } = setUp();
    replay.toggle();
    vi.stubGlobal("document", { hidden: true });
    vi.advanceTimersByTime(3000);
    expect(sought).toEqual([]);
    expect(replay.isPlaying).toBe(false);
  });
});
