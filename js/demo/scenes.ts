import type { DemoScene } from "./demoScene.ts";
import { graph } from "./frames.ts";
import { broken, conv, resnet, twoInputs, unbuilt } from "./structureScenes.ts";
import { digits, irisScene, moons, regression, rings } from "./trainedScenes.ts";

export const SCENES: Readonly<Record<string, () => DemoScene>> = {
  moons,
  rings,
  regression,
  digits,
  wide: () => digits(300, [1500]),
  iris: irisScene,
  inputs: twoInputs,
  conv,
  resnet,
  nan: broken,
  unbuilt,
  waiting: () => ({ ...moons(), frame: () => null }),
  empty: () => ({ graph: graph("empty", [], []), scenery: null, frame: () => null }),
  none: () => ({ graph: null, scenery: null, frame: () => null }),
};
