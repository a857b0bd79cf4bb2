"""From a wish to the training thread: commands, who watches what, and how often."""
