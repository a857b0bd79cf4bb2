import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const CATALOGUE = join(dirname(fileURLToPath(import.meta.url)), "../../nnvis_widget/core/words/page.en.json");
const CALL = /\b(say|keyOf)\(\s*"(\w+)"/g;

/**
 * The words that a script says, by their places in the catalogue, and in the sources these places instead of the keys:
 * those would be a tenth of the script.
 */
export function numbered(keys) {
  return {
    name: "numbered",
    async setup({ onLoad }) {
      const catalogue = JSON.parse(await readFile(CATALOGUE, "utf8"));
      const names = Object.keys(catalogue);
      const words = names.map((key) => (keys.has(key) ? catalogue[key] : 0));
      const few = Object.fromEntries(Object.entries(words).filter(([, word]) => word !== 0));
      const [contents] = [words, few].map((one) => JSON.stringify(one)).sort((one, other) => one.length - other.length);
      onLoad({ filter: /page\.en\.json$/, namespace: "file" }, () => ({ contents, loader: "json" }));
      onLoad({ filter: /src\/.*\.ts$/, namespace: "file" }, async ({ path }) => {
        const text = await readFile(path, "utf8");
        const contents = text.replace(CALL, (_, made, name) => `${made}(${names.indexOf(name)}`);
        return { contents, loader: "ts" };
      });
    },
  };
}

/** The files that something is left of in what esbuild makes of these options, and the keys of what they say. */
export async function contentOf(options) {
  const { metafile } = await build({ ...options, write: false, metafile: true, logLevel: "silent" });
  const inputs = Object.values(metafile.outputs).flatMap((output) => Object.entries(output.inputs));
  const files = inputs.flatMap(([file, { bytesInOutput }]) =>
    file.endsWith(".ts") && !file.includes(":") && bytesInOutput > 0 ? [join(options.absWorkingDir, file)] : [],
  );
  const texts = await Promise.all(files.map((file) => readFile(file, "utf8")));
  return {
    files: new Set(files),
    keys: new Set(texts.flatMap((text) => Array.from(text.matchAll(CALL), ([, , key]) => key))),
  };
}
