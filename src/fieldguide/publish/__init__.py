"""Room of the stage `publish`."""
