import type { Frame, Scenery } from "../../core/frame.ts";
import { momentsOfMap } from "../../draw/read/maps.ts";
import { biasesOf, valuesOfNode } from "../../draw/read/sections.ts";
import { isBeside, type NetworkNode } from "../../layout/readNodes.ts";
import { capital } from "../../lib/capital.ts";
import { formatCount, formatNumber, formatSigned } from "../../lib/numberFormat.ts";
import { safeText } from "../../lib/safeText.ts";
import { type Key, keyOf, say } from "../../lib/say.ts";
import { histogramOf } from "../charts/histogram.ts";
import { readLayerTensors } from "../words/layerTensors.ts";
import { unitName } from "../words/readUnit.ts";
import { sampleMoment } from "../words/sampleMoment.ts";
import { countOf, isOfMaps } from "../words/spokenNames.ts";
import type { TableColumn, TableData } from "./tableData.ts";

const signed = (value: number) => formatSigned(value, 3);

/** What the page of a layer draws, as tables: its units for the sample, and how its numbers are spread. */
export function layerTables(node: NetworkNode, frame: Frame, scenery: Scenery | null): TableData[] {
  const { output, parameters } = readLayerTensors(frame, node);
  const name = safeText(node.name);
  const tables: TableData[] = [];
  const values = valuesOfNode(frame, node);
  if (values?.length === node.units && node.pictures === null) tables.push(unitsTable(node, values, frame, scenery));
  const maps = node.pictures !== null ? mapsTable(node, frame, scenery) : null;
  if (maps !== null) tables.push(maps);
  for (const { name: tensor, values } of parameters) {
    tables.push(...spreadTables(say("spreadOf", { tensor }), say("tensorOf", { tensor, layer: name }), values));
  }
  if (output !== null)
    tables.push(
      ...spreadTables(say("spreadOfOutput"), say("outputOfAt", { layer: name, moment: sampleMoment(frame) }), output),
    );
  return tables;
}

function unitsTable(node: NetworkNode, output: ArrayLike<number>, frame: Frame, scenery: Scenery | null): TableData {
  const columns: TableColumn[] = [{ head: node.kind === "input" ? say("theInput") : say("unitHead") }];
  const values: ArrayLike<number>[] = [];
  const add = (head: string, column: ArrayLike<number> | undefined) => {
    if (column?.length !== node.units) return;
    columns.push({ head, show: signed });
    values.push(column);
  };
  const isOwn = !isBeside(node);
  if (isOwn) add(say("biasB"), biasesOf(frame, node) ?? undefined);
  if (isOwn) add("z", frame.section("z", node.id)?.values);
  add(node.kind === "input" || !isOwn ? say("valueHead") : say("outputAHead"), output);
  return {
    id: "units",
    title: say("unitsOfLayer"),
    caption: captionOf(node.kind === "told" ? keyOf("values") : keyOf("units"), node, frame),
    columns,
    rowCount: node.units,
    row: (index) => [unitName(node, index, scenery), ...values.map((column) => column[index] ?? Number.NaN)],
  };
}

/** `4 units of hidden, sample 3, step 12` */
function captionOf(word: Key, node: NetworkNode, frame: Frame): string {
  const units = say(word, { count: node.units });
  return say("unitsOfAt", { units, layer: safeText(node.name), moment: sampleMoment(frame) });
}

/** The maps of a layer, each in three numbers. */
function mapsTable(node: NetworkNode, frame: Frame, scenery: Scenery | null): TableData | null {
  if (momentsOfMap(frame, node, 0) === null) return null;
  if (node.kind === "heads") return headsTable(node, frame, scenery);
  const areMaps = isOfMaps(node);
  const heads = [say("mapMean"), say("mapLeast"), say("mapGreatest")];
  return {
    id: "maps",
    title: say(areMaps ? keyOf("mapsOfLayer") : keyOf("picturesOfLayer")),
    caption: captionOf(countOf(node), node, frame),
    columns: [
      { head: say(node.kind === "told" ? keyOf("pictureHead") : areMaps ? keyOf("mapHead") : keyOf("unitHead")) },
      ...heads.map((head) => ({ head: capital(head), show: signed })),
    ],
    rowCount: node.units,
    row(map) {
      const { mean, least, greatest } = momentsOfMap(frame, node, map) ?? NOTHING;
      return [unitName(node, map, scenery), mean, least, greatest];
    },
  };
}

/** The heads of an attention layer, each with its largest score. */
function headsTable(node: NetworkNode, frame: Frame, scenery: Scenery | null): TableData {
  return {
    id: "heads",
    title: say("headsOfLayer"),
    caption: captionOf(keyOf("heads"), node, frame),
    columns: [
      { head: say("headHead") },
      { head: capital(say("largestScore")), show: (value) => formatNumber(value, 3) },
    ],
    rowCount: node.units,
    row: (head) => [unitName(node, head, scenery), momentsOfMap(frame, node, head)?.greatest ?? Number.NaN],
  };
}

const NOTHING = { mean: Number.NaN, least: Number.NaN, greatest: Number.NaN };

function spreadTables(title: string, what: string, values: ArrayLike<number>): TableData[] {
  const histogram = histogramOf(values);
  if (histogram === null) return [];
  const { low, high, counts } = histogram;
  const width = (high - low) / counts.length;
  const table: TableData = {
    id: title,
    title,
    caption: say("howMany", { what, values: say("values", { count: values.length }) }),
    columns: [
      { head: say("from"), show: signed },
      { head: say("to"), show: signed },
      { head: say("valuesHead"), show: formatCount },
    ],
    rowCount: counts.length,
    row: (bin) => [low + bin * width, bin === counts.length - 1 ? high : low + (bin + 1) * width, counts[bin] ?? 0],
  };
  return [table];
}
