import type { Frame, Scenery } from "../core/frame.ts";
import { formatNumber, formatSigned } from "../lib/numberFormat.ts";
import { safeText } from "../lib/safeText.ts";
import type { Ramp, Ramps } from "../theme/ramps.ts";
import { createActivationPanel } from "./activationPanel.ts";
import { activationFormula, activationName, slopeOf } from "./activationText.ts";
import { roundToAddUp, shortenSum } from "./addUp.ts";
import { type BarRow, createBars } from "./bars.ts";
import { el, setText, show } from "./dom.ts";
import { createFacts, type Fact } from "./facts.ts";
import { plural } from "./factsOf.ts";
import { createPixelPicture } from "./pixelPicture.ts";
import { className, imageWidth, type UnitReading, unitName } from "./readUnit.ts";
import type { Shell } from "./shell.ts";

const DECIMALS = 3;
const MOST_VOTES = 12;
/** A model in half precision adds up to something else than its own numbers do here; less is not seen. */
const ROUNDING_SHOWN = 5e-4;

export interface UnitPanel {
  readonly element: HTMLElement;
  set(reading: UnitReading, frame: Frame, scenery: Scenery | null, ramps: Ramps): void;
}

/** One unit: what it is, its picture, its numbers for this sample, its sum, and what it passes on. */
export function createUnitPanel({ state, signal }: Shell): UnitPanel {
  const title = el("h3");
  const subtitle = el("p", { class: "nv-sub" });
  const picture = createPixelPicture();
  const weights = createPixelPicture();
  const signals = createPixelPicture();
  const weightsCaption = el("figcaption");
  const signalsCaption = el("figcaption");
  const images = el(
    "div",
    { class: "nv-images" },
    el("figure", {}, weights.element, weightsCaption),
    el("figure", {}, signals.element, signalsCaption),
  );
  const facts = createFacts();
  const head = el("div", { class: "nv-unit-head" }, picture.element, facts.element);
  const sumTitle = el("h3", {}, "z = Σ wᵢ·aᵢ + b");
  const sumSub = el("p", { class: "nv-sub" });
  const terms = createBars((source) => hoverTerm(source), signal);
  const bySign = el("p", { class: "nv-sub nv-by-sign" });
  const sum = el("section", {}, sumTitle, sumSub, terms.element, bySign);
  const votesTitle = el("h3");
  const votesSub = el("p", { class: "nv-sub" });
  const votes = createBars((target) => hoverVote(target), signal);
  const voting = el("section", {}, votesTitle, votesSub, votes.element);
  const curve = createActivationPanel();
  const element = el("div", {}, el("section", {}, title, subtitle, images, head), sum, curve.element, voting);
  let current: UnitReading | null = null;

  const hoverTerm = (source: number | null) => {
    if (current === null) return;
    const { layer, unit } = current;
    const sourceLayer = current.source?.id;
    if (source === null || sourceLayer === undefined) state.set({ hover: null });
    else state.set({ hover: { layer: layer.id, unit, source, sourceLayer } });
  };
  const hoverVote = (target: number | null) => {
    if (current === null) return;
    const next = current.next?.node.id;
    if (target === null || next === undefined) state.set({ hover: null });
    else state.set({ hover: { layer: next, unit: target, source: current.unit, sourceLayer: current.layer.id } });
  };

  const setImages = (reading: UnitReading, scenery: Scenery | null, ramps: Ramps) => {
    const width = reading.source === null ? null : imageWidth(reading.source, scenery);
    const isImage = width !== null && reading.weights !== null;
    show(images, isImage);
    if (!isImage || reading.weights === null || width === null) return;
    paintSigned(weights, reading.weights, width, ramps.value, "Incoming weights as an image");
    setText(weightsCaption, `Weights w  ±${formatNumber(largest(reading.weights))}`);
    const products = Float32Array.from(reading.weights, (w, i) => w * (reading.inputs?.[i] ?? Number.NaN));
    paintSigned(signals, products, width, ramps.value, "Weights times pixels as an image");
    setText(signalsCaption, `Signal w·x  ±${formatNumber(largest(products))}`);
  };

  const setField = (reading: UnitReading, frame: Frame, scenery: Scenery | null, ramps: Ramps) => {
    const { field, unit } = reading;
    const [count = 0, height = 0, width = 0] = field?.shape ?? [];
    const hasField = field !== null && unit < count;
    show(picture.element, hasField);
    head.classList.toggle("nv-with-picture", hasField);
    if (!hasField) return;
    const { ramp, share } = fieldShare(reading, ramps);
    const start = unit * height * width;
    picture.set(width, height, (at) => share(field.values[start + at] ?? 0), ramp, true, "Output over the input plane");
    picture.mark(samplePlace(frame, scenery));
  };

  const setSum = (reading: UnitReading, scenery: Scenery | null, ramps: Ramps) => {
    const { weights: w, inputs, source, bias, z } = reading;
    const canAdd = w !== null && inputs !== null && source !== null;
    show(sum, canAdd);
    if (!canAdd) return;
    const short = shortenSum(w, inputs, bias ?? 0);
    const values = short.terms.map((term) => term.value);
    if (short.hiddenCount > 0) values.push(short.hiddenValue);
    if (bias !== null) values.push(bias);
    const total = z ?? short.total;
    const rounding = total - short.total;
    const hasRounding = Math.abs(rounding) > ROUNDING_SHOWN;
    if (hasRounding) values.push(rounding);
    const shown = roundToAddUp(values, DECIMALS, total);
    const rows: BarRow[] = short.terms.map((term, place) => ({
      ...plainRow(unitName(source, term.source ?? 0, scenery), term.value, shown[place]),
      detail: `${formatSigned(term.weight)} × ${formatNumber(term.input)}`,
      source: term.source,
    }));
    if (short.hiddenCount > 0) {
      rows.push(plainRow(`${short.hiddenCount} more`, short.hiddenValue, shown[rows.length]));
    }
    if (bias !== null) rows.push(plainRow("bias", bias, shown[rows.length]));
    if (hasRounding) rows.push(plainRow("rounding in the model", rounding, shown[rows.length]));
    rows.push({ ...plainRow("z", total, total), isTotal: true, isBold: true });
    const { hover } = state.values;
    const isHere = hover?.layer === reading.layer.id && hover.unit === reading.unit;
    terms.set(rows, ramps, isHere ? (hover?.source ?? null) : null);
    setText(
      sumSub,
      `${plural(w.length, "term")}${short.hiddenCount > 0 ? ", the six largest shown" : ""}, this sample`,
    );
    show(bySign, short.hiddenCount > 0);
    setText(
      bySign,
      `positive terms ${formatSigned(short.positive, DECIMALS)}, negative ${formatSigned(short.negative, DECIMALS)}`,
    );
  };

  const setVotes = (reading: UnitReading, scenery: Scenery | null, ramps: Ramps) => {
    const { next, activation } = reading;
    const canVote = next !== null && activation !== null && reading.node.kind !== "input";
    show(voting, canVote);
    if (!canVote) return;
    const all = Array.from(next.weights, (weight, unit) => ({ unit, value: weight * activation }));
    const strongest = new Set(
      [...all]
        .sort((one, other) => Math.abs(other.value) - Math.abs(one.value))
        .slice(0, all.length <= MOST_VOTES ? all.length : 6)
        .map(({ unit }) => unit),
    );
    const rows = all
      .filter(({ unit }) => strongest.has(unit))
      .map(({ unit, value }) => ({ ...plainRow(unitName(next.node, unit, scenery), value, value), source: unit }));
    const isClasses = next.node.isOutput && className(next.node, 0, scenery) !== null;
    setText(votesTitle, isClasses ? "Votes to the classes" : `Votes to ${safeText(next.node.name)}`);
    const rest = all.length - rows.length;
    setText(votesSub, `a × outgoing weight, added to each z${rest > 0 ? `; ${rest} smaller ones not shown` : ""}`);
    const { hover } = state.values;
    const isHere = hover?.layer === next.node.id && hover.source === reading.unit;
    votes.set(rows, ramps, isHere ? (hover?.unit ?? null) : null);
  };

  return {
    element,
    set(reading, frame, scenery, ramps) {
      current = reading;
      const { node, unit } = reading;
      setText(title, `${safeText(node.name)} · ${className(node, unit, scenery) ?? unitTitle(reading, scenery)}`);
      setText(subtitle, subtitleOf(reading));
      facts.set(factsOfUnit(reading, frame, scenery));
      setField(reading, frame, scenery, ramps);
      setImages(reading, scenery, ramps);
      setSum(reading, scenery, ramps);
      curve.set(reading, frame, ramps);
      setVotes(reading, scenery, ramps);
    },
  };
}

