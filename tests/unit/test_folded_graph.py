"""What a page is told of a deep network: everything, and not too much of it."""

import json
from itertools import pairwise

from nnvis_widget.core.graph import Layer, Link, Parameter
from nnvis_widget.core.structure import Group, NetworkStructure
from nnvis_widget.stream.folded_graph import folded_graph

COUNT, STAGES = 1_040, 20


def deep() -> NetworkStructure:
    """As many layers as NASNetLarge has, named as long, in twenty stages."""

    def layer(place: int) -> Layer:
        kernel = Parameter("kernel", (3, 3, 168, 168), "float32", True)
        name = f"separable_conv_1_normal_left{place % 5}_stage_{place}"
        shape = ((None, 42, 42, 168 * (place % 6 + 1)),)
        return Layer(f"L{place}", name, "SeparableConv2D", shape, (kernel,), "relu", 168, role="convolution", path=name)

    layers = tuple(map(layer, range(COUNT)))
    ids = [one.id for one in layers]
    each = COUNT // STAGES
    groups = tuple(
        Group(
            Layer(f"S{place}", f"stage_{place}", "Stage", layers[0].output_shape, role="group", path=f"stage_{place}"),
            "stage",
            tuple(ids[place * each : (place + 1) * each]),
            tuple(
                Link(*pair)
                for pair in zip(
                    [f"S{place}", *ids[place * each : (place + 1) * each]],
                    [*ids[place * each : (place + 1) * each], f"S{place}"],
                    strict=True,
                )
            ),
        )
        for place in range(STAGES)
    )
    members = tuple(group.id for group in groups)
    links = tuple(Link(*pair) for pair in pairwise(members))
    return NetworkStructure("deep", layers, groups, members, links, (ids[0],), (ids[-1],), 1, 1)


def test_the_graph_of_a_thousand_layers_with_all_groups_open_is_under_200_kb() -> None:
    structure = deep()
    paths = [group.path for group in structure.groups]
    told = folded_graph(structure, structure.folded(paths), paths)
    assert len(told["layers"]) == COUNT
    assert len(json.dumps(told)) < 200_000


def test_what_layers_have_in_common_stands_once_and_gives_each_layer_back() -> None:
    structure = deep()
    told = folded_graph(structure, structure.folded(["stage_3"]), ["stage_3"])
    whole = [told["makes"][row["make"]] | row for row in told["layers"]]
    assert len(told["makes"]) < 10
    for row in whole:
        layer = structure.layer(row["id"])
        assert (row["name"], row["type"], row["role"]) == (layer.name, layer.type, layer.role)
        assert row["output_shape"] == [list(shape) for shape in layer.output_shape]
        assert row["parameter_count"] == layer.parameter_count
        assert "group" in row or row["parameters"] == [["kernel", [3, 3, 168, 168], "float32", True]]
