"""Room of the stage `settings`."""
