import { describe, expect, test } from "vitest";
import { decodeFrame } from "../src/stream/decodeFrame.ts";
import { encodeFrame, snapshotBytes, snapshotHeader } from "./encodeFrame.ts";

const weights = { quantity: "weight", layer: "L1", name: "kernel", values: Float32Array.of(1, -2, 3), shape: [3, 1] };

function shifted(by: number): DataView {
  const whole = new Uint8Array(snapshotBytes({}, [weights]).buffer);
  const roomy = new Uint8Array(whole.length + by + 7).fill(0xee);
  roomy.set(whole, by);
  return new DataView(roomy.buffer, by, whole.length);
}

describe("decodeFrame", () => {
  test("gives names, numbers and shapes back", () => {
    const frame = decodeFrame(snapshotBytes({ problem: { title: "a", text: "b" } }, [weights]));
    expect(frame.scalars.get("loss")).toBe(0.5);
    expect(frame.hyperparameters.get("learning_rate")).toBe(0.001);
    const section = frame.section("weight", "L1", "kernel");
    expect(section?.shape).toEqual([3, 1]);
    expect([...(section?.values ?? [])]).toEqual([1, -2, 3]);
    expect(frame.header.problem).toEqual({ title: "a", text: "b" });
  });

  test("attributes leave the wire in camelCase", () => {
    const bundle = {
      ...weights,
      quantity: "bundle",
      attributes: { group_kind: "image_row", edge_count: 50176, lo: 0 },
    };
    const section = decodeFrame(snapshotBytes({}, [bundle])).section("bundle", "L1");
    expect(section?.attributes).toEqual({ groupKind: "image_row", edgeCount: 50176, lo: 0 });
  });

  test.each([0, 8, 16])("reads in place at the aligned offset %i", (by) => {
    const view = shifted(by);
    const section = decodeFrame(view).section("weight", "L1", "kernel");
    expect([...(section?.values ?? [])]).toEqual([1, -2, 3]);
    expect(section?.values.buffer).toBe(view.buffer);
  });

  test.each([1, 3, 4])("copies at the misaligned offset %i", (by) => {
    const view = shifted(by);
    const section = decodeFrame(view).section("weight", "L1", "kernel");
    expect([...(section?.values ?? [])]).toEqual([1, -2, 3]);
    expect(section?.values.buffer).not.toBe(view.buffer);
  });

  test("refuses every truncation with a clear error", () => {
    const whole = new Uint8Array(snapshotBytes({}, [weights]).buffer);
    const needed = whole.length - 4; // the last four bytes are padding
    for (let length = 0; length < needed; length++) {
      expect(() => decodeFrame(whole.subarray(0, length)), `at ${length} bytes`).toThrow(/^Expected a whole frame/);
    }
    expect(() => decodeFrame(whole.subarray(0, needed))).not.toThrow();
  });

  test("refuses foreign bytes and other versions", () => {
    expect(() => decodeFrame(new Uint8Array(64).fill(7))).toThrow(/frame of version 1/);
    const newer = snapshotBytes();
    newer.setUint32(4, 2, true);
    expect(() => decodeFrame(newer)).toThrow(/same version/);
  });

  test("refuses a table that points outside, or an unknown element type", () => {
    const bad = (entry: object) => {
      const text = JSON.stringify({ ...snapshotHeader(), sections: [entry] });
      const padded = text.padEnd(Math.ceil(text.length / 8) * 8);
      const bytes = encodeFrame({}, []);
      const out = new Uint8Array(16 + padded.length);
      out.set(bytes.subarray(0, 16));
      new DataView(out.buffer).setUint32(8, padded.length, true);
      out.set(new TextEncoder().encode(padded), 16);
      return () => decodeFrame(out);
    };
    const entry = { quantity: "z", layer: "L1", name: "", dtype: "float32", shape: [4], offset: 0 };
    expect(bad(entry)).toThrow(/cut short/);
    expect(bad({ ...entry, shape: [0], dtype: "constructor" })).toThrow(/unknown element type/);
    expect(bad({ ...entry, shape: [-1] })).toThrow(/whole number/);
  });

  test("keeps NaN and an empty array", () => {
    const frame = decodeFrame(
      snapshotBytes({}, [
        { quantity: "z", layer: "L1", values: Float32Array.of(Number.NaN) },
        { quantity: "kept", values: new Float32Array() },
      ]),
    );
    expect(frame.section("z", "L1")?.values[0]).toBeNaN();
    expect(frame.section("kept")?.values.length).toBe(0);
  });
});
