"""Small models of every make, without sequences of words or sound: what any reading, drawing or probe is tried on.

`ZOO` has a builder a name. Each call makes a new, built model from the same code.
"""

from collections.abc import Callable
from typing import Any

from tests.zoo.branching import BRANCHING
from tests.zoo.chains import CHAINS
from tests.zoo.nested import NESTED
from tests.zoo.own import OWN

ZOO: dict[str, Callable[[], Any]] = {**CHAINS, **BRANCHING, **NESTED, **OWN}
