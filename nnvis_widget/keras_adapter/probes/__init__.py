"""Probes: each measures one quantity of a model, only where it is watched."""
