"""Documentation worth reading, written from a directory of code."""
