"""The door to Keras and TensorFlow: reading, measuring, steering and training a model by its public API."""
