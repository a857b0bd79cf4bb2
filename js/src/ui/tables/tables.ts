import type { Frame, Scenery } from "../../core/frame.ts";
import type { Graph } from "../../core/graph.ts";
import { sectionOfNode } from "../../draw/read/reading.ts";
import { nodeOfLayer, readNodes } from "../../layout/readNodes.ts";
import { activationName } from "../../lib/activationName.ts";
import { formatCount, formatPercent, formatShape, formatSigned } from "../../lib/numberFormat.ts";
import { safeText } from "../../lib/safeText.ts";
import { keyOf, say } from "../../lib/say.ts";
import type { FrameStore } from "../../store/frameStore.ts";
import type { ViewValues } from "../../store/viewState.ts";
import { activationCurve } from "../charts/activationCurve.ts";
import { readZHistogram } from "../charts/zHistogram.ts";
import { exactText } from "../words/clockText.ts";
import { elementName, readUnit, type UnitReading, unitName } from "../words/readUnit.ts";
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
    { head: say("layerHead") },
    { head: say("typeHead") },
    { head: say("shapeHead") },
    { head: say("activationTitle") },
    { head: say("parametersHead"), show: formatCount },
  ];
  return {
    id: "layers",
    title: say("layersOfNetwork"),
    caption: say("nameIs", {
      name: safeText(graph.name),
      value: [
        say("layers", { count: graph.layerCount }),
        ...(graph.isBuilt ? [say("parameters", { count: graph.parameterCount })] : []),
      ].join(say("comma")),
    }),
    columns,
    rowCount: graph.layers.length,
    row(index) {
      const layer = graph.layers[index];
      if (layer === undefined) return [];
      const activation = layer.activation === null ? "" : activationName(layer.activation);
      const shape = layer.outputShape.map(formatShape).join("; ");
      return [safeText(layer.name), safeText(layer.type), shape, activation, graph.isBuilt ? layer.parameterCount : ""];
    },
  };
}

/** The loss over the run; a row may stand for several steps, whose lowest and highest loss it gives. */
export function lossTable(frame: Frame): TableData | null {
  const rows = new Map<number, number[]>();
  const columns: TableColumn[] = [{ head: say("stepHead"), show: formatCount }];
  let isThinned = false;
  for (const name of CURVES) {
    const values = frame.section("curve", "", name)?.values;
    if (values === undefined) continue;
    const starts = Array.from({ length: values.length / 4 }, (_, i) => 4 * i);
    const isExact = starts.every((at) => Object.is(values[at + 1], values[at + 2]));
    const shown = say(name === "loss" ? keyOf("trainLossHead") : keyOf("valLossHead"));
    isThinned ||= !isExact;
    const first = columns.length;
    columns.push(
      ...(isExact ? [shown] : [say("lowest", { curve: shown }), say("highest", { curve: shown })]).map((head) => ({
        head,
      })),
    );
    for (const at of starts) {
      const step = values[at] ?? 0;
      const row = rows.get(step) ?? [step];
      for (let i = first; i < columns.length; i++) row[i] = values[at + 1 + i - first] ?? Number.NaN;
      rows.set(step, row);
    }
  }
  if (columns.length === 1) return null;
  const ordered = [...rows.values()].sort((one, other) => (one[0] ?? 0) - (other[0] ?? 0));
  return {
    id: "loss",
    title: say("lossOverRun"),
    caption: `${say("lossOverRunTo", { moment: exactText(frame.clock, frame.header.latestStep) })}${isThinned ? say("rowCovers") : ""}`,
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
    title: say("outputOf", { layer: safeText(node.name) }),
    caption: say("outputOfFor", { layer: safeText(node.name), moment: sampleMoment(frame) }),
    columns: [
      { head: say("unitHead") },
      { head: say(isShare ? keyOf("probabilityHead") : keyOf("outputLegend")), show },
    ],
    rowCount: values.length,
    row: (index) => [elementName(node, index, scenery), values[index] ?? Number.NaN],
  };
}

/** The incoming weights of a unit and what they do for the sample, down to z. */
export function weightsTable(reading: UnitReading, frame: Frame, scenery: Scenery | null): TableData | null {
  const { weights, inputs, gradients, source, bias, z, node, unit } = reading;
  if (weights === null || source === null) return null;
  const columns: TableColumn[] = [{ head: say("fromUnit") }, { head: say("weightWHead"), show: signed }];
  if (inputs !== null) {
    columns.push({ head: say("inputAHead") }, { head: say("signalWaHead"), show: signed });
  }
  if (gradients !== null) columns.push({ head: say("gradient"), show: signed });
  const ends: Cell[][] = [];
  const last = gradients === null ? [] : [""];
  if (bias !== null) ends.push([say("biasRow"), bias, ...(inputs === null ? [] : ["", bias]), ...last]);
  if (z !== null && inputs !== null) ends.push([say("zTheSum"), "", "", z, ...last]);
  return {
    id: "weights",
    title: say("weightsOfUnit"),
    caption: say("weightsInto", {
      weights: say("weights", { count: weights.length }),
      unit: unitTitle(node, unit, scenery),
      moment: sampleMoment(frame),
    }),
    columns,
    rowCount: weights.length + ends.length,
    row(index) {
      if (index >= weights.length) return ends[index - weights.length] ?? [];
      const weight = weights[index] ?? Number.NaN;
      const row: Cell[] = [elementName(source, index, scenery), weight];
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
  const title = say("activationOf", {
    activation: activationName(node.activation),
    unit: unitTitle(node, unit, null),
  });
  const base = { id: "activation", title: say("activationOfUnit") };
  if (histogram === null) {
    return {
      ...base,
      caption: title,
      columns: [
        { head: "z", show: signed },
        { head: say("outputLegend"), show: signed },
      ],
      rowCount: count + 1,
      row: (index) => [low + index * width, curve.output(low + index * width)],
    };
  }
  const { counts, sampleCount } = histogram;
  return {
    ...base,
    caption: say("withZOf", { curve: title, samples: say("samples", { count: sampleCount }) }),
    columns: [
      { head: say("zFrom"), show: signed },
      { head: say("zTo"), show: signed },
      { head: say("samplesHead"), show: formatCount },
      { head: say("outputInMiddle"), show: signed },
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
  return [name, own.startsWith(`${name} · `) ? say("unitNumber", { unit }) : own].join(say("comma"));
}
