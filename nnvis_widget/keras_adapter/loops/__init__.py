"""Ways to take training steps: compiled blocks on TensorFlow, one step at a time everywhere."""
