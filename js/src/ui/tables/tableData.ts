import { formatNumber } from "../../lib/numberFormat.ts";

export type Cell = string | number;

export interface TableColumn {
  readonly head: string;
  /** How its numbers are shown; three decimals unless told. */
  readonly show?: (value: number) => string;
}

/** A chart as rows; the first column names the row. Texts are as they may be shown. */
export interface TableData {
  readonly id: string;
  readonly title: string;
  readonly caption: string;
  readonly columns: readonly TableColumn[];
  readonly rowCount: number;
  row(index: number): readonly Cell[];
}

export function shownCell(cell: Cell | undefined, column: TableColumn): string {
  if (typeof cell !== "number") return cell ?? "";
  return column.show?.(cell) ?? formatNumber(cell, 3);
}

/** Nine digits say a float32 exactly. */
const DIGITS = 9;

/** What a spreadsheet would take for a formula gets an apostrophe before it. */
function plainCell(cell: Cell): string {
  if (typeof cell === "number") return Number.isFinite(cell) ? String(Number(cell.toPrecision(DIGITS))) : String(cell);
  return /^[=+\-@]/.test(cell) ? `'${cell}` : cell;
}

function lines(data: TableData, separator: string, write: (text: string) => string): string {
  const heads = data.columns.map(({ head }) => write(head)).join(separator);
  const rows = Array.from({ length: data.rowCount }, (_, i) =>
    data
      .row(i)
      .map((cell) => write(plainCell(cell)))
      .join(separator),
  );
  return `${[heads, ...rows].join("\n")}\n`;
}

/** All rows with tabs between the cells, numbers in full. */
export function asTsv(data: TableData): string {
  return lines(data, "\t", (text) => text.replace(/[\t\r\n]+/g, " "));
}

/** All rows as RFC 4180 has it, numbers in full. */
export function asCsv(data: TableData): string {
  return lines(data, ",", (text) => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text));
}
