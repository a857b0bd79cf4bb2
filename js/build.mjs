import { createHash } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build, context } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const isDemo = process.argv.includes("--demo");
const isWatching = process.argv.includes("--watch");

const CALL = /\b(say|keyOf)\(\s*"(\w+)"/g;

/**
 * The words that a script says, by their places in the catalogue, and in the sources these places instead of the keys:
 * those would be a tenth of the script.
 */
const numbered = (entry) => ({
  name: "numbered",
  async setup({ onLoad }) {
    const catalogue = JSON.parse(await readFile(join(here, "../nnvis_widget/core/words/page.en.json"), "utf8"));
    const [names, own] = [Object.keys(catalogue), await keysOf(entry)];
    const words = names.map((key) => (own.has(key) ? catalogue[key] : 0));
    const few = Object.fromEntries(Object.entries(words).filter(([, word]) => word !== 0));
    const [contents] = [words, few].map((one) => JSON.stringify(one)).sort((one, other) => one.length - other.length);
    onLoad({ filter: /page\.en\.json$/ }, () => ({ contents, loader: "json" }));
    onLoad({ filter: /src\/.*\.ts$/ }, async ({ path }) => {
      const text = await readFile(path, "utf8");
      const contents = text.replace(CALL, (_, made, name) => `${made}(${names.indexOf(name)}`);
      return { contents, loader: "ts" };
    });
  },
});

/** The keys of what a script says, by the files that something is left of in it. */
async function keysOf(entry) {
  const { metafile } = await build({
    ...common,
    entryPoints: [entry],
    outdir: here,
    write: false,
    metafile: true,
    logLevel: "silent",
  });
  const inputs = Object.values(metafile.outputs).flatMap((output) => Object.entries(output.inputs));
  const files = inputs.flatMap(([file, { bytesInOutput }]) =>
    file.endsWith(".ts") && bytesInOutput > 0 ? [file] : [],
  );
  const texts = await Promise.all(files.map((file) => readFile(file, "utf8")));
  return new Set(texts.flatMap((text) => Array.from(text.matchAll(CALL), ([, , key]) => key)));
}

const common = {
  bundle: true,
  target: ["es2022"],
  minify: true,
  legalComments: "none",
  logLevel: "info",
};

/**
 * A page keeps every module that it ever made, and anywidget makes one of each model's text: so the first one makes what
 * is shown, and those after it, of the very same text, only find it. It can make another copy that speaks another
 * language (src/widget.ts).
 */
const once = {
  name: "once",
  setup({ onEnd }) {
    onEnd(async ({ outputFiles }) => {
      for (const { path, text } of outputFiles) await writeFile(path, wrapped(path, text));
    });
  },
};

function wrapped(path, text) {
  if (!path.endsWith(".js")) return text;
  const hash = createHash("sha256").update(text).digest("hex").slice(0, 16);
  return `const made=Symbol.for("nnvis_widget ${basename(path)} ${hash}"),nnvisMake=nnvisWords=>{${text}return nnvis};
export default (globalThis[made]??=nnvisMake()).default;
`;
}

const entries = Object.fromEntries(["widget", "panel", "pads"].map((name) => [name, join(here, `src/${name}.ts`)]));

// widget.ts imports the style sheets; esbuild writes them beside the script as widget.css. A panel's link is a script of
// its own: it travels with every panel; so are the pads, which few pages have.
const widget = {
  ...common,
  format: "iife",
  globalName: "nnvis",
  write: false,
  plugins: [numbered(entries.widget), once],
  entryPoints: { widget: entries.widget, panel: entries.panel },
  outdir: join(here, "../nnvis_widget/widgets/static"),
};

const pads = { ...widget, plugins: [numbered(entries.pads), once], entryPoints: { pads: entries.pads } };

const demo = {
  ...common,
  format: "esm",
  entryPoints: {
    demo: join(here, "demo/demo.ts"),
    states: join(here, "demo/states.ts"),
    view: join(here, "demo/view.ts"),
  },
  outdir: join(here, "demo/dist"),
  minify: false,
  sourcemap: "inline",
};

const all = isDemo ? [demo] : [widget, pads];
for (const options of all) {
  await mkdir(options.outdir, { recursive: true });
  if (isWatching) await (await context(options)).watch();
  else await build(options);
}
