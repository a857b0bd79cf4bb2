import { createHash } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build, context } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const isDemo = process.argv.includes("--demo");
const isWatching = process.argv.includes("--watch");

/** The catalogue as a list, and the keys in the sources as places in it: their names would be a tenth of the script. */
const numbered = {
  name: "numbered",
  async setup({ onLoad }) {
    const catalogue = JSON.parse(await readFile(join(here, "../nnvis_widget/core/words/page.en.json"), "utf8"));
    const names = Object.keys(catalogue);
    onLoad({ filter: /page\.en\.json$/ }, () => ({
      contents: JSON.stringify(Object.values(catalogue)),
      loader: "json",
    }));
    onLoad({ filter: /src\/.*\.ts$/ }, async ({ path }) => {
      const text = await readFile(path, "utf8");
      const contents = text.replace(/\b(say|keyOf)\(\s*"(\w+)"/g, (_, made, name) => `${made}(${names.indexOf(name)}`);
      return { contents, loader: "ts" };
    });
  },
};

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
 * language (src/inLanguage.ts).
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

// widget.ts imports the style sheets; esbuild writes them beside the script as widget.css. A panel's link is a script of
// its own: it travels with every panel.
const widget = {
  ...common,
  format: "iife",
  globalName: "nnvis",
  write: false,
  plugins: [numbered, once],
  entryPoints: { widget: join(here, "src/widget.ts"), panel: join(here, "src/panel.ts") },
  outdir: join(here, "../nnvis_widget/widgets/static"),
};

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

const options = isDemo ? demo : widget;
await mkdir(options.outdir, { recursive: true });
if (isWatching) {
  const watcher = await context(options);
  await watcher.watch();
} else {
  await build(options);
}
