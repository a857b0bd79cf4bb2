"""The words of the interface, a catalogue a language: `page` holds those of a page, `kernel` those of Python alone."""
