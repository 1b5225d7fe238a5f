"""Read what says how a project is built, installed and named: one module for each format."""
