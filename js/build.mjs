import { createHash } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build, context } from "esbuild";
import { takeApart } from "./build/apart.mjs";
import { contentOf, numbered } from "./build/numbered.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const isDemo = process.argv.includes("--demo");
const isWatching = process.argv.includes("--watch");

const common = {
  absWorkingDir: here,
  bundle: true,
  target: ["es2022"],
  minify: true,
  charset: "utf8",
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
  if (!path.endsWith(".js")) return text.replaceAll(/(--[\w-]+): /g, "$1:");
  const hash = createHash("sha256").update(text).digest("hex").slice(0, 16);
  return `const made=Symbol.for("nnvis_widget ${basename(path)} ${hash}"),nnvisMake=nnvisWords=>{${text}return nnvis};
export default (globalThis[made]??=nnvisMake()).default;
`;
}

const script = (name) => ({
  ...common,
  format: "iife",
  globalName: "nnvis",
  write: false,
  entryPoints: { [name]: join(here, `src/${name}.ts`) },
  outdir: join(here, "../nnvis_widget/widgets/static"),
});

/** A script of which nothing comes apart. */
async function plain(name) {
  const options = script(name);
  const { keys } = await contentOf(options);
  return { ...options, plugins: [numbered(keys), once] };
}

// widget.ts imports the style sheets; esbuild writes them beside the script as widget.css. What few pages have is apart:
// the parts of a view, and the pads. A panel's link is a script of its own: it travels with every panel.
async function scripts() {
  const options = script("widget");
  const { texts, bound, keys } = await takeApart(join(here, "src/session/partList.ts"), options);
  for (const [name, text] of Object.entries(texts)) await writeFile(join(options.outdir, `${name}.js`), text);
  return [{ ...options, plugins: [bound, numbered(keys), once] }, await plain("panel"), await plain("pads")];
}

const demo = {
  ...common,
  format: "esm",
  entryPoints: {
    demo: join(here, "demo/demo.ts"),
    states: join(here, "demo/states.ts"),
    view: join(here, "demo/view.ts"),
  },
  outdir: join(here, "demo/dist"),
  minify: !isWatching,
  sourcemap: isWatching && "inline",
};

await mkdir(isDemo ? demo.outdir : script("widget").outdir, { recursive: true });
for (const options of isDemo ? [demo] : await scripts()) {
  if (isWatching) await (await context(options)).watch();
  else await build(options);
}
