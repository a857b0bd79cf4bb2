// @vitest-environment jsdom
import { afterEach, expect, test, vi } from "vitest";
import type { Catalogue } from "../src/lib/say.ts";
import { followLanguage, languageOf } from "../src/session/language.ts";
import { MemoryChannel } from "../src/stream/memoryChannel.ts";
import { until } from "./until.ts";

afterEach(() => {
  document.documentElement.lang = "";
  vi.unstubAllGlobals();
  vi.resetModules();
});

test("the language is that of the document, else of the browser", () => {
  for (const lang of ["zh", "zh-CN", "zh_CN", "zh-Hans", "zh-SG"]) {
    document.documentElement.lang = lang;
    expect(languageOf(document)).toBe("zh");
  }
  for (const lang of ["en", "de-DE", "zh-TW", "zh-Hant", "no language at all"]) {
    document.documentElement.lang = lang;
    expect(languageOf(document)).toBe("en");
  }
  document.documentElement.lang = "";
  vi.stubGlobal("navigator", { language: "zh-CN" });
  expect(languageOf(document)).toBe("zh");
});

function follow(traits: Record<string, unknown>) {
  const life = new AbortController();
  const asked: unknown[] = [];
  const channel = new MemoryChannel({ graph: null, ...traits }, life.signal);
  const send = (op: string, args: unknown) => {
    asked.push([op, args]);
    return Promise.resolve({ ok: true, reason: "" });
  };
  const spoken: (string | null)[] = [];
  const speak = (catalogue: Catalogue | null) => spoken.push(catalogue === null ? null : catalogue.language);
  followLanguage({ channel, send }, document, speak, life.signal);
  return { channel, asked, spoken, life };
}

test("a page speaks English until the words of its language have come, which it asks for once", () => {
  document.documentElement.lang = "zh-CN";
  const { channel, asked, spoken } = follow({});
  expect(asked).toEqual([["speak", { language: "zh" }]]);
  channel.writeTrait("_words", { zh: [] });
  expect(spoken).toEqual([null, "zh"]);
  channel.writeTrait("_language", "en");
  expect(spoken).toEqual([null, "zh", null]);
  expect(asked).toHaveLength(1);
});

test("what Python has chosen comes before the page's own", () => {
  document.documentElement.lang = "en";
  const { asked, spoken } = follow({ _language: "zh", _words: { zh: [] } });
  expect(spoken).toEqual(["zh"]);
  expect(asked).toEqual([]);
});

test("a page that says its language late is followed", async () => {
  const { spoken, life } = follow({ _words: { zh: [] } });
  document.documentElement.lang = "zh-CN";
  await until(() => expect(spoken).toEqual([null, "zh"]));
  life.abort();
});

test("the plural is that of the language, and what a name holds is not read as a text", async () => {
  const { say } = await import("../src/lib/say.ts");
  expect([0, 1, 1234].map((count) => say("layers", { count }))).toEqual(["0 layers", "1 layer", "1,234 layers"]);
  expect(say("nameIs", { name: "{value}", value: "$&" })).toBe("{value}: $&");
  vi.resetModules();
  vi.stubGlobal("nnvisWords", { language: "zh", words: { layers: "{count} 层" } });
  const chinese = await import("../src/lib/say.ts");
  expect(chinese.say("layers", { count: 1 })).toBe("1 层");
  expect(chinese.say("train")).toBe("Train");
});
