import { frozenTop } from "./camera.ts";
import { COLUMN_LAYOUTS } from "./kinds/columnLayouts.ts";
import type { Box, Column, Scene } from "./scene.ts";

/**
 * The scene `scale` times larger. Places and pictures grow; texts, strokes, gauges and the gaps between a column and its
 * labels and edges do not, and the band of heads keeps its height.
 */
export function zoomScene(scene: Scene, scale: number): Scene {
  if (scale === 1) return scene;
  const top = frozenTop(scene);
  const toY = (y: number): number => top + (y - top) * scale;
  return {
    ...scene,
    width: scene.width * scale,
    height: toY(scene.height),
    columns: scene.columns.map((column) => zoomColumn(column, scale, toY, scene.hairlineY !== null)),
    links: scene.links.map((link) => ({ ...link, detourY: link.detourY === null ? null : toY(link.detourY) })),
  };
}

function zoomColumn(column: Column, scale: number, toY: (y: number) => number, hasFrozenHead: boolean): Column {
  const keepsHeight = COLUMN_LAYOUTS[column.kind].keepsHeight === true;
  const zoom = ({ x, y, width, height }: Box): Box => {
    const grown = keepsHeight ? height : height * scale;
    return { x: x * scale, y: toY(y + height / 2) - grown / 2, width: width * scale, height: grown };
  };
  const unitBoxes = new Float32Array(column.unitBoxes.length);
  for (let i = 0; i < unitBoxes.length; i += 4) {
    const [x = 0, y = 0, width = 0, height = 0] = column.unitBoxes.subarray(i, i + 4);
    const box = zoom({ x, y, width, height });
    unitBoxes.set([box.x, box.y, box.width, box.height], i);
  }
  const box = keepsHeight ? around(unitBoxes, column.box, zoom) : zoom(column.box);
  const right = (one: Box): number => one.x + one.width;
  const { head } = column;
  return {
    ...column,
    box,
    unitBoxes,
    inX: box.x + column.inX - column.box.x,
    outX: right(box) + column.outX - right(column.box),
    portY: column.portY.map(toY),
    portSpread: keepsHeight ? column.portSpread : column.portSpread * scale,
    head:
      head === null
        ? null
        : {
            ...head,
            x: head.x * scale,
            y: hasFrozenHead ? head.y : box.y + head.y - column.box.y,
            width: head.width * scale,
          },
  };
}

/** From the first unit to the last. */
function around(unitBoxes: Float32Array, box: Box, zoom: (box: Box) => Box): Box {
  const { x, width } = zoom(box);
  const [, y = 0] = unitBoxes;
  const [, lastY = 0, , height = 0] = unitBoxes.subarray(-4);
  return { x, y, width, height: lastY + height - y };
}
