import type { Frame } from "../core/frame.ts";
import type { PictureCopy } from "../draw/copyPicture.ts";
import type { Picture } from "../interact/picture.ts";
import { checkFileSize } from "../lib/checkFileSize.ts";
import { messageOf } from "../lib/messageOf.ts";
import { say } from "../lib/say.ts";
import type { ExportFormat, ExportWish } from "../stream/protocol.ts";
import type { ThemeName } from "../theme/ramps.ts";
import { designTheme } from "../theme/theme.ts";
import type { Shell } from "../ui/kit/shell.ts";
import { describe } from "../ui/words/describe.ts";
import { download } from "./download.ts";
import { fileName, fileTexts } from "./fileTexts.ts";
import { type FileContent, paintPng, paintSvg } from "./paintFile.ts";
import { whenPlaced } from "./whenPlaced.ts";

const PRINT_SCALE = 2;

export interface Exporter {
  /** The present picture as a download; in the theme of the page it has the page's own colours. */
  save(format: ExportFormat, theme: ThemeName): Promise<void>;
  /** The bytes of a file that Python asked for; `frame` is what it wants to see, `null` what is shown. */
  make(wish: ExportWish, frame: Frame | null): Promise<Uint8Array<ArrayBuffer>>;
}

export function createExporter(
  { store, signal }: Shell,
  canvas: HTMLElement,
  picture: () => Picture | null,
  tell: (text: string) => void,
): Exporter {
  const contentOf = (copy: PictureCopy, { theme, scale }: Omit<ExportWish, "format">): FileContent => {
    const own = picture()?.theme;
    const name = theme ?? own?.name ?? "light";
    const isOwn = theme === null && own !== undefined && !own.isForcedColors;
    return {
      copy,
      scale,
      theme: isOwn ? own : designTheme(name, own?.fontFamily ?? "sans-serif"),
      texts: fileTexts(store.graph, copy, store.connection),
      description: describe(store.graph, copy.frame, store.connection, copy.legend.omission),
    };
  };
  const paint = async ({ format, ...look }: ExportWish, frame: Frame | null): Promise<Blob> => {
    const copy = picture()?.copy(frame ?? store.frame);
    if (copy === undefined) throw new Error(say("cannotDraw"));
    const content = contentOf(copy, look);
    if (format === "png") return await paintPng(content, document);
    return new Blob([paintSvg(content)], { type: "image/svg+xml" });
  };
  return {
    async save(format, theme) {
      try {
        const name = fileName(store.graph, store.frame, format);
        const wish = { format, theme: theme === picture()?.theme.name ? null : theme, scale: PRINT_SCALE };
        download(await paint(wish, null), name, signal);
        tell(say("saved", { file: name }));
      } catch (error) {
        tell(messageOf(error));
      }
    },
    async make(wish, frame) {
      await whenPlaced(canvas, signal);
      const blob = await paint(wish, frame);
      checkFileSize(blob.size);
      return new Uint8Array(await blob.arrayBuffer());
    },
  };
}
