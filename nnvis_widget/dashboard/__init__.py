"""The view, the panels and the controls on one page."""
