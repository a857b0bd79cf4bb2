import { whenAborted } from "../lib/listen.ts";
import type { Catalogue } from "../lib/say.ts";
import type { Channel } from "../stream/channel.ts";
import type { Operations } from "../stream/protocol.ts";

/** The language of a page: what its document says, else what the browser prefers. Traditional characters are not ours. */
export function languageOf(page: Document): string {
  const named = page.documentElement.lang || navigator.language;
  try {
    const { language, script } = new Intl.Locale(named.replaceAll("_", "-")).maximize();
    return language === "zh" && script === "Hans" ? "zh" : "en";
  } catch {
    return "en";
  }
}

/** What a view, or a pad, has of its kernel's language. */
export interface Talk {
  readonly channel: Pick<Channel, "read" | "hasKernel" | "onTrait">;
  send(op: "speak", args: Operations["speak"]): Promise<unknown>;
}

/**
 * Tells the words to speak with, now and each time they are others: those of `nv.set_language`, else of the page; `null`
 * for English, which is here. Those of another language come from Python when they are asked for.
 */
export function followLanguage(
  session: Talk,
  page: Document,
  speak: (catalogue: Catalogue | null) => void,
  signal: AbortSignal,
): void {
  const { channel } = session;
  let spoken: string | null = null;
  let asked = "";
  const update = () => {
    const chosen = channel.read("_language");
    const wanted = typeof chosen === "string" && chosen !== "" ? chosen : languageOf(page);
    const words = wordsOf(channel.read("_words"), wanted);
    if (words === null && wanted !== "en" && wanted !== asked && channel.hasKernel) {
      asked = wanted;
      session.send("speak", { language: wanted }).catch(() => {}); // of a kernel that does not answer the view tells itself
    }
    const now = words === null ? "en" : wanted;
    if (now === spoken) return;
    spoken = now;
    speak(words === null ? null : { language: now, words });
  };
  update();
  channel.onTrait("_language", update, signal);
  channel.onTrait("_words", update, signal);
  const observer = new MutationObserver(update);
  observer.observe(page.documentElement, { attributeFilter: ["lang"] });
  whenAborted(signal, () => observer.disconnect());
}

/** The words of a language among those that have come. */
function wordsOf(all: unknown, language: string): Catalogue["words"] | null {
  const own = (all as Readonly<Record<string, unknown>> | null | undefined)?.[language];
  return Array.isArray(own) && language !== "en" ? (own as unknown as Catalogue["words"]) : null;
}
