import type { Frame, Scenery } from "../core/frame.ts";
import type { Graph } from "../core/graph.ts";
import { FIT } from "../layout/camera.ts";
import { placeColumns } from "../layout/placeColumns.ts";
import type { Measure } from "../lib/fitText.ts";
import type { ViewValues } from "../store/viewState.ts";
import type { Theme } from "../theme/theme.ts";
import type { Canvas2d } from "./canvas/canvas2d.ts";
import { FieldImages } from "./canvas/fieldImages.ts";
import type { Labels } from "./canvas/overlay.ts";
import type { ApartMarks } from "./marks/brush.ts";
import { paintGhost } from "./marks/ghost.ts";
import { paintPicture } from "./paintPicture.ts";
import { drawnMapsOf } from "./read/maps.ts";
import { FrameReader } from "./read/reading.ts";
import type { ScaleBook } from "./read/scaleBook.ts";
import { describeLegend } from "./say/describeLegend.ts";
import { emptyLegend, type PictureLegend } from "./say/legend.ts";

/** Where a copy is painted: from back to front. */
export interface CopyPlanes {
  readonly edges: Canvas2d;
  readonly images: Canvas2d;
  readonly labels: Labels;
}

/** A picture that can be painted anywhere, in any theme. */
export interface PictureCopy {
  readonly frame: Frame | null;
  readonly width: number;
  readonly height: number;
  readonly measure: Measure;
  readonly legend: PictureLegend;
  readonly units: ViewValues["units"];
  /** `pixelRatio`: pixels per px of what becomes a raster image. */
  paint(planes: CopyPlanes, theme: Theme, pixelRatio: number): void;
}

interface Original {
  readonly graph: Graph | null;
  readonly scenery: Scenery | null;
  readonly frame: Frame | null;
  readonly values: ViewValues;
  readonly apart: ApartMarks;
  readonly width: number;
  readonly height: number;
  readonly measure: Measure;
  readonly scales: ScaleBook;
  readonly isLocked: boolean;
  readonly hasSignPattern: boolean;
  readonly hasStrongEdges: boolean;
  readonly page: Document;
}

/** Draws what a view shows once more: the whole scene, without pointer and focus. */
export function copyPicture(original: Original): PictureCopy {
  const { graph, scenery, frame, measure, width, height } = original;
  if (graph === null || graph.layers.length === 0) {
    const paint: PictureCopy["paint"] = ({ images, labels }, theme) => paintGhost(images, labels, theme, width, height);
    return { frame, width, height, measure, legend: emptyLegend, units: original.values.units, paint };
  }
  const { scales, isLocked, hasSignPattern, hasStrongEdges } = original;
  const scene = placeColumns({ graph, scenery, width, height, measure, drawnMaps: drawnMapsOf(frame) });
  const values = { ...original.values, hover: null };
  const { edges: quantity, detail, topK, hasOneScale, mapScale } = values;
  // A file has time: it is drawn in full, however simply the page has to draw.
  const drawn = { topK, level: "full", hasOneScale } as const;
  const reading = new FrameReader(scales).read(scene, frame, scenery, quantity, isLocked, drawn, mapScale);
  const legend = describeLegend(reading, scenery, frame, detail, null, hasSignPattern, values.discrete, mapScale);
  return {
    frame,
    width: Math.max(width, scene.width),
    height,
    measure,
    legend,
    units: values.units,
    paint({ edges, images, labels }, theme, pixelRatio) {
      paintPicture({
        edges,
        images,
        overlay: labels,
        pictures: new FieldImages(original.page),
        standIn: null,
        theme,
        measure,
        scene,
        frame,
        scenery,
        reading,
        values,
        apart: original.apart,
        focus: null,
        visible: [0, Math.max(width, scene.width)],
        dimming: 1,
        camera: FIT,
        band: null,
        pixelRatio,
        hasSignPattern,
        hasStrongEdges,
      });
    },
  };
}
