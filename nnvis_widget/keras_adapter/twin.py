"""A clone of a model that trains beside it, as it is or with a change."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import keras
import numpy as np

from nnvis_widget.core.plain_text import sentence
from nnvis_widget.keras_adapter.changes.change import Change, InPlace, NotTriedError
from nnvis_widget.keras_adapter.loops.single_step import take_step
from nnvis_widget.keras_adapter.own_code import OwnCode, read_own_code
from nnvis_widget.keras_adapter.putting_back import seeds_of_its_own
from nnvis_widget.keras_adapter.steering import optimizers_of, set_rate
from nnvis_widget.keras_adapter.to_numpy import to_numpy
from nnvis_widget.keras_adapter.torch_modules import has_foreign_weights

OWN = {"train_step": "training step", "test_step": "test step", "make_train_function": "way to make its steps"}
SEED = 7

Values = Mapping[int, np.ndarray]
Batch = tuple[Any, Any, Any]


def why_no_twin(model: Any, code: OwnCode) -> str:
    """Why a model cannot be cloned with all that trains it; empty where that may be tried."""
    if not getattr(model, "compiled", False) or len(optimizers_of(model)) != 1:
        return "the model is not compiled with one optimiser of Keras"
    for name, said in OWN.items():
        if getattr(type(model), name) is not getattr(keras.Model, name):
            return f"the model has a {said} of your own ({name}), which may do anything"
    if getattr(getattr(model, "distribute_strategy", None), "num_replicas_in_sync", 1) > 1:
        return "the model is spread over several devices"
    if has_foreign_weights(model):
        return "the model holds modules of torch, which say not how to make another one"
    if "tensorflow" in code.draws:
        return "code of your own draws from TensorFlow's generator, whose place in its numbers cannot be put back"
    return ""


@contextmanager
def often_traced() -> Iterator[None]:
    """Within it TensorFlow does not warn of code that is traced over and over: each twin traces Keras' own once."""

    def is_other(record: logging.LogRecord) -> bool:
        return "triggered tf.function retracing" not in str(record.msg)

    log = logging.getLogger("tensorflow")
    log.addFilter(is_other)
    try:
        yield
    finally:
        log.removeFilter(is_other)


class Twin:
    """A clone with weights of its own and an optimiser of its own. Used by one thread, which is not the training's.

    Args:
        model: A built and compiled model; it is read, never called or changed.
        change: What is done to it; `None` for nothing.
        batch: Some rows, which build what only a call builds.
        judge: A loss that both twins are judged by; `None` for the one that it has.

    Raises:
        NotTriedError: If it cannot be cloned.
    """

    def __init__(self, model: Any, change: Change | None, batch: Batch, judge: Any = None) -> None:
        try:
            with seeds_of_its_own(SEED), keras.saving.custom_object_scope(_own_objects(model)):
                keras.random.uniform(())  # of this thread's generator, before anybody draws from it without a seed
                self.model, self._pairs = _cloned(model, change)
                if not self.model.built:
                    self.model(batch[0], training=False)
                self._compile(model, change)
        except NotTriedError:
            raise
        except Exception as error:  # a person's own classes may raise anything
            why = f"the model cannot be cloned: {type(error).__name__}: {sentence(error)}"
            raise NotTriedError(why) from error
        self._pairs.append((model.optimizer, self.model.optimizer))
        self._rate = change.rate if change is not None else None
        judges = keras.tree.flatten(model.loss if judge is None else judge)
        self._judge = judges[0] if len(judges) == 1 else None

    def begin_with(self, values: Values) -> None:
        """Take over what the model's variables held, by their `id`; what is not among them stays as it was made."""
        for old, new in self._pairs:
            for one, other in zip(old.variables, new.variables, strict=False):
                value = values.get(id(one))
                if value is not None and tuple(other.shape) == value.shape:
                    other.assign(value)
        if self._rate is not None:
            set_rate(self.model, *self._rate)

    def train(self, batch: Batch) -> None:
        """Take one step, as the training takes them."""
        take_step(self.model, *batch)

    def measure(self, batch: Batch) -> float:
        """The loss of some rows in inference, without the penalties of weights.

        Of what a model with one output puts out: Keras takes the logits behind it in a training, and so does not see
        that a softmax over one unit always says 1.
        """
        x, y, sample_weight = batch
        outputs = keras.tree.flatten(self.model.predict_on_batch(x))
        if self._judge is not None and len(outputs) == 1:
            return _loss_of(self._judge, np.asarray(y), np.asarray(outputs[0]), sample_weight)
        self.model.reset_metrics()
        found = self.model.test_on_batch(x, y, sample_weight, return_dict=True)
        self.model.reset_metrics()
        return float(found["loss"]) - _penalty(self.model)

    def _compile(self, model: Any, change: Change | None) -> None:
        asked = model.get_compile_config() or {}
        config = model.optimizer.get_config()
        if change is not None and change.optimizer is not None:
            config = change.optimizer(config)
        loss = model.loss if change is None or change.loss is None else change.loss
        self.model.compile(
            type(model.optimizer).from_config(config),
            loss=loss,
            loss_weights=asked.get("loss_weights"),
            run_eagerly=model.run_eagerly,
            jit_compile=model.jit_compile,
        )
        self.model.optimizer.build(self.model.trainable_variables)


