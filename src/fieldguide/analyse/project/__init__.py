"""What a project says of itself outside its definitions: manifests, commands, licence, examples, layout."""

from __future__ import annotations
