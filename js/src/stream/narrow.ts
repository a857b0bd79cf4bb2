export type Json = Readonly<Record<string, unknown>>;

export function isJson(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function isIndex(value: unknown): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
}

function unexpected(what: string, expected: string, value: unknown): Error {
  return new Error(
    `Expected ${expected} for ${what} from the kernel, got ${String(JSON.stringify(value)).slice(0, 80)}.`,
  );
}

export function json(value: unknown, what: string): Json {
  if (!isJson(value)) throw unexpected(what, "an object", value);
  return value;
}

/** What `read` makes of an object; `null` where there is none. */
export function objectOrNull<T>(value: unknown, what: string, read: (raw: Json) => T): T | null {
  return value === null || value === undefined ? null : read(json(value, what));
}

export function naturalNumber(value: unknown, what: string): number {
  if (!isIndex(value)) throw unexpected(what, "a whole number", value);
  return value;
}

export function integer(raw: Json, key: string): number {
  const value = raw[key];
  if (typeof value !== "number" || !Number.isFinite(value)) throw unexpected(key, "a number", value);
  return value;
}

export function integerOrNull(raw: Json, key: string): number | null {
  return raw[key] === null || raw[key] === undefined ? null : integer(raw, key);
}

export function flag(raw: Json, key: string): boolean {
  if (typeof raw[key] !== "boolean") throw unexpected(key, "true or false", raw[key]);
  return raw[key];
}

export function text(raw: Json, key: string): string {
  const value = raw[key];
  if (typeof value !== "string") throw unexpected(key, "text", value);
  return value;
}

export function textOrNull(raw: Json, key: string): string | null {
  return raw[key] === null || raw[key] === undefined ? null : text(raw, key);
}

export function list(raw: Json, key: string): readonly unknown[] {
  const value = raw[key];
  if (!Array.isArray(value)) throw unexpected(key, "a list", value);
  return value;
}

export function texts(raw: Json, key: string): readonly string[] {
  return list(raw, key).map(String);
}

export function numbersOrNull(raw: Json, key: string, count: number): readonly number[] | null {
  if (raw[key] === null || raw[key] === undefined) return null;
  const values = list(raw, key);
  if (values.length !== count || values.some((value) => typeof value !== "number")) {
    throw unexpected(key, `${count} numbers`, raw[key]);
  }
  return values as number[];
}

export function oneOf<Value extends string>(allowed: readonly Value[], value: unknown, otherwise: Value): Value {
  return allowed.find((candidate) => candidate === value) ?? otherwise;
}

export function expectKind(raw: Json, kind: string): void {
  if (raw.kind !== kind) throw unexpected("kind", `"${kind}"`, raw.kind);
}