function plainRow(label: string, value: number, shown: number | undefined): BarRow {
  return {
    label,
    detail: "",
    value,
    shown: shown ?? value,
    decimals: DECIMALS,
    isBold: false,
    source: null,
    isTotal: false,
  };
}

function unitTitle({ node, unit }: UnitReading, scenery: Scenery | null): string {
  if (node.kind !== "input") return `unit ${unit}`;
  return imageWidth(node, scenery) === null ? unitName(node, unit, scenery) : `pixel ${unitName(node, unit, scenery)}`;
}

function subtitleOf({ node, source, bias }: UnitReading): string {
  if (node.kind === "input") return "an input of the network";
  const parts = [activationName(node.activation)];
  if (source !== null) parts.push(plural(source.units, "input"));
  if (bias !== null) parts.push(`bias ${formatSigned(bias, DECIMALS)}`);
  return parts.join(" · ");
}

function factsOfUnit(reading: UnitReading, frame: Frame, scenery: Scenery | null): Fact[] {
  const { header } = frame;
  const target = header.target;
  const name = target === null ? null : scenery?.classNames[target];
  const truth =
    target === null ? "" : name !== undefined && name !== null ? `, ${safeText(name)}` : ` → ${formatNumber(target)}`;
  const facts: Fact[] = [{ name: "sample", value: `#${header.sample}${truth}` }];
  const { source, inputs } = reading;
  if (source?.kind === "input" && inputs !== null && inputs.length === 2) {
    facts.push({ name: "inputs", value: Array.from(inputs, (value) => formatNumber(value)).join(", ") });
  }
  if (reading.z !== null) facts.push({ name: "z", value: formatSigned(reading.z, DECIMALS), isBold: true });
  if (reading.activation !== null) {
    const name = reading.node.kind === "input" ? "value" : activationFormula(reading.node.activation);
    facts.push({ name, value: formatSigned(reading.activation, DECIMALS), isBold: true });
  }
  const slope = slopeOf(reading);
  if (slope !== null) facts.push({ name: "slope", value: formatNumber(slope, DECIMALS) });
  return facts;
}

