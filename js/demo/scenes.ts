import { BAD_SCENES } from "./badScenes.ts";
import type { DemoScene } from "./demoScene.ts";
import { type DemoDetail, graph } from "./frames.ts";
import { judged } from "./judged.ts";
import type { ActivationName } from "./mlp.ts";
import { sizes } from "./sizesScene.ts";
import { broken, cards, conv, diverged, resnet, twoInputs, unbuilt } from "./structureScenes.ts";
import { digits, irisScene, moons, playground, regression, rings } from "./trainedScenes.ts";

function detailOf(options: URLSearchParams): DemoDetail {
  const detail = options.get("detail");
  return {
    detail: detail === "top" || detail === "all" ? detail : "bundles",
    topK: Number(options.get("topK") ?? 200),
  };
}

type Build = (options: URLSearchParams) => DemoScene;

const BUILDS: Readonly<Record<string, Build>> = {
  moons,
  rings,
  regression,
  playground: (options) =>
    playground(
      (options.get("hidden") ?? "").split(",").filter(Boolean).map(Number),
      (options.get("activation") ?? "tanh") as ActivationName,
    ),
  digits: (options) => digits(64, [], detailOf(options)),
  sizes: (options) => sizes(options, detailOf(options)),
  wide: () => digits(300, [1500]),
  iris: irisScene,
  inputs: twoInputs,
  conv,
  resnet,
  cards: (options) => cards(Number(options.get("count") ?? 12)),
  nan: broken,
  diverged: () => diverged(moons()),
  "diverged-rings": () => diverged(rings()),
  "diverged-digits": () => diverged(digits()),
  unbuilt,
  waiting: () => ({ ...moons(), frame: () => null }),
  empty: () => ({ graph: graph("empty", [], []), scenery: null, frame: () => null }),
  ...BAD_SCENES,
  none: () => ({ graph: null, scenery: null, frame: () => null }),
};

/** By name; `options` are those of the page's address. */
export const SCENES: Readonly<Record<string, Build>> = Object.fromEntries(
  Object.entries(BUILDS).map(([name, build]) => [name, (options: URLSearchParams) => judged(build(options))]),
);
