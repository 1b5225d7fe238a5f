"""What a project says of itself outside its definitions: manifests, commands, licence, examples, layout."""

from __future__ import annotations

from fieldguide.analyse.project.examples.rank import rank_examples
from fieldguide.analyse.project.file import read_project_file
from fieldguide.analyse.project.join import is_installed, join_project

__all__ = ["is_installed", "join_project", "rank_examples", "read_project_file"]
