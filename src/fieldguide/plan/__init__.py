"""Room of the stage `plan`."""
