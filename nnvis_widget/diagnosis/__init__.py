"""What is wrong with a training, and since when."""
