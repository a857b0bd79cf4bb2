"""What travels through the house: frozen dataclasses on numpy and the standard library."""
