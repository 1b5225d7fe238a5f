"""A small library on disk, checked through the real seams: analysis, reading of documents, resolution, judgement."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

from place_trees import codebase_of

from fieldguide.analyse import Installed
from fieldguide.scan import occurring
from fieldguide.verify.checking import Resolution, check_documents
from fieldguide.verify.reading import read_document
from fieldguide.verify.resolution.names import NameResolver
from fieldguide.verify.resolution.places import PlaceResolver

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from fieldguide.domain.documents import Document, Fault

LIBRARY = {
    "pyproject.toml": '[project]\nname = "ferry"\nversion = "1"\n',
    "src/ferry/__init__.py": """
        from ferry._client import AsyncClient, Client, Timeout, get
        from ferry._loading import load_manifest
        from ferry._models import Parcel, Status

        __all__ = ["AsyncClient", "Client", "Parcel", "Status", "Timeout", "get", "load_manifest"]
        """,
    "src/ferry/_client.py": """
        from __future__ import annotations

        import logging
        from dataclasses import dataclass

        LIMIT = 12


        class Base:
            def __init__(self, *, retries: int = 3, timeout: float = 5.0, limit: int = LIMIT) -> None:
                self.retries = retries
                self.headers: dict[str, str] = {}

            def close_all(self) -> None:
                self.closed_at = 1


        class Client(Base):
            def fetch_parcel(self, key: str, *, follow: bool = False) -> Parcel: ...

            def send(self, parcel, **options):
                return self._deliver(parcel, **options)

            def _deliver(self, parcel, express=False): ...


        class AsyncClient(Base):
            async def fetch_many(self): ...


        class Open(Client):
            def __getattr__(self, name): ...


        @dataclass
        class Timeout:
            connect: float = 5.0
            read: float = 7.5


        def get(url: str, *, timeout: float = 5.0) -> Parcel: ...


        def registered(function):
            function.ready = True
            return function
        """,
    "src/ferry/_loading.py": """
        def load_manifest(path, strict=True): ...


        @cached(300)
        def decorated(path): ...
        """,
    "src/ferry/_models.py": """
        from enum import Enum


        class Parcel:
            weight_in_grams: int = 0


        class Status(Enum):
            SENT = "sent"


        def mark(parcel):
            parcel.stamped_by = "x"
        """,
    "tests/test_ferry.py": "def test_a_parcel_is_sent():\n    harbour_master = 1\n",
}


class Tree:
    """A library on disk that documents are checked against."""

    def __init__(self, root: Path, files: Mapping[str, str]) -> None:
        self.root = root
        self.codebase = codebase_of(root, {path: textwrap.dedent(text).lstrip("\n") for path, text in files.items()})
        self.paths = list(files)

    def resolver(self, *documents: Document) -> NameResolver:
        """What resolves names beside these documents."""
        return NameResolver(self.codebase, Installed(self.root, {}), {one.path: one for one in documents})

    def faults(self, text: str, path: str = "docs/guide.md") -> tuple[Fault, ...]:
        """Faults of one document."""
        document = read_document(path, textwrap.dedent(text).lstrip("\n"))
        places = PlaceResolver(self.codebase, {path: document})
        resolution = Resolution(self.resolver(document), places)
        return check_documents(
            [document], [document], resolution, lambda words: occurring(self.root, self.paths, words)
        ).faults
