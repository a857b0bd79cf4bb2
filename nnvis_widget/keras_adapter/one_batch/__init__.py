"""One batch, gone through once forward and once backward: the numbers behind the arithmetic of a unit."""
