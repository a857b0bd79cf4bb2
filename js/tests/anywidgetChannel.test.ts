import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { AnywidgetChannel } from "../src/stream/anywidgetChannel.ts";
import { FakeHost } from "./fakeWidgetModel.ts";

const life = () => new AbortController();
const bytes = (length: number) => new DataView(new ArrayBuffer(length));

describe("AnywidgetChannel", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  test("finds out about the kernel without changing or sending anything", () => {
    const frame = bytes(3);
    const host = new FakeHost({ frame, sample: 0 });
    const channel = new AnywidgetChannel(host.proxy(), life().signal);
    expect(channel.hasKernel).toBe(true);
    expect(host.attributes.frame).toBe(frame);
    host.save_changes();
    expect(host.sentState).toEqual([{}]);
    host.comm_live = false;
    expect(channel.hasKernel).toBe(false);
  });

  test("keeps a frame for the saved notebook and never sends it", () => {
    const host = new FakeHost({ frame: bytes(0), sample: 0 });
    const channel = new AnywidgetChannel(host.proxy(), life().signal);
    const kept = bytes(9);
    channel.keepFrame(kept);
    channel.share({ sample: 4 });
    expect(host.attributes.frame).toBe(kept);
    expect(host.sentState).toEqual([{ sample: 4 }]);
  });

  test("shares only what differs", () => {
    const host = new FakeHost({ selection: {}, sample: 2, edges: "weight" });
    const channel = new AnywidgetChannel(host.proxy(), life().signal);
    channel.share({ selection: null, sample: 2 });
    expect(host.sentState).toEqual([]);
    channel.share({ selection: { layer: "L1", unit: 0 }, sample: 2 });
    expect(host.sentState).toEqual([{ selection: { layer: "L1", unit: 0 } }]);
  });

  test("an answer settles its own request, done or refused", async () => {
    const host = new FakeHost({});
    const channel = new AnywidgetChannel(host.proxy(), life().signal);
    const start = channel.send("start", {});
    const pause = channel.send("pause", {});
    host.answer(2, "not running");
    host.answer(1);
    await expect(start).resolves.toMatchObject({ ok: true });
    await expect(pause).resolves.toMatchObject({ ok: false, reason: "not running" });
    expect(host.sent.map(({ op }) => op)).toEqual(["start", "pause"]);
  });

  test("a file goes with its request as one buffer of its own length", () => {
    const host = new FakeHost({});
    const channel = new AnywidgetChannel(host.proxy(), life().signal);
    const file = Uint8Array.of(0, 1, 2, 3, 4).subarray(1, 4);
    channel.send("exported", { export: 3 }, file).catch(() => {});
    channel.send("attached", {}).catch(() => {});
    expect(host.sent[0]).toMatchObject({ op: "exported", args: { export: 3 } });
    expect(host.sentBuffers[0]?.map((buffer) => [...new Uint8Array(buffer)])).toEqual([[1, 2, 3]]);
    expect(host.sentBuffers[1]).toBeUndefined();
  });

  test("a request without an answer fails after six seconds and not before", async () => {
    const channel = new AnywidgetChannel(new FakeHost({}).proxy(), life().signal);
    const failed = vi.fn();
    channel.send("start", {}).catch(failed);
    await vi.advanceTimersByTimeAsync(5999);
    expect(failed).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(1);
    expect(failed.mock.calls[0]?.[0]).toMatchObject({ name: "NoAnswerError" });
  });

  test("while an answer is overdue, the kernel is woken by more connections, at growing intervals", async () => {
    const host = new FakeHost({});
    const { clones } = host.widget_manager.kernel;
    const channel = new AnywidgetChannel(host.proxy(), life().signal);
    channel.send("hello", {}).catch(() => {});
    const counts: number[] = [];
    for (const pause_ms of [1499, 1, 2999, 1, 5999, 1]) {
      await vi.advanceTimersByTimeAsync(pause_ms);
      counts.push(clones.length);
    }
    expect(counts).toEqual([0, 1, 1, 2, 2, 3]);

    host.answer(1);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(clones).toHaveLength(3);
    channel.send("hello", {}).catch(() => {});
    await vi.advanceTimersByTimeAsync(1500);
    expect(clones).toHaveLength(4);
  });

  test("a connection that wakes ends when the kernel has answered on it, or after ten seconds", async () => {
    const host = new FakeHost({});
    const { clones } = host.widget_manager.kernel;
    const channel = new AnywidgetChannel(host.proxy(), life().signal);
    channel.send("hello", {}).catch(() => {});
    await vi.advanceTimersByTimeAsync(1500);
    expect(clones[0]?.isDisposed).toBe(false);
    clones[0]?.answers();
    await vi.advanceTimersByTimeAsync(3000);
    expect(clones.map((clone) => clone.isDisposed)).toEqual([true, false]);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(clones[1]?.isDisposed).toBe(true);
  });

  test("a host that shows no kernel is asked for none", async () => {
    const host = Object.assign(new FakeHost({}), { widget_manager: {} });
    const channel = new AnywidgetChannel(host.proxy(), life().signal);
    const failed = vi.fn();
    channel.send("hello", {}).catch(failed);
    await vi.advanceTimersByTimeAsync(6000);
    expect(failed).toHaveBeenCalledOnce();
  });

  test("frames come with their bytes, whatever kind of buffer the host hands over", () => {
    const host = new FakeHost({});
    const channel = new AnywidgetChannel(host.proxy(), life().signal);
    const seen: (number | undefined)[] = [];
    channel.onMessage((_, data) => seen.push(data?.byteLength), life().signal);
    host.frame(1, bytes(8));
    host.emit("msg:custom", { v: 1, kind: "frame", seq: 2 }, [new ArrayBuffer(5)]);
    host.emit("msg:custom", { v: 1, kind: "frame", seq: 3 }, [new Uint8Array(8).subarray(2, 4)]);
    expect(seen).toEqual([8, 5, 2]);
  });

  test("nothing listens after the signal aborts", () => {
    const host = new FakeHost({});
    const controller = life();
    const channel = new AnywidgetChannel(host.proxy(), controller.signal);
    channel.onTrait("graph", () => {}, controller.signal);
    expect(host.listenerCount).toBeGreaterThan(0);
    controller.abort();
    expect(host.listenerCount).toBe(0);
    expect(vi.getTimerCount()).toBe(0);
  });
});
