import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { build } from "esbuild";
import { contentOf, numbered } from "./numbered.mjs";

const PART = /(\w+): \(\) => import\("(\.[^"]+)"\)/g;
const EXPORT = /^export (?:(?:async )?(?:function|const|class) (\w+)|\{ ([\w, ]+) \})/gm;
const SHARED = /nnvisShared\("([^"]+)","(\w+)"\)/g;
/** Each part says its own words. */
const OWN = /lib\/say\.ts$/;

/**
 * The parts that a file of `name: () => import("file")` lists are built as scripts of their own, without what the script
 * around that file has already: it hands them that when they have come.
 *
 * @param list Path of the file.
 * @param options What the whole script is built with.
 * @returns The texts of the parts by their names, and a plugin that puts the way to them in the place of the file.
 */
export async function takeApart(list, options) {
  const whole = await contentOf({ ...options, plugins: [withoutParts] });
  const parts = Array.from((await readFile(list, "utf8")).matchAll(PART), ([, name, file]) => [
    name,
    join(dirname(list), file),
  ]);
  const built = await Promise.all(parts.map(([name, file]) => buildPart(name, file, options, whole.files)));
  const bound = {
    name: "bound",
    setup({ onLoad }) {
      onLoad({ filter: new RegExp(`${list.replace(/[/.]/g, "\\$&")}$`) }, () => ({
        contents: bindings(built),
        loader: "js",
      }));
    },
  };
  return { texts: Object.fromEntries(built.map(({ name, text }) => [name, text])), bound, keys: whole.keys };
}

const withoutParts = {
  name: "withoutParts",
  setup({ onResolve }) {
    onResolve({ filter: /^\./ }, ({ kind }) =>
      kind === "dynamic-import" ? { path: "part", external: true } : undefined,
    );
  },
};

async function buildPart(name, file, options, shared) {
  const own = { ...options, entryPoints: { [name]: file }, globalName: "nnvisPart", write: false };
  const { keys } = await contentOf({ ...own, plugins: [without(shared)] });
  const { outputFiles } = await build({ ...own, plugins: [without(shared), numbered(keys)] });
  const used = [];
  const [script, sheet] = ["js", "css"].map(
    (end) => outputFiles.find(({ path }) => path.endsWith(end))?.text.trim() ?? "",
  );
  const body = script.replace(SHARED, (_, path, export_) => {
    used.push([path, export_]);
    return `nnvisShared[${used.length - 1}]`;
  });
  const hash = createHash("sha256")
    .update(body + sheet + JSON.stringify(used.map(([path, name]) => [relative(options.absWorkingDir, path), name])))
    .digest("hex")
    .slice(0, 16);
  const key = `nnvis_widget ${name} ${hash}`;
  const made = `(nnvisShared,nnvisWords)=>{${body}return nnvisPart}`;
  const style = `document.head.append(Object.assign(document.createElement("style"),{textContent:${JSON.stringify(sheet)}}))`;
  const text = `globalThis[Symbol.for("${key}")]??=(${sheet === "" ? made : `${style},${made}`});\n`;
  return { name, key, text, used };
}

/** What the script around has comes from it. */
function without(shared) {
  return {
    name: "without",
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /^\..*\.ts$/ }, ({ path, resolveDir }) => {
        const full = join(resolveDir, path);
        return shared.has(full) && !OWN.test(full) ? { path: full, namespace: "shared" } : undefined;
      });
      onLoad({ filter: /./, namespace: "shared" }, async ({ path }) => {
        const names = new Set(
          Array.from(
            (await readFile(path, "utf8")).matchAll(EXPORT),
            ([, name, list]) => name ?? list.split(", "),
          ).flat(),
        );
        const lines = Array.from(
          names,
          (name) => `export const ${name} = /* @__PURE__ */ nnvisShared("${path}", "${name}");`,
        );
        return { contents: lines.join("\n"), loader: "js" };
      });
    },
  };
}

/** The list of parts as the script around has it: each is handed what it shares once it has come, and null before. */
function bindings(parts) {
  const all = new Map();
  const aliasOf = ([path, name]) => {
    const line = `import { ${name} as s${all.size} } from ${JSON.stringify(path)};`;
    const key = `${path} ${name}`;
    if (!all.has(key)) all.set(key, { alias: `s${all.size}`, line });
    return all.get(key).alias;
  };
  const rows = parts.map(
    ({ name, key, used }) => `${name}: () => make("${key}", () => [${used.map(aliasOf).join()}]),`,
  );
  const imports = Array.from(all.values(), ({ line }) => line);
  return `${imports.join("\n")}
const words = typeof nnvisWords === "undefined" ? undefined : nnvisWords;
const made = {};
const make = async (key, shared) => (made[key] ??= globalThis[Symbol.for(key)]?.(shared(), words) ?? null);
export const PARTS = { ${rows.join("\n")} };
`;
}
