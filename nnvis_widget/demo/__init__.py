"""What stands behind `nnvis demo`: finding the notebooks, serving one, ending what was started."""
