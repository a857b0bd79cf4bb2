"""Changes that are tried on a model without touching it."""
