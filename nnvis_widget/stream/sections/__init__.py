"""The sections of a snapshot frame, one kind a file."""
