"""Everything recorded of one training, and the point of it that is looked at."""
