import { describe, expect, test } from "vitest";
import {
  formatCount,
  formatNumber,
  formatPercent,
  formatScaleEnd,
  formatShape,
  formatSigned,
} from "../src/lib/numberFormat.ts";

describe("numbers as text", () => {
  test("two decimals and a true minus", () => {
    expect([0.5, -0.294, 1234.5, 0].map((v) => formatNumber(v))).toEqual(["0.50", "\u22120.29", "1234.50", "0.00"]);
  });
  test("very large and very small magnitudes are powers of ten", () => {
    expect([12345, 0.0009, -0.000013].map((v) => formatNumber(v))).toEqual(["1.2e4", "9.0e-4", "\u22121.3e-5"]);
  });
  test("what reads as zero has no sign", () => {
    expect([0.001, -0.001, 0].map((v) => formatSigned(v))).toEqual(["0.00", "0.00", "0.00"]);
    expect(formatSigned(0.742, 3)).toBe("+0.742");
  });
  test("what is not a number says so", () => {
    expect([Number.NaN, Infinity, -Infinity].map((v) => formatNumber(v))).toEqual(["NaN", "∞", "\u2212∞"]);
    expect(formatPercent(Number.NaN)).toBe("NaN");
  });
  test("a percentage never claims certainty it does not have", () => {
    expect([0, 0.0004, 0.047, 0.9996, 1].map(formatPercent)).toEqual(["0%", "< 0.1%", "4.7%", "> 99.9%", "100%"]);
  });
  test("counts, shapes and ends of scales are short", () => {
    expect(formatCount(50176)).toBe("50,176");
    expect(formatShape([null, 28, null, 1024])).toBe("28 × ? × 1,024");
    expect([-1, 3.34, 0.063, 18.6].map(formatScaleEnd)).toEqual(["\u22121", "3.3", "0.063", "19"]);
  });
});
