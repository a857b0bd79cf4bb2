import type { Frame } from "../../core/frame.ts";
import { nodeOfLayer } from "../../layout/readNodes.ts";
import { listen } from "../../lib/listen.ts";
import { keyOf, say } from "../../lib/say.ts";
import { createButton } from "../kit/button.ts";
import { el, setAttributes, setText, show } from "../kit/dom.ts";
import { createFacts } from "../kit/facts.ts";
import { icon } from "../kit/icons.ts";
import { createMenu } from "../kit/menu.ts";
import type { Part, Shell } from "../kit/shell.ts";
import { createNodeReader, readUnit, type UnitReading } from "../words/readUnit.ts";
import { createAttentionTable } from "./attentionTable.ts";
import { copyText } from "./copyText.ts";
import { createLearningTable } from "./learningTable.ts";
import { learntInput } from "./learntInput.ts";
import { type LearningMessage, type Learnt, readLearning, textOf } from "./readLearning.ts";

const FORMS = ["latex", "numpy"] as const;
type Form = (typeof FORMS)[number];

/** What was told last of a unit, a place in it and a sample, and at which step. */
interface Told {
  readonly of: string;
  readonly step: number;
  readonly message: LearningMessage;
}

/**
 * How the chosen unit learns of the shown sample, a section of the unit's page in the inspector. It is asked for only
 * while it is open.
 */
export function createLearning(shell: Shell, inspector: HTMLElement): Part {
  const { store, state, signal } = shell;
  const nodesOf = createNodeReader();
  let told: Told | null = null;
  let read: { frame: Frame; of: string } | null = null;
  let copying: { form: Form; of: string; take(text: string): void; drop(): void } | null = null;

  const title = el("span");
  const button = el("button", { type: "button", class: "nv-learning-fold" }, icon("next"), title);
  listen(button, "click", () => state.set({ learning: isOpen() ? "closed" : "open" }), signal);
  const isOpen = () => state.values.learning !== "closed";
  const lacksText = () => {
    if (store.connection !== "live") return say("cannotSteer");
    return told?.message.learnt == null && told?.message.attention == null ? say("learningNothing") : null;
  };
  const menu = createMenu(
    say("learningMenu"),
    () =>
      FORMS.map((form) => ({
        id: form,
        text: say(form === "latex" ? keyOf("copyLatex") : keyOf("copyNumpy")),
        lacks: lacksText(),
        run: () => copy(form),
      })),
    () => null,
    signal,
  );
  const note = el("p", { class: "nv-sub" });
  const facts = createFacts();
  const table = createLearningTable(
    {
      hover: (input) => state.set({ hover: input?.hover ?? null }),
      choose: ({ place }) => {
        if (place !== null) state.set({ selection: place, hover: null });
      },
    },
    signal,
  );
  const attention = createAttentionTable();
  const words = el("p", { class: "nv-sub nv-below" });
  const check = el("div");
  const ruleName = el("summary");
  const rule = createFacts();
  const ruleBox = el("details", { class: "nv-learning-rule" }, ruleName, rule.element);
  const notes = el("ul", { class: "nv-learning-notes" });
  const status = el("p", { class: "nv-sub nv-below", "aria-live": "polite" });
  const text = el("textarea", {
    class: "nv-learning-text",
    readonly: true,
    rows: 6,
    "aria-label": say("learningText"),
  });
  const closeText = createButton(
    { label: say("learningHideText"), text: say("learningHideText") },
    () => hideText(),
    signal,
  );
  const textBox = el("div", { hidden: true }, text, closeText.element);
  const body = el(
    "div",
    { class: "nv-learning-body" },
    note,
    facts.element,
    table.element,
    attention.element,
    words,
    check,
    ruleBox,
    notes,
    status,
    textBox,
  );
  const head = el("div", { class: "nv-learning-head" }, el("h3", {}, button), menu.element);
  const element = el("section", { class: "nv-learning" }, head, body);
  inspector.querySelector(".nv-unit-page > :last-child")?.before(element);

  const hideText = () => {
    show(textBox, false);
    setText(status, "");
  };
  const copy = (form: Form) => {
    copying?.drop();
    hideText();
    const of = subject();
    const coming = new Promise<string>((take, reject) => {
      copying = { form, of, take, drop: () => reject(new Error(say("learningNothing"))) };
    });
    setText(status, say("learningAwaited"));
    copyText(coming).then(
      () => setText(status, say("learningCopied")),
      () => coming.then(showText, () => setText(status, "")),
    );
    state.set({ learning: form });
  };
  const showText = (own: string) => {
    text.value = own;
    show(textBox, true);
    setText(status, say("learningByHand"));
    text.focus();
    text.select();
  };

  const subject = () => {
    const { selection, sample } = state.values;
    return JSON.stringify([selection?.layer, selection?.unit, selection?.place, store.frame?.header.sample ?? sample]);
  };
  const take = (frame: Frame, of: string) => {
    if (read?.frame === frame && read.of === of) return;
    read = { frame, of };
    const layer = state.values.selection?.layer ?? "";
    const section = frame.section("learning", layer);
    if (section !== undefined && section.name === nameOf(state.values.selection)) {
      told = { of, step: frame.header.step, message: readLearning(section) };
    }
    if (told?.of !== of || frame.header.whatIf > 0) told = null;
    if (copying !== null && copying.of !== of) {
      copying.drop();
      copying = null;
      if (isOpen()) state.set({ learning: "open" });
    }
    const own = copying === null ? undefined : frame.section(copying.form, layer);
    if (copying !== null && own !== undefined) {
      copying.take(textOf(own));
      copying = null;
      state.set({ learning: "open" });
    }
  };

  const reading = (): UnitReading | null => {
    const { graph, frame } = store;
    const { selection } = state.values;
    if (graph === null || frame === null || selection === null || selection.unit === null) return null;
    const nodes = nodesOf(graph);
    const node = nodeOfLayer(nodes, selection.layer);
    if (node === undefined || node.kind === "input") return null;
    return readUnit(nodes, frame, { layer: selection.layer, unit: selection.unit });
  };

  const draw = (frame: Frame, unit: UnitReading) => {
    const { learnt = null, attention: steps = null } = told?.message ?? {};
    setText(note, noteOf(frame, told, store.connection !== "saved"));
    for (const part of [facts.element, table.element, words, ruleBox]) show(part, learnt !== null);
    show(attention.element, steps !== null);
    const compared = learnt ?? steps;
    check.replaceChildren(...(compared === null ? [] : checkOf(compared)));
    if (steps !== null) attention.set(steps, frame.header.tokens[unit.node.layers[0]?.attention?.keyInput ?? ""] ?? []);
    const lines = told?.message.notes ?? [];
    notes.replaceChildren(...lines.map((line) => el("li", {}, line)));
    show(notes, lines.length > 0);
    if (learnt === null) return;
    facts.set([
      ...learnt.chain.map(([name = "", value = ""]) => ({ name, value })),
      ...(learnt.delta === "" ? [] : [{ name: say("learningDelta"), value: learnt.delta, isBold: true }]),
    ]);
    const { hover } = state.values;
    const rows = learnt.moves.map((weight) => ({
      weight,
      input: learntInput(weight, learnt, unit, store.scenery, hover),
    }));
    table.set(rows);
    setText(words, wordsOf(learnt));
    show(words, learnt.moves.length > 0);
    const furthest = rows.find(({ weight }) => weight.label === learnt.furthest);
    show(ruleBox, furthest !== undefined);
    setText(ruleName, say("learningRule", { optimizer: learnt.optimizer, weight: furthest?.input.name ?? "" }));
    rule.set(learnt.rule.map(([name = "", value = ""]) => ({ name, value })));
  };

  return {
    element,
    update() {
      const { frame } = store;
      const unit = reading();
      show(element, unit !== null);
      if (frame === null || unit === null) return;
      setAttributes(button, { "aria-expanded": String(isOpen()) });
      setText(title, say(unit.node.kind === "heads" ? keyOf("stepByStep") : keyOf("learningTitle")));
      show(body, isOpen());
      show(menu.element, isOpen());
      if (!isOpen()) return;
      take(frame, subject());
      draw(frame, unit);
    },
  };
}

