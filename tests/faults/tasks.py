"""Small tasks: real data that ships with scikit-learn, and some that is made."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
from sklearn import datasets


@dataclass(frozen=True)
class Task:
    """Data, and what a network for it ends in."""

    x: np.ndarray
    y: np.ndarray
    kind: str
    outputs: int


LOSSES = {
    "classes": "sparse_categorical_crossentropy",
    "two": "binary_crossentropy",
    "labels": "binary_crossentropy",
    "numbers": "mse",
}
LAST = {"classes": "softmax", "two": "sigmoid", "labels": "sigmoid", "numbers": None}


def scaled(x: np.ndarray) -> np.ndarray:
    flat = x.reshape(len(x), -1)
    return ((flat - flat.mean(axis=0)) / (flat.std(axis=0) + 1e-6)).reshape(x.shape).astype(np.float32)


@cache
def task(name: str) -> Task:
    rng = np.random.default_rng(11)
    if name == "digits":
        x, y = datasets.load_digits(return_X_y=True)
        return Task((x / 16).astype(np.float32), y, "classes", 10)
    if name == "pictures":
        x, y = datasets.load_digits(return_X_y=True)
        return Task((x / 16).astype(np.float32).reshape(-1, 8, 8, 1), y, "classes", 10)
    if name == "rows":  # each picture as a sequence of its rows
        x, y = datasets.load_digits(return_X_y=True)
        return Task((x / 16).astype(np.float32).reshape(-1, 8, 8), y, "classes", 10)
    if name == "wine":
        x, y = datasets.load_wine(return_X_y=True)
        return Task(scaled(x), y, "classes", 3)
    if name == "raw_wine":
        x, y = datasets.load_wine(return_X_y=True)
        return Task(x.astype(np.float32), y, "classes", 3)
    if name == "cancer":
        x, y = datasets.load_breast_cancer(return_X_y=True)
        return Task(scaled(x), y.astype(np.float32), "two", 1)
    if name == "raw_cancer":
        x, y = datasets.load_breast_cancer(return_X_y=True)
        return Task(x.astype(np.float32), y.astype(np.float32), "two", 1)
    if name == "iris":
        x, y = datasets.load_iris(return_X_y=True)
        return Task(scaled(x), y, "classes", 3)
    if name == "moons":
        x, y = datasets.make_moons(800, noise=0.15, random_state=1)
        return Task(scaled(x), y.astype(np.float32), "two", 1)
    if name == "circles":
        x, y = datasets.make_circles(800, noise=0.08, factor=0.5, random_state=1)
        return Task(scaled(x), y.astype(np.float32), "two", 1)
    if name == "diabetes":
        x, y = datasets.load_diabetes(return_X_y=True)
        return Task(scaled(x), scaled(y[:, None]), "numbers", 1)
    if name == "raw_diabetes":
        x, y = datasets.load_diabetes(return_X_y=True)
        return Task(scaled(x), (y[:, None] * 20).astype(np.float32), "numbers", 1)
    if name == "friedman":
        x, y = datasets.make_friedman1(900, noise=0.5, random_state=2)
        return Task(scaled(x), scaled(y[:, None]), "numbers", 1)
    if name == "sine":
        x = rng.uniform(-3, 3, (600, 1)).astype(np.float32)
        return Task(x, np.sin(x).astype(np.float32), "numbers", 1)
    if name == "labels":
        x, y = datasets.make_multilabel_classification(
            n_samples=900, n_features=20, n_classes=5, n_labels=2, random_state=3
        )
        return Task(scaled(x), y.astype(np.float32), "labels", 5)
    if name == "code":  # an autoencoder
        x, _ = datasets.load_digits(return_X_y=True)
        return Task((x / 16).astype(np.float32), (x / 16).astype(np.float32), "numbers", 64)
    if name == "words":
        x = rng.integers(1, 50, (900, 12))
        y = (np.isin(x, range(1, 8)).sum(axis=1) > np.isin(x, range(8, 15)).sum(axis=1)).astype(np.float32)
        return Task(x, y, "two", 1)
    if name == "sorted_digits":
        one = task("digits")
        order = np.argsort(one.y, kind="stable")
        return Task(one.x[order], one.y[order], "classes", 10)
    if name == "rare":
        x = rng.normal(size=(1600, 6)).astype(np.float32)
        y = (x[:, 0] + x[:, 1] + 0.8 * rng.normal(size=1600) > 2.9).astype(np.float32)
        return Task(x, y, "two", 1)
    raise KeyError(name)
