"""Room of the stage `write`."""
