"""Read what a person can type in a project's directory: one module for each tool."""
