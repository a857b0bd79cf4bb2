import type { Frame, Scenery } from "../../core/frame.ts";
import type { Graph } from "../../core/graph.ts";
import { sectionOfNode } from "../../draw/read/reading.ts";
import { nodeOfLayer, readNodes } from "../../layout/readNodes.ts";
import { activationName } from "../../lib/activationName.ts";
import { formatCount, formatPercent, formatShape, formatSigned } from "../../lib/numberFormat.ts";
import { safeText } from "../../lib/safeText.ts";
import type { FrameStore } from "../../store/frameStore.ts";
import type { ViewValues } from "../../store/viewState.ts";
import { activationCurve } from "../charts/activationCurve.ts";
import { readZHistogram } from "../charts/zHistogram.ts";
import { exactText } from "../words/clockText.ts";
import { plural } from "../words/factsOf.ts";
import { readUnit, type UnitReading, unitName } from "../words/readUnit.ts";
import { sampleMoment } from "../words/sampleMoment.ts";
import { layerTables } from "./layerTables.ts";
import type { Cell, TableColumn, TableData } from "./tableData.ts";

const signed = (value: number) => formatSigned(value, 3);
const CURVES = ["loss", "val_loss"] as const;
const CURVE_STEPS = 32;

/** The charts of a view as tables: what is there to be shown at this moment. */
export function tablesOf({ graph, frame, scenery }: FrameStore, { selection }: ViewValues): TableData[] {
  if (graph === null) return [];
  if (frame === null) return [layersTable(graph)];
  const nodes = readNodes(graph);
  const { layer = "", unit = null } = selection ?? {};
  const reading = unit === null ? null : readUnit(nodes, frame, { layer, unit });
  const whole = unit === null ? nodeOfLayer(nodes, layer) : undefined;
  return [
    ...(whole === undefined ? [] : layerTables(whole, frame, scenery)),
    reading === null ? null : weightsTable(reading, frame, scenery),
    reading === null ? null : activationTable(reading, frame),
    lossTable(frame),
    ...nodes.filter((node) => node.isOutput).map((node) => outputTable(node, frame, scenery)),
    layersTable(graph),
  ].filter((table) => table !== null);
}

export function layersTable(graph: Graph): TableData {
  const columns = [
    { head: "Layer" },
    { head: "Type" },
    { head: "Output shape" },
    { head: "Activation" },
    { head: "Parameters", show: formatCount },
  ];
  return {
    id: "layers",
    title: "Layers of the network",
    caption: `${safeText(graph.name)}: ${plural(graph.layers.length, "layer")}, ${plural(graph.parameterCount, "parameter")}`,
    columns,
    rowCount: graph.layers.length,
    row(index) {
      const layer = graph.layers[index];
      if (layer === undefined) return [];
      const activation = layer.activation === null ? "" : activationName(layer.activation);
      const shape = layer.outputShape.map(formatShape).join("; ");
      return [safeText(layer.name), safeText(layer.type), shape, activation, layer.parameterCount];
    },
  };
}

/** The loss over the run; a row may stand for several steps, whose lowest and highest loss it gives. */
export function lossTable(frame: Frame): TableData | null {
  const rows = new Map<number, number[]>();
  const columns: TableColumn[] = [{ head: "Step", show: formatCount }];
  for (const name of CURVES) {
    const values = frame.section("curve", "", name)?.values;
    if (values === undefined) continue;
    const starts = Array.from({ length: values.length / 4 }, (_, i) => 4 * i);
    const isExact = starts.every((at) => Object.is(values[at + 1], values[at + 2]));
    const shown = name === "loss" ? "Train loss" : "Val loss";
    const first = columns.length;
    columns.push(...(isExact ? [shown] : [`${shown}, lowest`, `${shown}, highest`]).map((head) => ({ head })));
    for (const at of starts) {
      const step = values[at] ?? 0;
      const row = rows.get(step) ?? [step];
      for (let i = first; i < columns.length; i++) row[i] = values[at + 1 + i - first] ?? Number.NaN;
      rows.set(step, row);
    }
  }
  if (columns.length === 1) return null;
  const ordered = [...rows.values()].sort((one, other) => (one[0] ?? 0) - (other[0] ?? 0));
  const isThinned = columns.some(({ head }) => head.endsWith("lowest"));
  return {
    id: "loss",
    title: "Loss over the run",
    caption: `Loss over the run to ${exactText(frame.clock, frame.header.latestStep)}${isThinned ? "; a row covers the steps up to the next" : ""}`,
    columns,
    rowCount: ordered.length,
    row: (index) => columns.map((_, i): Cell => ordered[index]?.[i] ?? ""),
  };
}

