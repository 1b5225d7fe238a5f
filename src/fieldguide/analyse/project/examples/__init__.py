"""Find code in a repository that shows how it is used, and that runs as it stands."""
