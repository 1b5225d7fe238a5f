"""Room of the stage `redact`."""
