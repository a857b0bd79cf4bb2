import { Frame, type Numbers, type Scenery, type Section } from "../core/frame.ts";
import { readSceneryHeader, readSectionTable, readSnapshotHeader, type SectionEntry } from "./frameHeaders.ts";

/** Twin of nnvis_widget/stream/frame.py. */
const MAGIC = 0x46_56_4e_4e; // "NNVF", little-endian
const FRAME_VERSION = 1;
const PREAMBLE_LENGTH = 16;
const ALIGNMENT = 8;

type Bytes = DataView | Uint8Array;

interface NumbersType {
  readonly BYTES_PER_ELEMENT: number;
  new (buffer: ArrayBuffer, offset: number, length: number): Numbers;
}

const ARRAY_TYPES: Readonly<Record<string, NumbersType>> = {
  float32: Float32Array,
  float64: Float64Array,
  uint8: Uint8Array,
  int32: Int32Array,
};

/**
 * Reads a snapshot; its arrays are views into `bytes` where the alignment allows, else into one copy.
 *
 * Throws an Error that says what was wrong with damaged or foreign bytes.
 */
export function decodeFrame(bytes: Bytes): Frame {
  const { raw, sections } = decode(bytes);
  const { header, scalarNames, hyperparameterNames } = readSnapshotHeader(raw);
  return new Frame(
    header,
    named(scalarNames, sections, "scalars"),
    named(hyperparameterNames, sections, "hyperparameters"),
    sections,
    bytes.byteLength,
  );
}

export function decodeScenery(bytes: Bytes): Scenery {
  const { raw, sections } = decode(bytes);
  return { ...readSceneryHeader(raw), sections };
}

function decode(bytes: Bytes): { raw: Readonly<Record<string, unknown>>; sections: Section[] } {
  if (bytes.byteLength < PREAMBLE_LENGTH) throw damaged(`only ${bytes.byteLength} bytes came`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const version = view.getUint32(4, true);
  if (view.getUint32(0, true) !== MAGIC || version !== FRAME_VERSION) {
    throw new Error(
      `Expected a frame of version ${FRAME_VERSION}, got other bytes. Use the same version of nnvis_widget on both sides and reload the page.`,
    );
  }
  const start = PREAMBLE_LENGTH + view.getUint32(8, true);
  if (start > bytes.byteLength || start % ALIGNMENT !== 0) throw damaged("its header is cut short");
  const raw = parse(new Uint8Array(bytes.buffer, bytes.byteOffset + PREAMBLE_LENGTH, start - PREAMBLE_LENGTH));
  const aligned = align(bytes);
  return { raw, sections: readSectionTable(raw).map((entry) => readSection(aligned, start, entry)) };
}

function parse(header: Uint8Array): Readonly<Record<string, unknown>> {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(header)) as Record<string, unknown>;
  } catch (error) {
    throw damaged("its header cannot be read", error);
  }
}

function align(bytes: Bytes): { buffer: ArrayBuffer; offset: number; length: number } {
  if (bytes.byteOffset % ALIGNMENT === 0 && bytes.buffer instanceof ArrayBuffer) {
    return { buffer: bytes.buffer, offset: bytes.byteOffset, length: bytes.byteLength };
  }
  const copy = new Uint8Array(bytes.byteLength);
  copy.set(new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  return { buffer: copy.buffer, offset: 0, length: copy.byteLength };
}

function readSection(
  bytes: { buffer: ArrayBuffer; offset: number; length: number },
  start: number,
  entry: SectionEntry,
): Section {
  const { dtype, offset, ...rest } = entry;
  const NumbersOf = Object.hasOwn(ARRAY_TYPES, dtype) ? ARRAY_TYPES[dtype] : undefined;
  if (NumbersOf === undefined) throw damaged(`${entry.quantity} has the unknown element type ${dtype}`);
  const count = entry.shape.reduce((product, size) => product * size, 1);
  const from = start + offset;
  if (from + count * NumbersOf.BYTES_PER_ELEMENT > bytes.length) throw damaged(`${entry.quantity} is cut short`);
  if (from % NumbersOf.BYTES_PER_ELEMENT !== 0) throw damaged(`${entry.quantity} starts at an odd place`);
  return { ...rest, values: new NumbersOf(bytes.buffer, bytes.offset + from, count) };
}

function named(names: readonly string[], sections: readonly Section[], quantity: string): ReadonlyMap<string, number> {
  const values = sections.find((section) => section.quantity === quantity)?.values;
  if ((values?.length ?? 0) !== names.length) throw damaged(`${quantity} do not match their ${names.length} names`);
  return new Map(names.map((name, index) => [name, values?.[index] ?? Number.NaN]));
}

function damaged(what: string, cause?: unknown): Error {
  return new Error(`Expected a whole frame, but ${what}. The next frame may be whole again.`, { cause });
}
