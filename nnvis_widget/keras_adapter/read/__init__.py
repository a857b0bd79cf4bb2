"""Reading a Keras model: its layers, links, parameters and what each layer is."""
