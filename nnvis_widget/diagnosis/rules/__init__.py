"""Rules of diagnosis, one family a file."""
