"""Data to learn with: points on a plane, real tables and digits, and the well-known picture sets.

import nnvis_widget as nv

nv.datasets.moons(noise=0.1, seed=3)    # drawn from a seed: moons, circles, xor, spiral, gaussians
nv.datasets.digits(size=28)             # real, offline, from scikit-learn: digits, iris, wine, breast_cancer
nv.datasets.mnist()                     # real, downloaded once by Keras: mnist, fashion_mnist, cifar10
"""

from nnvis_widget.training.data.downloaded import cifar10, fashion_mnist, mnist
from nnvis_widget.training.data.plane import circles, gaussians, moons, spiral, xor
from nnvis_widget.training.data.scikit import breast_cancer, digits, iris, wine

__all__ = [
    "breast_cancer",
    "cifar10",
    "circles",
    "digits",
    "fashion_mnist",
    "gaussians",
    "iris",
    "mnist",
    "moons",
    "spiral",
    "wine",
    "xor",
]
