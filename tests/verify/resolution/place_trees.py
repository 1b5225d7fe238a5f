"""A small tree of real files, read through the rooms that read trees, and mentions of it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from fieldguide.analyse import analyse_file, assemble, module_names
from fieldguide.domain.codebase import Codebase
from fieldguide.domain.documents import Document, Form, Mention, Verdict
from fieldguide.domain.redacted import RedactedText
from fieldguide.domain.source import OtherFile, Skipped, SourceFile
from fieldguide.scan import IgnoredPaths, scan
from fieldguide.verify.resolution.places import PlaceResolver
from fieldguide.verify.resolution.surroundings import Surroundings

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fieldguide.domain.page import ReferenceKind


def codebase_of(root: Path, files: Mapping[str, str]) -> Codebase:
    """Write files below `root`, and return what is known of them."""
    for path, text in files.items():
        place = root / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text, "utf-8")
    found = list(scan(root))
    sources = [one for one in found if isinstance(one, SourceFile)]
    python = [one.path for one in sources if one.language == "python"]
    plain = [analyse_file(one, _text(root, one), "") for one in sources if one.language != "python"]
    names = module_names(python, [one.manifest for one in plain if one.manifest], directory=root.name)
    facts = [analyse_file(one, _text(root, one), names[one.path]) for one in sources if one.language == "python"]
    others = [one for one in found if isinstance(one, OtherFile)]
    skipped = [one for one in found if isinstance(one, Skipped)]
    return assemble(root.name, sources, [*plain, *facts], others, skipped, None)


def _text(root: Path, source: SourceFile) -> RedactedText:
    return RedactedText((root / source.path).read_text("utf-8"))


@dataclass
class Tree:
    """Files, their codebase and the documents that are stated of them."""

    root: Path
    codebase: Codebase
    documents: dict[str, Document] = field(default_factory=dict[str, Document])

    def document(
        self, path: str, *mentions: Mention, anchors: frozenset[str] = frozenset(), lines: int = 9
    ) -> Document:
        """State what a document mentions and has."""
        language = "restructuredtext" if path.endswith(".rst") else "markdown"
        document = Document(path, language, tuple(mentions), anchors=anchors, lines=lines)
        self.documents[path] = document
        return document

    def answer(
        self, kind: ReferenceKind, text: str, page: str = "README.md", form: Form = Form.CODE, **rest: str
    ) -> Verdict:
        """The verdict on one mention in one document."""
        document = self.documents.get(page) or self.document(page)
        mention = replace(Mention(kind, text, 1, 1, form), **rest)  # type: ignore[arg-type]  # texts, all of them
        around = Surroundings(IgnoredPaths(self.root), lambda path: (self.root / path).read_text("utf-8"))
        return PlaceResolver(self.codebase, self.documents, around).resolve(mention, document)


def tree_of(root: Path, files: Mapping[str, str]) -> Tree:
    """A tree of these files."""
    return Tree(root, codebase_of(root, files))
