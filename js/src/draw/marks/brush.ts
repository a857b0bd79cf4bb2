import type { Frame, Scenery, Selection } from "../../core/frame.ts";
import type { Layer } from "../../core/graph.ts";
import type { Camera } from "../../layout/camera.ts";
import type { NetworkNode } from "../../layout/readNodes.ts";
import type { Box, Column, Scene } from "../../layout/scene.ts";
import type { Measure } from "../../lib/fitText.ts";
import type { ViewValues } from "../../store/viewState.ts";
import type { Theme } from "../../theme/theme.ts";
import type { Canvas2d } from "../canvas/canvas2d.ts";
import type { FieldImages } from "../canvas/fieldImages.ts";
import type { Band, Labels } from "../canvas/overlay.ts";
import type { EdgeStandIn } from "../edges/edgeStandIn.ts";
import type { ColumnReading, Reading } from "../read/reading.ts";

/** Marks of parts that only some networks bring (parts/maps.ts, parts/plane.ts, parts/findings.ts): until they have come they are empty. */
export interface ApartMarks {
  readonly paintMaps?: (brush: Brush, reading: ColumnReading) => void;
  readonly ruleSlices?: (brush: Brush, grid: Layer["grid"], box: Box) => void;
  readonly paintMapWindow?: (brush: Brush) => void;
  readonly paintSeries?: (brush: Brush, reading: ColumnReading) => void;
  readonly paintTokens?: (brush: Brush, reading: ColumnReading) => void;
  readonly paintPrediction?: (brush: Brush, reading: ColumnReading) => void;
  readonly paintParts?: (brush: Brush, column: Column, top: number) => void;
  readonly paintFoundUnits?: (brush: Brush) => void;
  readonly paintBadges?: (brush: Brush) => void;
  readonly rowsOfCard?: (node: NetworkNode, values: ArrayLike<number>) => string[];
}

/** Everything a mark needs to draw itself. Marks change nothing here. */
export interface Brush {
  readonly edges: Canvas2d;
  readonly images: Canvas2d;
  readonly overlay: Labels;
  readonly pictures: FieldImages;
  /** Shows the edges as they were; null where they are drawn. */
  readonly standIn: EdgeStandIn | null;
  readonly theme: Theme;
  readonly measure: Measure;
  readonly scene: Scene;
  readonly frame: Frame | null;
  readonly scenery: Scenery | null;
  readonly reading: Reading;
  readonly values: ViewValues;
  readonly apart: ApartMarks;
  /** Where the keyboard is. */
  readonly focus: Selection | null;
  /** Part of the scene that is on the screen: x from, x to. */
  readonly visible: readonly [number, number];
  /** 0 … 1: how far the rest has stepped back behind what is hovered. */
  readonly dimming: number;
  readonly camera: Camera;
  /** Where the enlarged scene shows; null where nothing is cut. */
  readonly band: Band | null;
  /** Device pixels per px. */
  readonly pixelRatio: number;
  /** Negative edges are dashed. */
  readonly hasSignPattern: boolean;
  /** Weak edges keep more of their colour. */
  readonly hasStrongEdges: boolean;
}
