"""What a person puts on the page."""
