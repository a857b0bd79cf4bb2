"""Set before anything imports TensorFlow or Keras: no chatter on the console, and the backend the tests are about."""

import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("KERAS_BACKEND", "tensorflow")
