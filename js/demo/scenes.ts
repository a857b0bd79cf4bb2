import { BAD_SCENES } from "./badScenes.ts";
import type { DemoScene } from "./demoScene.ts";
import { graph } from "./frames.ts";
import type { ActivationName } from "./mlp.ts";
import { broken, conv, resnet, twoInputs, unbuilt } from "./structureScenes.ts";
import { digits, irisScene, moons, playground, regression, rings } from "./trainedScenes.ts";

/** By name; `options` are those of the page's address. */
export const SCENES: Readonly<Record<string, (options: URLSearchParams) => DemoScene>> = {
  moons,
  rings,
  regression,
  playground: (options) =>
    playground(
      (options.get("hidden") ?? "").split(",").filter(Boolean).map(Number),
      (options.get("activation") ?? "tanh") as ActivationName,
    ),
  digits: () => digits(),
  wide: () => digits(300, [1500]),
  iris: irisScene,
  inputs: twoInputs,
  conv,
  resnet,
  nan: broken,
  unbuilt,
  waiting: () => ({ ...moons(), frame: () => null }),
  empty: () => ({ graph: graph("empty", [], []), scenery: null, frame: () => null }),
  ...BAD_SCENES,
  none: () => ({ graph: null, scenery: null, frame: () => null }),
};