/** As nnvis_widget/core/want.py names a unit, and a place in its map. */
function nameOf(selection: Shell["state"]["values"]["selection"]): string {
  const place = selection?.place === undefined ? "" : ` ${selection.place.join(",")}`;
  return `${selection?.unit ?? ""}${place}`;
}

function noteOf({ header }: Frame, told: Told | null, isComing: boolean): string {
  if (header.whatIf > 0) return say("learningWhatIf");
  if (told === null)
    return say(header.isFollowing && isComing ? keyOf("learningAwaited") : keyOf("learningNotRecorded"));
  const { learnt } = told.message;
  const [first = 0, last = 0] = learnt?.rows ?? [];
  return [
    ...(learnt === null ? [] : [say("learningOf", { sample: header.sample, first, last })]),
    ...(learnt === null || learnt.place.length === 0 ? [] : [say("learningAt", { place: learnt.place.join(", ") })]),
    ...(told.step === header.step ? [] : [say("learningOlder", { step: told.step })]),
  ].join(say("gap"));
}

function wordsOf(learnt: Learnt): string {
  const { optimizer, moves, weights, place, isMean, isOtherwise } = learnt;
  const hidden = weights - moves.length;
  return [
    ...(hidden > 0 ? [say("learningMore", { count: hidden })] : []),
    say(isMean ? keyOf("learningOwnMean") : keyOf("learningOwnSum")),
    ...(place.length > 0 ? [say("learningPlaces")] : []),
    ...(moves.some(({ change }) => change !== "") ? [say("learningNext", { optimizer })] : []),
    ...(isOtherwise ? [say("learningOtherwise")] : []),
  ].join(say("gap"));
}

/** What was compared and agrees, and what does not, with both numbers. */
function checkOf({ checked, failed }: Pick<Learnt, "checked" | "failed">): HTMLElement[] {
  const [count = "", against = "", difference = ""] = checked;
  const line = (tone: "ok" | "err", words: string) =>
    el("p", { class: "nv-learning-check", "data-tone": tone }, icon(tone), el("span", {}, words));
  return [
    ...failed.map((own) => line("err", own.replace(/^✗ /, ""))),
    ...(count === "" ? [] : [line("ok", say("learningChecked", { count: Number(count), against, difference }))]),
  ];
}