/** Where this sample lies on the plane of the inputs, as shares from the left and the top. */
function samplePlace(frame: Frame, scenery: Scenery | null): [number, number] | null {
  const extent = scenery?.extent ?? null;
  const inputs = frame.sections.find((section) => section.quantity === "activation" && section.values.length === 2);
  if (extent === null || inputs === undefined) return null;
  const [x0, x1, y0, y1] = extent;
  const [x = 0, y = 0] = inputs.values;
  const place: [number, number] = [(x - x0) / (x1 - x0), 1 - (y - y0) / (y1 - y0)];
  return place.every((share) => share >= 0 && share <= 1) ? place : null;
}

const ZERO_TO_ONE = new Set(["sigmoid", "softmax", "hard_sigmoid"]);
const SIGNED_ONE = new Set(["tanh", "softsign", "hard_tanh"]);

/** The colour of a field's byte: 0 is NaN, 1..255 run from `lo` to `hi`. */
function fieldShare({ field, node }: UnitReading, ramps: Ramps): { ramp: Ramp; share: (code: number) => number } {
  const lo = Number(field?.attributes.lo ?? 0);
  const hi = Number(field?.attributes.hi ?? 1);
  const activation = node.activation ?? "";
  const isPositive = lo >= 0 && node.kind !== "input";
  const most =
    ZERO_TO_ONE.has(activation) || SIGNED_ONE.has(activation) ? 1 : Math.max(Math.abs(lo), Math.abs(hi)) || 1;
  const numberOf = (code: number) => (code === 0 ? Number.NaN : lo + ((code - 1) / 254) * (hi - lo));
  return isPositive
    ? { ramp: ramps.magnitude, share: (code) => numberOf(code) / most }
    : { ramp: ramps.value, share: (code) => 0.5 + (0.5 * numberOf(code)) / most };
}

function largest(values: ArrayLike<number>): number {
  let most = 0;
  for (let i = 0; i < values.length; i++) most = Math.max(most, Math.abs(values[i] ?? 0) || 0);
  return most;
}

function paintSigned(
  picture: ReturnType<typeof createPixelPicture>,
  values: ArrayLike<number>,
  width: number,
  ramp: Ramp,
  label: string,
): void {
  const most = largest(values) || 1;
  picture.set(width, values.length / width, (at) => 0.5 + (0.5 * (values[at] ?? 0)) / most, ramp, false, label);
}
