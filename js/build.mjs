import { mkdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build, context } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const isDemo = process.argv.includes("--demo");
const isWatching = process.argv.includes("--watch");

const common = {
  bundle: true,
  format: "esm",
  target: ["es2022"],
  minify: true,
  charset: "utf8",
  legalComments: "none",
  logLevel: "info",
};

// widget.ts imports the style sheets; esbuild writes them beside the script as widget.css. A panel's link is a script of
// its own: it travels with every panel.
const widget = {
  ...common,
  entryPoints: { widget: join(here, "src/widget.ts"), panel: join(here, "src/panel.ts") },
  outdir: join(here, "../nnvis_widget/widgets/static"),
};

const demo = {
  ...common,
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
