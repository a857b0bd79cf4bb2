const MINUS = "\u2212";

function digits(magnitude: number, decimals: number): string {
  if (magnitude !== 0 && (magnitude >= 1e4 || magnitude < 1e-3)) {
    return magnitude.toExponential(1).replace("e+", "e");
  }
  return magnitude.toFixed(decimals);
}

function isDrawnAsZero(text: string): boolean {
  return /^0(\.0*)?$/.test(text);
}

/** `−0.29`, `1.3e-5`, `NaN`: two decimals unless told, a true minus, no sign on what reads as zero. */
export function formatNumber(value: number, decimals = 2): string {
  if (Number.isNaN(value)) return "NaN";
  if (!Number.isFinite(value)) return value < 0 ? `${MINUS}∞` : "∞";
  const text = digits(Math.abs(value), decimals);
  return value < 0 && !isDrawnAsZero(text) ? MINUS + text : text;
}

/** As `formatNumber`, with a plus on positive values. */
export function formatSigned(value: number, decimals = 2): string {
  const text = formatNumber(value, decimals);
  return value > 0 && !isDrawnAsZero(text) ? `+${text}` : text;
}

/** `75.3%`; never `0.0%` or `100.0%` for what is not exactly that. */
export function formatPercent(share: number): string {
  if (!Number.isFinite(share)) return "NaN";
  if (share > 0 && share < 0.001) return "< 0.1%";
  if (share < 1 && share > 0.9994) return "> 99.9%";
  return `${formatNumber(100 * share, share === 0 || share === 1 ? 0 : 1)}%`;
}

/** `50,176` */
export function formatCount(count: number): string {
  return Math.round(count)
    .toString()
    .replace(/\B(?=(\d{3})+$)/g, ",");
}

/** `23.6 M`, `4.1 k`, `512`: a count where there is no room for it all. */
export function formatShort(count: number): string {
  if (count >= 999_950) return `${(count / 1e6).toFixed(1)} M`;
  return count >= 1e4 ? `${(count / 1e3).toFixed(1)} k` : formatCount(count);
}

/** `1,234.5`: one decimal, never rounded up, for what has not ended is not whole. */
export function formatEpoch(epoch: number): string {
  const tenths = Math.floor(epoch * 10 + 1e-6);
  return `${formatCount(Math.floor(tenths / 10))}.${tenths % 10}`;
}

/** The end of a scale: two significant digits are enough. */
export function formatScaleEnd(value: number): string {
  const magnitude = Math.abs(value);
  if (magnitude !== 0 && magnitude < 1e-3) return formatNumber(value);
  if (Number.isInteger(value) && magnitude < 1e4) return formatNumber(value, 0);
  return formatNumber(value, magnitude >= 10 ? 0 : magnitude >= 1 ? 1 : magnitude >= 0.1 ? 2 : 3);
}

/** `28 × 28 × 1`; the batch is left out, an unknown size is `?`. */
export function formatShape(shape: readonly (number | null)[] | undefined): string {
  if (shape === undefined || shape.length <= 1) return "";
  return shape
    .slice(1)
    .map((size) => (size === null ? "?" : formatCount(size)))
    .join(" × ");
}
