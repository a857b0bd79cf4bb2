import { isDrawn } from "../../core/drawings.ts";
import { nodeOfLayer } from "../../layout/readNodes.ts";
import { isModified } from "../../lib/isModified.ts";
import { listen } from "../../lib/listen.ts";
import { newName } from "../../lib/newName.ts";
import { formatCount, formatSigned } from "../../lib/numberFormat.ts";
import { at } from "../../lib/numbers.ts";
import { keyOf, say } from "../../lib/say.ts";
import { createButton } from "../kit/button.ts";
import { el, setAttributes, setText, show } from "../kit/dom.ts";
import { createSection } from "../kit/section.ts";
import type { Shell } from "../kit/shell.ts";
import { createNodeReader, elementName, readUnit, type UnitReading } from "../words/readUnit.ts";
import { kernelPlace } from "./kernelPlace.ts";

type Written = Readonly<Record<string, string | number | readonly number[]>>;

export interface ChangeForm {
  readonly element: HTMLElement;
  open(): void;
  focus(): void;
  update(): void;
}

/** Changes of the chosen unit, each tried on a press; `suppose` gives why it was refused, or nothing. */
export function createChangeForm(shell: Shell, suppose: (change: Written) => Promise<string>): ChangeForm {
  const { store, state, signal } = shell;
  const nodesOf = createNodeReader();
  const message = el("p", { class: "nv-whatif-message", role: "alert" });
  const refuse = (text: string) => setText(message, text);
  const tryIt = async (change: Written) => refuse(await suppose(change));

  /** A number and the button that sets it; Enter does too. */
  const numberRow = <T = number>(
    label: string,
    text: string,
    set: (value: number | T) => void,
    ...more: readonly HTMLElement[]
  ) => {
    const input = el("input", { type: "number", step: "any", class: "nv-input", id: newName() });
    const press = () => {
      const number = input.value.trim() === "" ? Number.NaN : Number(input.value);
      if (Number.isFinite(number)) set(number);
      else if (input.type === "text" && input.value !== "") set(input.value as T);
      else refuse(say("whatIfNoNumber"));
    };
    const button = createButton({ label: say("whatIfSetLong", { what: label }), text }, press, signal);
    listen(
      input,
      "keydown",
      (event) => {
        if (event.key === "Enter") press();
      },
      signal,
    );
    const name = el("label", { class: "nv-whatif-label", for: input.id }, label);
    return { input, name, element: rowOf(name, input, button.element, ...more) };
  };
  const chosen = (): UnitReading | null => {
    const { graph, frame } = store;
    const { selection } = state.values;
    if (graph === null || frame === null || selection === null || selection.unit === null) return null;
    return readUnit(nodesOf(graph), frame, { layer: selection.layer, unit: selection.unit });
  };
  const tryUnit = (rest: Written) => {
    const reading = chosen();
    if (reading !== null) void tryIt({ layer: reading.layer.id, unit: reading.unit, ...rest });
  };
  const sampleOf = () => store.frame?.header.sample ?? 0;

  const press = (text: string, label: string, act: () => void) => createButton({ label, text }, act, signal).element;
  const zero = press(say("whatIfZero"), say("whatIfZeroLong"), () => tryUnit({ kind: "unit", to: "zero" }));
  const mean = press(say("whatIfToMean"), say("whatIfMeanLong"), () => tryUnit({ kind: "unit", to: "mean" }));
  const hold = numberRow(say("whatIfHoldAt"), say("whatIfSetIt"), (to) => tryUnit({ kind: "unit", to }), zero, mean);

  const from = el("input", { type: "number", class: "nv-input", min: 0, step: 1, value: 0, id: newName() });
  const source = () => (Number.isSafeInteger(from.valueAsNumber) ? from.valueAsNumber : 0);
  const fromName = el("span", { class: "nv-whatif-from" });
  const cut = press(say("whatIfCut"), say("whatIfCutLong"), () =>
    tryUnit({ kind: "edge", source: source(), to: "zero" }),
  );
  const cutMean = press(say("whatIfToMean"), say("whatIfEdgeMeanLong"), () =>
    tryUnit({ kind: "edge", source: source(), to: "mean" }),
  );
  const weight = numberRow(
    say("whatIfWeight"),
    say("whatIfSetIt"),
    (value) => {
      const reading = chosen();
      if (reading === null) return;
      const kernel = kernelPlace(reading.layer);
      const places = taps.slice(0, kernel?.sizes.length).map(({ valueAsNumber }) => valueAsNumber);
      const index = kernel?.index(places, source(), reading.unit) ?? [source(), reading.unit];
      if (index.every(Number.isSafeInteger)) {
        void tryIt({ kind: "weight", layer: reading.layer.id, name: "kernel", index, value });
      } else refuse(say("whatIfNoPlace"));
    },
    cut,
    cutMean,
  );
  const tap = (label: string) =>
    el("input", { type: "number", class: "nv-input", min: 0, step: 1, value: 0, "aria-label": label });
  const taps = [tap(""), tap(""), tap("")];
  const tapRow = rowOf(el("span", { class: "nv-whatif-label" }, say("whatIfTap")), ...taps);
  const fromRow = rowOf(el("label", { class: "nv-whatif-label", for: from.id }, say("whatIfFrom")), from, fromName);
  const bias = numberRow(say("whatIfBias"), say("whatIfSetIt"), (value) => {
    const reading = chosen();
    if (reading === null) return;
    void tryIt({ kind: "weight", layer: reading.layer.id, name: "bias", index: [reading.unit], value });
  });
  const input = numberRow<string>("", say("whatIfSetIt"), (value) => {
    const reading = chosen();
    if (reading === null) return;
    void tryIt({ kind: "input", layer: reading.layer.id, sample: sampleOf(), unit: reading.unit, value });
  });
  const layerOf = () => store.graph?.layers.find(({ id }) => id === state.values.selection?.layer);
  const freeze = press(say("whatIfFreeze"), say("whatIfFreezeLong"), () => {
    const layer = layerOf();
    if (layer !== undefined) void tryIt({ kind: "freeze", layer: layer.id });
  });
  const layerRow = rowOf(el("span", { class: "nv-whatif-label" }, say("whatIfLayer")), freeze);
  const none = el("p", { class: "nv-sub" });
  const section = createSection(
    say("whatIfTitle"),
    none,
    input.element,
    hold.element,
    fromRow,
    tapRow,
    weight.element,
    bias.element,
    layerRow,
    message,
  );
  section.setNote(say("whatIfCopy"));
  const element = el("div", { class: "nv-whatif-form", hidden: true }, section.element);
  listen(
    element,
    "keydown",
    (event) => event.key !== "Escape" && !isModified(event) && event.stopPropagation(),
    signal,
  );
  listen(from, "input", () => update(), signal);
  let isOpen = false;
  let place = "";

  const current = (input: HTMLInputElement, value: number | null) =>
    setAttributes(input, { placeholder: value === null ? "" : formatSigned(value, 3) });
  const update = () => {
    show(element, isOpen);
    if (!isOpen) return;
    const reading = chosen();
    const there = reading === null ? "" : `${reading.layer.id} ${reading.unit} ${sampleOf()}`;
    if (there !== place) {
      refuse("");
      for (const { input: field } of [hold, weight, bias, input]) field.value = "";
    }
    place = there;
    const isInput = reading?.node.kind === "input";
    const weights = isInput ? null : (reading?.weights ?? null);
    const isOne = reading !== null && !isInput;
    const isChangeable = isInput && !isDrawn(sampleOf());
    const canFreeze = store.frame?.header.commands.includes("applyWhatIf") === true;
    show(layerRow, canFreeze && (layerOf()?.parameters.length ?? 0) > 0);
    show(none, reading === null || (isInput && !isChangeable));
    setText(none, say(reading === null ? keyOf("whatIfChoose") : keyOf("whatIfDrawn")));
    show(input.element, isChangeable);
    setText(input.name, say("whatIfValue", { sample: formatCount(sampleOf()) }));
    const words = reading?.node.isTokens === true ? store.frame?.header.tokens[reading.layer.id] : undefined;
    setAttributes(input.input, { type: words === undefined ? "number" : "text" });
    show(hold.element, isOne);
    const kernel = isOne && weights === null ? kernelPlace(reading.layer) : null;
    const sources = kernel?.sources ?? weights?.length ?? 0;
    show(fromRow, weights !== null || (kernel !== null && sources > 1));
    show(tapRow, kernel !== null);
    taps.forEach((field, axis) => {
      const size = kernel?.sizes[axis];
      show(field, size !== undefined);
      const name = AXES[axis + (kernel?.sizes.length === 3 ? 0 : 1)] ?? "";
      setAttributes(field, { max: (size ?? 1) - 1, "aria-label": name });
    });
    show(weight.element, weights !== null || kernel !== null);
    show(cut, weights !== null || reading?.layer.role === "conv");
    show(cutMean, weights !== null);
    show(bias.element, isOne && reading.bias !== null);
    if (reading === null) return;
    const word = words?.[reading.unit] ?? "";
    if (word === "") current(input.input, reading.activation);
    else setAttributes(input.input, { placeholder: word });
    current(hold.input, reading.activation);
    current(bias.input, reading.bias);
    if (sources === 0) return;
    setAttributes(from, { max: sources - 1 });
    const isThere = source() < sources && source() >= 0;
    const node = reading.source ?? nodeOfLayer(nodesOf(store.graph as never), reading.node.sources[0] ?? "");
    const name = node != null && isThere && weights !== null ? elementName(node, source(), store.scenery) : "";
    setText(fromName, isThere ? name : say("whatIfNoSource", { most: formatCount(sources - 1) }));
    current(weight.input, isThere && weights !== null ? at(weights, source()) : null);
  };
  store.subscribe(update, signal);
  state.subscribe(update, signal);
  const focus = () => [...element.querySelectorAll("input")].find((field) => !field.closest("[hidden]"))?.focus();
  return {
    element,
    update,
    open() {
      isOpen = true;
      update();
      element.scrollIntoView({ block: "nearest" });
      focus();
    },
    focus,
  };
}

const AXES = [say("whatIfTapSlice"), say("whatIfTapRow"), say("whatIfTapColumn")];

function rowOf(name: HTMLElement, ...controls: readonly HTMLElement[]): HTMLElement {
  return el("div", { class: "nv-whatif-row" }, name, el("div", { class: "nv-whatif-controls" }, ...controls));
}
