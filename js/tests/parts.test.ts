// @vitest-environment jsdom
import { afterEach, describe, expect, test, vi } from "vitest";
import { networkView } from "../src/networkView.ts";
import { bring, bringDrawn, Parts } from "../src/session/parts.ts";
import { Session } from "../src/session/session.ts";
import { MemoryChannel } from "../src/stream/memoryChannel.ts";
import { graphJson } from "./encodeFrame.ts";

/** Of no script: as it is before Python has brought one, or where a page refuses to run it. */
vi.mock("../src/session/partList.ts", () => ({
  PARTS: { levels: async () => null, maps: async () => ({ paintMaps() {} }), extras: async () => null },
}));

const life = new AbortController();
afterEach(() => vi.unstubAllGlobals());

function channelWith(parts: Record<string, string>): MemoryChannel {
  return new MemoryChannel({ graph: graphJson(), step: null, height: 640, _parts: parts }, life.signal);
}

/** Scripts are run from a URL of their text; jsdom knows none. */
function runFrom(url: string): void {
  vi.stubGlobal("URL", Object.assign(URL, { createObjectURL: () => url, revokeObjectURL: () => {} }));
}

describe("parts of the front end", () => {
  test("a part that has not come is told in words", async () => {
    const parts = new Parts(channelWith({}), life.signal);
    expect(parts.needed).toEqual([]);
    await expect(bring(parts, "extras")).rejects.toThrow("This comes with the view, and has not come.");
  });

  test("what a network is drawn with is needed as soon as it is brought, and told once", async () => {
    runFrom("data:text/javascript,1");
    const channel = channelWith({ extras: "" });
    const parts = new Parts(channel, life.signal);
    const told = vi.fn();
    parts.onNeed(told, life.signal);
    expect(parts.needed).toEqual([]);
    channel.writeTrait("_parts", { extras: "", maps: "" });
    channel.writeTrait("_parts", { extras: "", maps: "" });
    expect([parts.needed, told.mock.calls.length]).toEqual([["maps"], 1]);
    expect(Object.keys(await bringDrawn(parts))).toEqual(["maps"]);
  });

  test("a script that a page does not run is a problem that the view tells; the network is drawn all the same", async () => {
    runFrom("data:text/javascript,throw new Error('not on this page')");
    vi.spyOn(console, "error").mockReturnValue();
    const session = new Session(channelWith({ levels: "" }), life.signal);
    const parts = await bringDrawn(session.parts);
    expect(String(parts.problem)).toContain("not on this page");
    const host = document.createElement("div");
    document.body.append(host);
    networkView(session, host, life.signal, parts);
    expect(host.textContent).toContain("not on this page");
    expect(host.querySelector(".nv")?.getAttribute("data-levels")).not.toBe("true");
  });
});
