import type { Frame } from "./core/frame.ts";
import { messageOf } from "./lib/messageOf.ts";
import { say } from "./lib/say.ts";
import type { Extras, Place } from "./parts/extras.ts";
import { bring, type Parts } from "./session/parts.ts";
import type { ExportWish } from "./stream/protocol.ts";
import { el } from "./ui/kit/dom.ts";
import type { Shell } from "./ui/kit/shell.ts";

export interface Dialogs {
  openHelp(): void;
  openSearch(): void;
  openTables(id?: string): void;
  openDescription(): void;
  openSave(): void;
  openOmissions(): void;
  /** The bytes of a file that Python asked for. */
  make(wish: ExportWish, frame: Frame | null): Promise<Uint8Array<ArrayBuffer>>;
}

/** What opens over the picture. All of it comes apart: a dialog opens once it has come, or says why it cannot. */
export function createDialogs(parts: Parts, shell: Shell, place: Place): Dialogs {
  const { store, state, signal } = shell;
  const once = <T>(make: () => Promise<T>): (() => Promise<T>) => {
    let coming: Promise<T> | null = null;
    return () => {
      coming ??= make();
      coming.catch(() => {
        coming = null; // it may come yet
      });
      return coming;
    };
  };
  const ask = <T>(title: string, coming: Promise<T>, open: (own: T) => void) => {
    coming.then(open, (error: unknown) => place.sheet.open(title, el("p", {}, messageOf(error))));
  };
  const extras = once(async () => (await bring(parts, "extras")).createExtras(shell, place));
  const tables = once(async () => {
    const { createTablesPage, tablesOf } = await bring(parts, "tables");
    return createTablesPage(() => tablesOf(store, state.values), signal);
  });
  const search = once(async () => {
    const made = (await bring(parts, "asked")).createSearch(shell, place.goTo);
    place.canvas.parentElement?.append(made.element);
    return made;
  });
  const askExtras = (title: string, open: (own: Extras) => void) => ask(title, extras(), open);
  return {
    openHelp() {
      const title = say("keysTitle");
      ask(title, bring(parts, "asked"), ({ keyList }) => place.sheet.open(title, keyList()));
    },
    openTables(id) {
      const title = say("tables");
      ask(title, tables(), (page) => {
        page.update(id);
        place.sheet.open(title, page.element);
      });
    },
    openSearch: () => ask(say("find"), search(), (own) => own.open()),
    openDescription: () => askExtras(say("description"), (own) => own.openDescription()),
    openSave: () => askExtras(say("savePicture"), (own) => own.openSave()),
    openOmissions: () => askExtras(say("sampled"), (own) => own.openOmissions()),
    make: async (wish, frame) => (await extras()).make(wish, frame),
  };
}
