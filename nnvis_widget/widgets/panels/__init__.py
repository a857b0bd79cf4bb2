"""The panels beside the network, made with bqplot."""
