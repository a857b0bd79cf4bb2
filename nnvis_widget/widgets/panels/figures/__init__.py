"""Figures of bqplot and what they are made of: axes, marks, colours, legends."""
