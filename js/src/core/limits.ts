// How much of a network is sent and drawn one by one. The twin is nnvis_widget/core/limits.py; both are read against
// tests/contract/limits.json.

/** Kernels with at most so many links are drawn link by link. */
export const STROKE_LIMIT = 4000;
/** Kernels with at most so many links may be painted whole, as a raster image. */
export const RASTER_LIMIT = 100_000;
/** At most so many bundles are drawn of one kernel. */
export const BUNDLE_LIMIT = 2048;
/** Layers with at most so many units are drawn unit by unit, each with its field over the plane of the inputs. */
export const TILE_UNITS = 16;
/** Layers that put out more elements for one sample are not drawn as maps. */
export const MAP_LIMIT = 65_536;
/** What a network puts out for one sample stands beside its target up to so many numbers. */
export const RESULT_LIMIT = 524_288;
/** All maps of a layer with at most so many are drawn; of one with more so many of the strongest. */
export const MOST_MAPS = 16;
export const STRONGEST_MAPS = 12;
/** How many of the strongest links of a kernel are drawn: at least, where nothing was said, and at most. */
export const LEAST_TOP_K = 50;
export const TOP_K = 200;
export const MOST_TOP_K = 1000;
/** An input that is a sequence of at most so many channels is drawn as lines. */
export const MOST_LINES = 4;
/** Layers that a page may say it shows. */
export const MOST_LAYERS = 256;
/** Samples from this index on are drawings. */
export const FIRST_DRAWN = 2_000_000_000;
