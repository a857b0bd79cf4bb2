"""A map is a picture of what its layer puts out, and a place of it is the sum that is shown."""

from __future__ import annotations

from ..planting import Break

MAPS = "tests/keras/test_maps.py"
KINDS = "tests/keras/test_kinds_of_convolution.py"
GIVEN = "tests/keras/test_contributions.py"

OF_MAPS = (
    Break(
        "a slice stands where its place says",
        "nnvis_widget/core/mosaic.py",
        "return volume.swapaxes(1, 2).reshape(self.shape)",
        "return volume.reshape(self.shape)",
        ("tests/unit/test_mosaic.py::test_every_number_stands_once_at_the_place_of_its_slice",),
    ),
    Break(
        "the pictures of maps are those of the maps that the frame names",
        "nnvis_widget/stream/sections/maps.py",
        "map_pictures(output[:, :, drawn[layer]], side)",
        "map_pictures(output[:, :, : len(drawn[layer])], side)",
        (f"{MAPS}::test_of_many_maps_twelve_are_sent_with_the_chosen_one_and_a_pool_behind_them_shows_the_same",),
    ),
    Break(
        "a window begins in the padding",
        "nnvis_widget/core/window.py",
        "place[axis] * step - before + tap * spread",
        "place[axis] * step + tap * spread",
        (f"{MAPS}::test_a_place_of_a_map_is_patch_times_kernel_map_by_map",),
    ),
    Break(
        "a sum is shown only where it is what the layer puts out",
        "nnvis_widget/stream/sections/patch.py",
        "CLOSE = 1e-4",
        "CLOSE = 1e4",
        (f"{MAPS}::test_no_sum_is_shown_that_is_not_what_the_layer_puts_out",),
    ),
    Break(
        "the line of a map to a unit is the norm of its block, not of its neighbours'",
        "nnvis_widget/stream/sections/map_links.py",
        "as_pictures(np.arange(len(kernel)), source).reshape(-1, output.shape[2])",
        "np.arange(len(kernel)).reshape(output.shape[2], -1).T",
        (f"{MAPS}::test_links_of_maps_are_the_norms_of_their_kernels_and_of_their_blocks_of_a_dense_layer",),
    ),
    Break(
        "a transposed convolution puts out what is spread over a place",
        "nnvis_widget/core/window.py",
        "place[axis] + before - tap * spread",
        "place[axis] + before + tap * spread",
        (f"{KINDS}::test_the_parts_of_a_place_are_what_each_map_gives_to_it",),
    ),
    Break(
        "a contribution is the slope times the map, not the slope alone",
        "nnvis_widget/keras_adapter/contributions.py",
        "keras.ops.sum(slope * maps,",
        "keras.ops.sum(slope,",
        (f"{GIVEN}::test_a_contribution_is_how_fast_the_shown_output_grows_with_the_map",),
    ),
    Break(
        "maps that were drawn stay while others are about as large",
        "nnvis_widget/reduce/map_pictures.py",
        "weighed[before] *= 1 + STAYING",
        "weighed[before] *= 1",
        (f"{GIVEN}::test_the_maps_that_were_drawn_stay_until_another_is_larger_by_a_quarter",),
    ),
    Break(
        "up-sampling reads what it repeats",
        "nnvis_widget/keras_adapter/read/windows.py",
        "return Window(size, size, is_transposed=True)",
        "return Window(size, size)",
        ("tests/keras/test_windows.py::test_a_place_is_made_of_what_its_window_reads",),
    ),
    Break(
        "maps of other groups are not joined",
        "nnvis_widget/reduce/map_links.py",
        "[group * inputs + np.arange(inputs)[:, None]]",
        "[np.arange(inputs)[:, None] + 0 * group]",
        (f"{KINDS}::test_the_line_between_two_maps_is_the_norm_of_what_the_one_answers_to_a_point_in_the_other",),
    ),
)
