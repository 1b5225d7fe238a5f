"""Room of the stage `verify`."""
