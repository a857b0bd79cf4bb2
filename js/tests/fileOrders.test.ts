import { expect, test, vi } from "vitest";
import type { Frame } from "../src/core/frame.ts";
import { FileOrders, type MakeFile } from "../src/stream/fileOrders.ts";
import { type ExportOrder, readMessage } from "../src/stream/protocol.ts";
import { snapshotBytes } from "./encodeFrame.ts";

const order = (id: number): ExportOrder => ({ kind: "export", id, format: "png", theme: null, scale: 2 });
const file = Uint8Array.of(1, 2, 3);

function start(make?: MakeFile) {
  const sent: unknown[][] = [];
  const orders = new FileOrders(
    async (...message) => sent.push(message),
    () => 1,
  );
  const life = new AbortController();
  if (make !== undefined) orders.offer(make, life.signal);
  return { orders, sent, life };
}

const settled = () => new Promise((resolve) => setTimeout(resolve));

test("the message that Python writes is read as an order", () => {
  const message = { v: 1, kind: "export", id: 7, format: "svg", theme: "dark", scale: 1.5 };
  expect(readMessage(message)).toEqual({ kind: "export", id: 7, format: "svg", theme: "dark", scale: 1.5 });
  expect(readMessage({ ...message, theme: "blue", format: "exe" })).toMatchObject({ theme: null, format: "png" });
});

test("an order is made of the frame that came with it, and sent once", async () => {
  const frames: (Frame | null)[] = [];
  const { orders, sent } = start(async (_wish, frame) => {
    frames.push(frame);
    return file;
  });
  expect(sent).toEqual([["attached", {}]]);
  orders.take(order(4), snapshotBytes({ step: 77 }));
  orders.take(order(4), snapshotBytes({ step: 77 }));
  await settled();
  expect(frames.map((frame) => frame?.header.step)).toEqual([77]);
  expect(sent.slice(1)).toEqual([["exported", { export: 4 }, file]]);
});

test("an order waits for a view, and one of two views takes it", async () => {
  const { orders, sent } = start();
  orders.take(order(1), null);
  await settled();
  expect(sent).toEqual([]);
  const first = vi.fn(async () => file);
  const second = vi.fn(async () => file);
  const life = new AbortController();
  orders.offer(first, life.signal);
  orders.offer(second, new AbortController().signal);
  await settled();
  expect([first.mock.calls.length, second.mock.calls.length]).toEqual([1, 0]);
  life.abort();
  orders.take(order(2), null);
  await settled();
  expect([first.mock.calls.length, second.mock.calls.length]).toEqual([1, 1]);
});

test("a frame of another model makes no file", async () => {
  const make = vi.fn(async () => file);
  const { orders, sent } = start(make);
  orders.take(order(3), snapshotBytes({ generation: 2 }));
  await settled();
  expect(make).not.toHaveBeenCalled();
  expect(sent.at(-1)).toEqual(["exportFailed", { export: 3, reason: expect.stringContaining("another model") }]);
});

test("what goes wrong is told to Python with its reason, cut to what may travel", async () => {
  const { orders, sent } = start(async () => {
    throw new Error("x".repeat(900));
  });
  orders.take(order(3), null);
  orders.take(order(5), snapshotBytes({ generation: 2 }));
  orders.take(order(6), new DataView(new ArrayBuffer(40)));
  await settled();
  const reasons = new Map(
    sent.slice(1).map(([op, args]) => {
      const { export: id, reason } = args as { export: number; reason: string };
      return [id, `${op}: ${reason}`] as const;
    }),
  );
  expect(reasons.get(3)).toBe(`exportFailed: ${"x".repeat(500)}`);
  expect(reasons.get(5)).toContain("another model");
  expect(reasons.get(6)).toContain("Expected a frame");
});
