"""What a view can be built on."""
