"""How much of a network is sent and drawn one by one.

Its twin is js/src/core/limits.ts; both are read against tests/contract/limits.json.
"""

STROKE_LIMIT = 4_000
"""Kernels with at most so many links are drawn link by link."""
RASTER_LIMIT = 100_000
"""Kernels with at most so many links may be painted whole, as a raster image."""
BUNDLE_LIMIT = 2_048
"""At most so many bundles are drawn of one kernel: they draw at 60 Hz in a software-rendered browser."""
TILE_UNITS = 16
"""Layers with at most so many units are drawn unit by unit, each with its field over the plane of the inputs."""
LEAST_TOP_K, TOP_K, MOST_TOP_K = 50, 200, 1_000
"""How many of the strongest links of a kernel are drawn: at least, where nothing was said, and at most."""
MAP_LIMIT = 65_536
"""Layers that put out more elements for one sample are not drawn as maps."""
RESULT_LIMIT = 524_288
"""What a network puts out for one sample stands beside its target up to so many numbers."""
MOST_MAPS, STRONGEST_MAPS = 16, 12
"""All maps of a layer with at most so many are drawn; of one with more so many of the strongest."""
MOST_LINES = 4
"""An input that is a sequence of at most so many channels is drawn as lines."""
MOST_LAYERS = 256
"""A page may say of at most so many layers that it shows them; more are not told apart on any screen."""
FIRST_DRAWN = 2_000_000_000
"""Samples from this index on are drawings; a page can choose none of them by its number."""
