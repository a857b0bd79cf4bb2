import { Emitter } from "../lib/emitter.ts";
import { say } from "../lib/say.ts";
import type { Channel } from "../stream/channel.ts";
import { PARTS } from "./partList.ts";

export type PartName = keyof typeof PARTS;
export type Part<Name extends PartName> = Awaited<ReturnType<(typeof PARTS)[Name]>>;

/** What a network is drawn with beside what every network is. */
const DRAWN = ["levels", "maps", "sequences", "plane", "result"] as const;

/** What has come of the parts that the network needs; `problem`: why one has not. */
export interface DrawnParts {
  readonly levels?: Part<"levels">;
  readonly maps?: Part<"maps">;
  readonly sequences?: Part<"sequences">;
  readonly plane?: Part<"plane">;
  readonly result?: Part<"result">;
  readonly problem?: unknown;
}

/**
 * The parts that Python has brought. The script of one leaves on the page what it makes (js/build/apart.mjs), so all
 * views have what came with one of them.
 */
export class Parts {
  readonly #arrivals = new Map<string, Promise<void>>();
  readonly #needs = new Emitter();
  #names = "";

  constructor(channel: Pick<Channel, "read" | "onTrait">, signal: AbortSignal) {
    const take = () => {
      const texts = Object.entries((channel.read("_parts") ?? {}) as Readonly<Record<string, string>>);
      for (const [name, text] of texts) {
        if (this.#arrivals.has(name)) continue;
        const arrival = runScript(text);
        arrival.catch(() => {}); // told to who brings the part
        this.#arrivals.set(name, arrival);
      }
      const names = this.needed.join();
      if (names === this.#names) return;
      this.#names = names;
      this.#needs.emit();
    };
    take();
    channel.onTrait("_parts", take, signal);
  }

  /** Those that the network is drawn with. */
  get needed(): readonly (typeof DRAWN)[number][] {
    return DRAWN.filter((name) => this.#arrivals.has(name));
  }

  /** Another network needs more of them. */
  onNeed(listener: () => void, signal: AbortSignal): void {
    this.#needs.on(listener, signal);
  }

  /** When the script of a part has been run, if it has been brought here. */
  arrival(name: PartName): Promise<void> {
    return this.#arrivals.get(name) ?? Promise.resolve();
  }
}

/** Text of Python's own, as anywidget runs the script that this is part of. */
async function runScript(text: string): Promise<void> {
  const url = URL.createObjectURL(new Blob([text], { type: "text/javascript" }));
  try {
    await import(/* @vite-ignore */ url);
  } finally {
    URL.revokeObjectURL(url);
  }
}

/**
 * A part as this copy of the script uses it.
 *
 * @throws If it is not on the page, or cannot be run there.
 */
export async function bring<Name extends PartName>(parts: Parts, name: Name): Promise<Part<Name>> {
  await parts.arrival(name);
  const part = (await PARTS[name]()) as Part<Name> | null;
  if (part === null) throw new Error(say("partMissing"));
  return part;
}

/** All that the network of now is drawn with. */
export async function bringDrawn(parts: Parts): Promise<DrawnParts> {
  try {
    const brought = await Promise.all(parts.needed.map(async (name) => [name, await bring(parts, name)] as const));
    return Object.fromEntries(brought);
  } catch (problem) {
    return { problem };
  }
}
