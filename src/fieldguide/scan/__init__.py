"""Room of the stage `scan`."""
