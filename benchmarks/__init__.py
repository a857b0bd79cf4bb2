"""Measurements, as ratios of interleaved runs; `make bench` prints the table and writes it as JSON."""