def _cloned(model: Any, change: Change | None) -> tuple[Any, list[tuple[Any, Any]]]:
    """The clone, and which of its layers takes over the weights of which."""
    pairs: list[tuple[Any, Any]] = []
    replace = change.layers if change is not None else None

    def clone(layer: Any) -> Any:
        put = None if replace is None else replace(layer)
        layers, keeps_weights = put or InPlace([type(layer).from_config(layer.get_config())])
        if keeps_weights and isinstance(layer, keras.layers.Layer):
            pairs.extend((layer, one) for one in layers if type(one) is type(layer))
        return layers[0] if len(layers) == 1 else keras.Sequential(list(layers), name=layer.name)

    if isinstance(model, keras.Sequential) or _is_functional(model):
        return keras.models.clone_model(model, clone_function=clone, recursive=True), pairs
    if replace is not None:
        raise NotTriedError("the layers of a model that is a class of your own cannot be replaced from outside")
    twin = type(model).from_config(model.get_config())
    return twin, [(model, twin)]


def _is_functional(model: Any) -> bool:
    """Whether Keras knows the model as a graph of layers."""
    return isinstance(model, type(keras.Model(*[keras.Input((1,))] * 2)))


def _own_objects(model: Any) -> dict[str, Any]:
    """A person's own layers, losses and functions by name, so that configs that name them can be read."""
    kinds: dict[str, Any] = {}
    for own in read_own_code(model).parts:
        kind = own.part if hasattr(own.part, "__code__") else type(own.part)
        kinds[kind.__name__] = kind
    return kinds


def _loss_of(loss: Any, y: np.ndarray, output: np.ndarray, sample_weight: Any) -> float:
    """A loss of plain numbers, the mean over the rows by their weights."""
    y = y[..., None] if y.ndim == output.ndim - 1 and output.shape[-1] == 1 else y
    output = output.astype(np.float32) if output.dtype.kind not in "fc" or output.dtype.itemsize < 4 else output
    if isinstance(loss, keras.losses.Loss):
        return float(to_numpy(loss(y, output, sample_weight=sample_weight)))
    rows = np.asarray(to_numpy(keras.losses.get(loss)(y, output)), np.float64)
    rows = rows.reshape(len(output), -1).mean(axis=1)
    return float(rows.mean() if sample_weight is None else (rows * np.ravel(sample_weight)).sum() / len(rows))


def _penalty(model: Any) -> float:
    """What regularisers of weights add to the loss."""
    told = [(one, getattr(one, "regularizer", None)) for one in model.trainable_variables]
    return float(sum(float(to_numpy(regularizer(one))) for one, regularizer in told if regularizer))
