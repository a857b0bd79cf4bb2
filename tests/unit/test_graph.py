"""Does a graph find what a scan of its layers and links finds? Do units get through where they should?"""

from dataclasses import replace
from random import Random

import pytest

from nnvis_widget.core.anatomy import ANATOMY, ROLES, kernel_axes
from nnvis_widget.core.graph import Layer, Link, NetworkGraph, Parameter
from nnvis_widget.reduce.kernel_groups import fed_layers, feeding_layers


def random_graph(seed: int, count: int = 24) -> NetworkGraph:
    rng = Random(seed)
    layers = tuple(Layer(f"L{i}", f"name {i // 2}", "Any", (), role=rng.choice(ROLES)) for i in range(count))
    links = tuple(Link(f"L{rng.randrange(i)}", f"L{i}") for i in range(1, count) for _ in range(rng.choice((1, 1, 2))))
    return NetworkGraph("random", layers, tuple(dict.fromkeys(links)), ("L0",), (f"L{count - 1}",), 0, 0)


@pytest.mark.parametrize("seed", range(5))
def test_a_graph_finds_layers_and_neighbours_as_a_scan_does(seed: int) -> None:
    graph = random_graph(seed)
    for layer in graph.layers:
        assert graph.layer(layer.id) is layer
        assert graph.sources_of(layer.id) == tuple(link.source for link in graph.links if link.target == layer.id)
        assert graph.targets_of(layer.id) == tuple(link.target for link in graph.links if link.source == layer.id)
        assert graph.by_name(layer.name) is next(one for one in graph.layers if one.name == layer.name)


def test_what_a_graph_does_not_have_is_told_apart() -> None:
    graph = random_graph(1)
    with pytest.raises(KeyError, match="L99"):
        graph.layer("L99")
    with pytest.raises(KeyError, match=r"got 'nobody'\. The layers are: 'name 0'"):
        graph.by_name("nobody")
    assert (graph.sources_of("L99"), graph.targets_of("L99")) == ((), ())


def test_looking_things_up_changes_neither_equality_nor_json_nor_copies() -> None:
    used, fresh = random_graph(2), random_graph(2)
    used.layer("L3"), used.sources_of("L3"), used.by_name("name 1"), used.targets_of("L3")
    assert used == fresh
    assert used.to_json() == fresh.to_json()
    shorter = replace(used, layers=used.layers[:2], links=())
    assert (shorter.sources_of("L3"), shorter.targets_of("L0")) == ((), ())


def reaches(graph: NetworkGraph, source: str, target: str) -> bool:
    """By definition: there is a link, or one to a layer that passes units on and reaches the target."""
    return any(
        link.target == target
        or (ANATOMY[graph.layer(link.target).role].passes_units and reaches(graph, link.target, target))
        for link in graph.links
        if link.source == source
    )


@pytest.mark.parametrize("seed", range(5))
def test_units_reach_a_layer_through_all_that_passes_them_on_and_nothing_else(seed: int) -> None:
    graph = random_graph(seed)
    for one in graph.layers:
        assert set(fed_layers(graph, one.id)) == {x.id for x in graph.layers if reaches(graph, one.id, x.id)}
        assert set(feeding_layers(graph, one.id)) == {x.id for x in graph.layers if reaches(graph, x.id, one.id)}


def test_only_parameters_whose_axes_are_known_have_some() -> None:
    assert kernel_axes("conv", "kernel", 5) == ("space", "space", "space", "in", "out")
    assert kernel_axes("conv", "kernel", 1) == ()
    assert kernel_axes("recurrent", "bias", 2) == ()
    assert kernel_axes("attention", "query/bias", 2) == ()
    assert kernel_axes("norm", "gamma", 1) == ()
    assert kernel_axes("opaque", "kernel", 2) == ()


@pytest.mark.parametrize(("width", "names"), [(8, ()), (24, ("update", "reset", "new")), (32, ("input",)), (40, ())])
def test_gates_are_counted_by_the_recurrent_kernel(width: int, names: tuple[str, ...]) -> None:
    kernels = tuple(
        Parameter(f"forward/{name}", (rows, width), "float32", True)
        for name, rows in (("kernel", 5), ("recurrent_kernel", 8))
    )
    layer = Layer("L1", "any", "Any", (), kernels, role="recurrent")
    assert layer.gates[: len(names)] == names
    assert bool(layer.gates) == bool(names)
    assert replace(layer, role="dense").gates == ()
