import type { Frame, Scenery } from "../../core/frame.ts";
import type { NetworkNode } from "../../layout/readNodes.ts";
import { say } from "../../lib/say.ts";
import type { Ramps } from "../../theme/ramps.ts";
import { el } from "../kit/dom.ts";
import { createFacts } from "../kit/facts.ts";
import type { Open } from "../kit/open.ts";
import { createSection } from "../kit/section.ts";
import type { Shell } from "../kit/shell.ts";
import { layerTitle, type UnitReading, unitOfElement } from "../words/readUnit.ts";
import { countOf } from "../words/spokenNames.ts";
import { createActivationPanel } from "./activationPanel.ts";
import { createFieldPicture } from "./fieldPicture.ts";
import { litInput, litTarget } from "./litRow.ts";
import type { MapPanels } from "./mapPanels.ts";
import { createSampleRow } from "./sampleRow.ts";
import { createSumPanel } from "./sumPanel.ts";
import { sumRows } from "./sumRows.ts";
import { tensorFact } from "./tensorFacts.ts";
import { unitFacts, unitSubtitle, unitTitle } from "./unitFacts.ts";
import { createVotesPanel } from "./votesPanel.ts";
import { createWeightImages } from "./weightImages.ts";

export interface UnitPanel {
  readonly element: HTMLElement;
  set(reading: UnitReading, nodes: readonly NetworkNode[], frame: Frame, scenery: Scenery | null, ramps: Ramps): void;
}

/** One unit: what it is, its picture, its numbers for this sample, its sum, its activation, and what it passes on. */
export function createUnitPanel(shell: Shell, open: Open, maps: MapPanels = {}): UnitPanel {
  const { state, signal } = shell;
  let current: UnitReading | null = null;

  const images = createWeightImages();
  const field = createFieldPicture();
  const sample = createSampleRow(shell);
  const facts = createFacts();
  const numbers = el(
    "div",
    { class: "nv-unit-head" },
    field.element,
    el("div", { class: "nv-numbers" }, sample.element, facts.element),
  );
  const head = createSection("", images.element, numbers);
  const sum = createSumPanel(
    {
      hover(source) {
        if (current === null) return;
        const { node, unit, source: from } = current;
        const isEdge = source !== null && from !== null && from.kind !== "maps";
        state.set({ hover: isEdge ? { layer: node.id, unit, source, sourceLayer: from.id } : null });
      },
      choose(source) {
        if (current?.source) open({ layer: current.source.id, unit: unitOfElement(current.source, source) });
      },
    },
    signal,
  );
  const curve = createActivationPanel();
  const patch = maps.createPatchPanel?.((place) => {
    if (current !== null) state.set({ selection: { layer: current.layer.id, unit: current.unit, place }, hover: null });
  });
  const placeIn = (place: readonly [number, number] | null) =>
    current === null || place === null ? null : { layer: current.layer.id, unit: current.unit, place };
  const scores = maps.createScorePanel?.(
    (place) => state.set({ selection: placeIn(place), hover: null }),
    (place) => state.set({ hover: placeIn(place) }),
    signal,
  );
  const lanes = maps.createLanePanel?.(
    (place) => state.set({ selection: placeIn(place), hover: null }),
    (place) => state.set({ hover: placeIn(place) }),
    signal,
  );
  const states = maps.createStatePanel?.((place) => state.set({ selection: placeIn(place), hover: null }), signal);
  const volume = maps.createVolumePanel?.(signal);
  const kept = maps.createKeptPanel?.();
  const votes = createVotesPanel(
    {
      hover(target) {
        if (current === null) return;
        const { node, unit, next } = current;
        const isEdge = target !== null && next !== null;
        state.set({ hover: isEdge ? { layer: next.node.id, unit: target, source: unit, sourceLayer: node.id } : null });
      },
      choose(target) {
        if (current?.next) open({ layer: current.next.node.id, unit: target });
      },
    },
    signal,
  );
  const layerFacts = createFacts();
  const layer = createSection(say("theLayer"), layerFacts.element);
  const element = el(
    "div",
    { class: "nv-unit-page" },
    head.element,
    patch?.element ?? null,
    sum.element,
    curve.element,
    votes.element,
    scores?.element ?? null,
    lanes?.element ?? null,
    states?.element ?? null,
    volume?.element ?? null,
    kept?.element ?? null,
    layer.element,
  );

  const setLayer = ({ node }: UnitReading, nodes: readonly NetworkNode[], frame: Frame) => {
    const kernel = frame.section("weight", node.id, "kernel")?.values;
    const bias = frame.section("weight", node.id, "bias")?.values;
    layer.setNote(kernel === undefined && bias === undefined ? "" : say("leastMeanMost"));
    const count = say(countOf(node), { count: node.units });
    layerFacts.set([
      { name: layerTitle(node, nodes), value: count, open: () => open({ layer: node.id, unit: null }) },
      ...(kernel === undefined ? [] : [tensorFact(say("weightsName"), kernel)]),
      ...(bias === undefined ? [] : [tensorFact(say("biasesName"), bias)]),
    ]);
  };

  return {
    element,
    set(reading, nodes, frame, scenery, ramps) {
      current = reading;
      const { hover } = state.values;
      const rows = sumRows(reading, scenery, litInput(hover, reading));
      head.setTitle(`${layerTitle(reading.node, nodes)} · ${unitTitle(reading, scenery)}`);
      head.setNote(unitSubtitle(reading));
      images.set(reading, scenery, ramps);
      numbers.classList.toggle("nv-with-picture", field.set(reading, frame, scenery, ramps));
      numbers.classList.toggle("nv-output", reading.node.isOutput);
      sample.set(frame, scenery);
      facts.set(unitFacts(reading, nodes, frame, scenery, rows?.total ?? null));
      patch?.set(reading, frame, state.values.selection, ramps);
      scores?.set(reading, frame, state.values.selection, ramps);
      lanes?.set(reading, frame, state.values.selection, hover, ramps);
      states?.set(reading, nodes, frame, state.values.selection, ramps);
      volume?.set(reading.node, reading.unit, frame, ramps);
      kept?.set(reading.node, reading.unit, frame, ramps);
      sum.set(rows, reading, ramps);
      element.classList.toggle("nv-sum-page", !sum.element.hidden);
      curve.set(reading, frame, ramps);
      votes.set(reading, frame, scenery, ramps, litTarget(hover, reading));
      setLayer(reading, nodes, frame);
    },
  };
}
