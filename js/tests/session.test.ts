import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { Session } from "../src/session/session.ts";
import { MemoryChannel, type OperationHandler } from "../src/stream/memoryChannel.ts";
import { graphJson, snapshotBytes } from "./encodeFrame.ts";

const kept = { quantity: "kept", values: Float32Array.of(0, 10, 20, 30) };

function setUp(handle?: OperationHandler, traits: Record<string, unknown> = {}) {
  const life = new AbortController();
  const asked: [string, unknown][] = [];
  const channel = new MemoryChannel({ graph: graphJson(), step: null, ...traits }, life.signal, (op, args) => {
    asked.push([op, args]);
    return handle ? handle(op, args) : { ok: true, reason: "" };
  });
  const session = new Session(channel, life.signal);
  const push = (seq: number, change: Record<string, unknown> = {}) =>
    channel.push({ kind: "frame", seq }, snapshotBytes(change, [kept]));
  const drawnSeqs = () => asked.filter(([op]) => op === "drawn").map(([, args]) => (args as { seq: number }).seq);
  const names = () => asked.map(([op]) => op);
  const shownStep = () => session.store.frame?.header.step;
  return { life, asked, channel, session, push, drawnSeqs, names, shownStep };
}

describe("Session", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  test("says hello when the first view comes on the screen, not before", () => {
    const { session, names, life } = setUp();
    const viewer = session.join(life.signal);
    expect(names()).toEqual([]);
    viewer.setVisible(true);
    expect(names()).toEqual(["setVisible", "hello"]);
  });

  test("a picture that Python asks for is made of the frame it sent, and changes nothing that is shown", async () => {
    const { session, channel, push, asked, shownStep, life } = setUp();
    push(1, { step: 10 });
    const make = vi.fn(async () => Uint8Array.of(7));
    session.files.offer(make, life.signal);
    const order = { kind: "export", id: 5, format: "png", theme: "dark", scale: 1 } as const;
    channel.push(order, snapshotBytes({ step: 25 }, [kept]));
    await vi.advanceTimersByTimeAsync(1);
    const wish = { format: "png", theme: "dark", scale: 1 };
    expect(make.mock.calls).toEqual([
      [wish, expect.objectContaining({ header: expect.objectContaining({ step: 25 }) })],
    ]);
    expect(asked.filter(([op]) => op === "attached" || op === "exported")).toEqual([
      ["attached", {}],
      ["exported", { export: 5 }],
    ]);
    expect(shownStep()).toBe(10);
  });

  test("acknowledges a frame once, when the first visible view has drawn it", () => {
    const { session, push, drawnSeqs, life } = setUp();
    const one = session.join(life.signal);
    const other = session.join(life.signal);
    one.setVisible(true);
    other.setVisible(true);
    push(1);
    expect(drawnSeqs()).toEqual([]);
    const frame = session.store.frame;
    if (frame === null) throw new Error("no frame");
    one.drawn(frame);
    other.drawn(frame);
    expect(drawnSeqs()).toEqual([1]);
  });

  test("a frame that was overtaken before it was drawn is acknowledged with the next", () => {
    const { session, push, drawnSeqs, life } = setUp();
    const viewer = session.join(life.signal);
    viewer.setVisible(true);
    push(1, { step: 10 });
    push(2, { step: 11, latest_step: 11 });
    const frame = session.store.frame;
    if (frame === null) throw new Error("no frame");
    viewer.drawn(frame);
    expect(drawnSeqs()).toEqual([1, 2]);
  });

  test("hidden views acknowledge nothing, and coming back says hello", () => {
    const { session, push, drawnSeqs, asked, names, life } = setUp();
    const viewer = session.join(life.signal);
    viewer.setVisible(true);
    viewer.setVisible(false);
    expect(asked.at(-1)).toEqual(["setVisible", { isVisible: false }]);
    push(1);
    if (session.store.frame) viewer.drawn(session.store.frame);
    expect(drawnSeqs()).toEqual([]);
    viewer.setVisible(true);
    expect(names().slice(-2)).toEqual(["setVisible", "hello"]);
  });

  test("a removed view hides itself; the other view of the model keeps the frames coming", () => {
    const { session, asked, life } = setUp();
    const first = new AbortController();
    const second = new AbortController();
    session.join(first.signal).setVisible(true);
    session.join(second.signal).setVisible(true);
    const before = asked.length;
    first.abort();
    expect(asked.length).toBe(before);
    second.abort();
    expect(asked.at(-1)).toEqual(["setVisible", { isVisible: false }]);
    expect(session.isVisible).toBe(false);
    life.abort();
  });

  test("the kernel is unreachable after six seconds without an answer, and comes back by itself", async () => {
    let isSilent = false;
    const { session, push, life } = setUp(() => (isSilent ? null : { ok: true, reason: "" }));
    const viewer = session.join(life.signal);
    viewer.setVisible(true);
    await vi.advanceTimersByTimeAsync(0);
    push(1, { state: "paused" });
    isSilent = true;
    session.send("start", {}).catch(() => {});
    await vi.advanceTimersByTimeAsync(5000);
    expect(session.store.connection).toBe("live");
    await vi.advanceTimersByTimeAsync(2000);
    expect(session.store.connection).toBe("unreachable");
    push(2, { state: "paused" });
    expect(session.store.connection).toBe("live");
  });

  test("a running training that falls silent is noticed within seven seconds, without a click", async () => {
    const { session, push, life } = setUp(() => null);
    session.join(life.signal).setVisible(true);
    push(1);
    await vi.advanceTimersByTimeAsync(7000);
    expect(session.store.connection).toBe("unreachable");
  });

  test("a quiet kernel is asked after five seconds and stays live while it answers", async () => {
    const { session, push, names, life } = setUp();
    session.join(life.signal).setVisible(true);
    push(1, { state: "paused" });
    await vi.advanceTimersByTimeAsync(30_000);
    expect(session.store.connection).toBe("live");
    const hellos = names().filter((op) => op === "hello").length;
    expect(hellos).toBeGreaterThanOrEqual(4);
    expect(hellos).toBeLessThanOrEqual(8);
  });

  test("a page without a kernel shows the kept frame as a saved picture and asks nothing", async () => {
    const { channel, session, names, shownStep, life } = setUp(undefined, { frame: snapshotBytes({ step: 7 }) });
    channel.setKernel(false);
    session.join(life.signal).setVisible(true);
    await vi.advanceTimersByTimeAsync(20_000);
    expect(shownStep()).toBe(7);
    expect(session.store.connection).toBe("saved");
    expect(names()).toEqual([]);
  });

  test("a kernel that is gone after it had been there is unreachable, not saved", () => {
    const { channel, session, push } = setUp();
    push(1);
    channel.setKernel(false);
    expect(session.store.connection).toBe("unreachable");
    channel.setKernel(true);
    push(2);
    expect(session.store.connection).toBe("live");
  });

  test("seeking shows the nearest frame at hand at once, with what is known of the whole run", () => {
    const { session, push, shownStep } = setUp();
    for (const step of [0, 10, 20, 30]) push(step + 1, { step, latest_step: step, kept_count: step / 10 + 1 });
    session.seek(12);
    expect(shownStep()).toBe(10);
    expect(session.store.frame?.header).toMatchObject({ isFollowing: false, latestStep: 30, keptCount: 4 });
    session.seek(null);
    expect(shownStep()).toBe(30);
  });

  test("after a reset nothing of the former run is shown", () => {
    const { session, push, shownStep } = setUp();
    for (const step of [0, 10, 20]) push(step + 1, { step, latest_step: step });
    push(30, { step: 0, latest_step: 0 });
    session.seek(19);
    expect(shownStep()).toBe(0);
  });

  test("dragging keeps one seek under way and the last one wins", async () => {
    const { channel, session, push, life } = setUp();
    for (const step of [0, 10, 20, 30]) push(step + 1, { step, latest_step: 30 });
    const asked: unknown[] = [];
    channel.onTrait("step", () => asked.push(channel.readShared("step")), life.signal);
    for (const step of [3, 9, 14, 21, 19]) session.seek(step);
    expect(asked).toEqual([3]);
    push(50, { step: 0, latest_step: 30, is_following: false });
    await vi.advanceTimersByTimeAsync(0);
    expect(asked).toEqual([3, 19]);
    expect(session.store.frame?.header.step).toBe(20);
  });

  test("where another view has gone meanwhile is where one is when the own seek is over", async () => {
    const { channel, session, push } = setUp();
    for (const step of [0, 10, 20, 30]) push(step + 1, { step, latest_step: 30 });
    session.seek(10);
    channel.writeTrait("step", 20);
    expect(session.state.values.step).toBe(10);
    push(50, { step: 20, latest_step: 30, is_following: false });
    await vi.advanceTimersByTimeAsync(0);
    expect(session.state.values.step).toBe(20);
    expect(session.store.frame?.header.step).toBe(20);
  });

  test("a live frame that was under way does not pull the picture out of the past", () => {
    const { session, push, shownStep, drawnSeqs, life } = setUp();
    session.join(life.signal).setVisible(true);
    for (const step of [0, 10, 20]) push(step + 1, { step, latest_step: step });
    session.seek(10);
    push(40, { step: 30, latest_step: 30 });
    expect(shownStep()).toBe(10);
    expect(session.store.frame?.header.latestStep).toBe(30);
    expect(drawnSeqs()).toContain(40);
  });

  test("choices go to Python and come from Python without echo", () => {
    const { channel, session, life } = setUp();
    const written: string[] = [];
    for (const name of ["selection", "edges", "sample"] as const) {
      channel.onTrait(name, () => written.push(name), life.signal);
    }
    session.state.set({ selection: { layer: "L1", unit: 2 }, hover: { layer: "L1", unit: 0 } });
    expect(written).toEqual(["selection"]);
    channel.writeTrait("edges", "gradient");
    expect(session.state.values.edges).toBe("gradient");
    expect(written).toEqual(["selection", "edges"]);
  });

  test("a frame of a newer model waits for its graph; one of an older model is dropped", () => {
    const { channel, session, push, shownStep } = setUp();
    push(1, { step: 5 });
    push(2, { step: 6, generation: 2 });
    expect(shownStep()).toBe(5);
    channel.writeTrait("graph", graphJson(2));
    expect(shownStep()).toBe(6);
    push(3, { step: 9, generation: 1 });
    expect(shownStep()).toBe(6);
    expect(session.store.frame?.header.generation).toBe(2);
  });

  test("damaged bytes are reported, acknowledged, and do not stop the next frame", () => {
    const { channel, session, push, drawnSeqs, shownStep, life } = setUp();
    const problems: unknown[] = [];
    session.onProblem((error) => problems.push(error), life.signal);
    session.join(life.signal).setVisible(true);
    channel.push({ kind: "frame", seq: 1 }, new DataView(new ArrayBuffer(40)));
    expect(problems).toHaveLength(1);
    expect(drawnSeqs()).toEqual([1]);
    push(2, { step: 8 });
    expect(shownStep()).toBe(8);
  });

  test("a heartbeat that names a frame which never came has the kernel asked anew", () => {
    const { session, channel, push, names, life } = setUp();
    session.join(life.signal).setVisible(true);
    push(1, { step: 10 });
    const before = names().length;
    channel.push({ kind: "heartbeat", seq: 1, state: "running", step: 12 });
    expect(names().slice(before)).toEqual([]);
    channel.push({ kind: "heartbeat", seq: 3, state: "running", step: 14 });
    expect(names().slice(before)).toEqual(["hello"]);
  });

  test("a heartbeat renews the state without another picture", () => {
    const { channel, session, push } = setUp();
    push(1, { step: 10 });
    channel.push({ kind: "heartbeat", seq: 1, state: "paused", step: 12 });
    expect(session.store.frame?.header).toMatchObject({ step: 10, state: "paused", latestStep: 12 });
  });

  test("the newest frame is kept for a saved notebook, at most every two seconds", async () => {
    const { channel, push } = setUp();
    push(1);
    push(2, { step: 11, latest_step: 11 });
    expect(channel.kept).toBeNull();
    await vi.advanceTimersByTimeAsync(2000);
    expect(channel.kept?.byteLength).toBe(snapshotBytes({ step: 11, latest_step: 11 }, [kept]).byteLength);
  });

  test("no timer is left when the model is gone", () => {
    const { push, life } = setUp();
    push(1);
    life.abort();
    expect(vi.getTimerCount()).toBe(0);
  });
});
