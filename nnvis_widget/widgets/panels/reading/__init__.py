"""What panels read from a source: classes, layers, samples, curves, what is selected."""
