import "../ui/frame/sheets.css";
import type { Frame } from "../core/frame.ts";
import { createExporter } from "../export/exporter.ts";
import type { Picture } from "../interact/picture.ts";
import { say } from "../lib/say.ts";
import type { ExportWish } from "../stream/protocol.ts";
import { readThemeName } from "../theme/theme.ts";
import { omissionSheet } from "../ui/frame/omissionSheet.ts";
import { createSaveSheet } from "../ui/frame/saveSheet.ts";
import { el } from "../ui/kit/dom.ts";
import type { Sheet } from "../ui/kit/sheet.ts";
import type { Shell } from "../ui/kit/shell.ts";
import type { FoundPlace } from "../ui/places/findPlaces.ts";
import { describe } from "../ui/words/describe.ts";

export interface Place {
  readonly canvas: HTMLElement;
  readonly sheet: Sheet;
  picture(): Picture | null;
  /** What is not drawn, in words. */
  omission(): string;
  goTo(place: FoundPlace): void;
  tell(text: string): void;
}

/** What a person can have beside the picture: it in words, as a file. */
export interface Extras {
  openDescription(): void;
  openSave(): void;
  /** What is drawn and kept, and what is not. */
  openOmissions(): void;
  /** The bytes of a file that Python asked for. */
  make(wish: ExportWish, frame: Frame | null): Promise<Uint8Array<ArrayBuffer>>;
}

export function createExtras(shell: Shell, { canvas, sheet, picture, omission, tell }: Place): Extras {
  const { store, signal } = shell;
  const exporter = createExporter(shell, canvas, picture, tell);
  const saving = createSaveSheet((format, theme) => {
    sheet.close();
    exporter.save(format, theme);
  }, signal);
  return {
    openDescription() {
      const text = describe(store.graph, store.frame, store.connection, omission());
      sheet.open(say("description"), el("p", { class: "nv-description" }, text));
    },
    openOmissions() {
      const drawn = picture()?.legend.omission ?? "";
      sheet.open(say("drawnAndNot"), omissionSheet(store.frame?.header ?? null, drawn));
    },
    openSave() {
      saving.update(picture()?.theme.name ?? readThemeName(canvas));
      sheet.open(say("savePicture"), saving.element);
    },
    make: (wish, frame) => exporter.make(wish, frame),
  };
}
