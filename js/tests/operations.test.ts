import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { PACES } from "../src/core/pace.ts";
import {
  OPERATIONS,
  type Operation,
  type Operations,
  PROTOCOL_VERSION,
  requestContent,
} from "../src/stream/protocol.ts";

const EXAMPLES = { number: 1, boolean: true, string: "learning_rate", strings: ["L1"] };

const typeOf = (value: unknown) => (Array.isArray(value) ? "strings" : typeof value);

const file = join(dirname(fileURLToPath(import.meta.url)), "../../tests/contract/operations.json");
const contract = JSON.parse(readFileSync(file, "utf8"));

test("a page can send exactly the operations that Python reads, with arguments of the same names and types", () => {
  const sent = Object.entries(OPERATIONS).map(([op, types]) => {
    const args = Object.fromEntries(
      Object.entries<keyof typeof EXAMPLES>(types).map(([name, type]) => [name, EXAMPLES[type]]),
    );
    const content = requestContent(0, op as Operation, args as Operations[Operation]);
    const travelling = Object.entries(content.args as Record<string, unknown>);
    return [content.op, Object.fromEntries(travelling.map(([name, value]) => [name, typeOf(value)]))];
  });
  const { version, operations } = contract;
  expect({ version: PROTOCOL_VERSION, operations: Object.fromEntries(sent) }).toEqual({ version, operations });
});

test("the dial of the page offers the paces of that of the controls", () => {
  expect(PACES).toEqual(contract.paces);
});
