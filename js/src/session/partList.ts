/** The parts of a view that few networks need, or that nobody needs at first: scripts of their own (js/build.mjs). */
export const PARTS = {
  levels: () => import("../parts/levels.ts"),
  maps: () => import("../parts/maps.ts"),
  sequences: () => import("../parts/sequences.ts"),
  plane: () => import("../parts/plane.ts"),
  result: () => import("../parts/result.ts"),
  extras: () => import("../parts/extras.ts"),
  tables: () => import("../parts/tables.ts"),
  asked: () => import("../parts/asked.ts"),
  learning: () => import("../parts/learning.ts"),
  steps: () => import("../parts/steps.ts"),
  whatIf: () => import("../parts/whatIf.ts"),
  findings: () => import("../parts/findings.ts"),
};