type Node = UnitReading["node"];

function outputTable(node: Node, frame: Frame, scenery: Scenery | null): TableData | null {
  const values = sectionOfNode(frame, node, "activation")?.values;
  if (values === undefined) return null;
  const isShare = node.isOutput && scenery?.task.isShare === true;
  const show = isShare ? formatPercent : signed;
  return {
    id: `output ${node.id}`,
    title: `Output of ${safeText(node.name)}`,
    caption: `Output of ${safeText(node.name)} for ${sampleMoment(frame)}`,
    columns: [{ head: "Unit" }, { head: isShare ? "Probability" : "Output", show }],
    rowCount: values.length,
    row: (index) => [unitName(node, index, scenery), values[index] ?? Number.NaN],
  };
}

/** The incoming weights of a unit and what they do for the sample, down to z. */
export function weightsTable(reading: UnitReading, frame: Frame, scenery: Scenery | null): TableData | null {
  const { weights, inputs, gradients, source, bias, z, node, unit } = reading;
  if (weights === null || source === null) return null;
  const columns: TableColumn[] = [{ head: "From" }, { head: "Weight w", show: signed }];
  if (inputs !== null) {
    columns.push({ head: "Input a" }, { head: "Signal w·a", show: signed });
  }
  if (gradients !== null) columns.push({ head: "Gradient", show: signed });
  const ends: Cell[][] = [];
  const last = gradients === null ? [] : [""];
  if (bias !== null) ends.push(["bias", bias, ...(inputs === null ? [] : ["", bias]), ...last]);
  if (z !== null && inputs !== null) ends.push(["z, the sum", "", "", z, ...last]);
  return {
    id: "weights",
    title: "Weights of the selected unit",
    caption: `${plural(weights.length, "weight")} into ${unitTitle(node, unit, scenery)}, ${sampleMoment(frame)}`,
    columns,
    rowCount: weights.length + ends.length,
    row(index) {
      if (index >= weights.length) return ends[index - weights.length] ?? [];
      const weight = weights[index] ?? Number.NaN;
      const row: Cell[] = [unitName(source, index, scenery), weight];
      if (inputs !== null) row.push(inputs[index] ?? Number.NaN, weight * (inputs[index] ?? Number.NaN));
      if (gradients !== null) row.push(gradients[index] ?? Number.NaN);
      return row;
    },
  };
}

/** The activation curve of a unit: over the bins of its histogram where there is one, else over even steps of z. */
export function activationTable(reading: UnitReading, frame: Frame): TableData | null {
  const { node, unit, z, activation } = reading;
  const curve = activationCurve(node.activation, z, activation);
  if (node.kind !== "dense" || curve === null) return null;
  const histogram = readZHistogram(frame, reading);
  const [low, high] = histogram === null ? [-curve.reach, curve.reach] : [histogram.low, histogram.high];
  const count = histogram?.counts.length ?? CURVE_STEPS;
  const width = (high - low) / count;
  const title = `${activationName(node.activation)} of ${unitTitle(node, unit, null)}`;
  const base = { id: "activation", title: "Activation of the selected unit" };
  if (histogram === null) {
    return {
      ...base,
      caption: title,
      columns: [
        { head: "z", show: signed },
        { head: "Output", show: signed },
      ],
      rowCount: count + 1,
      row: (index) => [low + index * width, curve.output(low + index * width)],
    };
  }
  const { counts, sampleCount } = histogram;
  return {
    ...base,
    caption: `${title}, with the z of ${plural(sampleCount, "sample")}`,
    columns: [
      { head: "z from", show: signed },
      { head: "z to", show: signed },
      { head: "Samples", show: formatCount },
      { head: "Output in the middle", show: signed },
    ],
    rowCount: count,
    row(index) {
      const from = low + index * width;
      return [from, from + width, counts[index] ?? 0, curve.output(from + width / 2)];
    },
  };
}

function unitTitle(node: Node, unit: number, scenery: Scenery | null): string {
  const name = safeText(node.name);
  const own = unitName(node, unit, scenery);
  return own.startsWith(`${name} · `) ? `${name}, unit ${unit}` : `${name}, ${own}`;
}
