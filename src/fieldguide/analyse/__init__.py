"""Room of the stage `analyse`."""
