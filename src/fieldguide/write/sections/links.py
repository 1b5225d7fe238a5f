"""Links from a page to files and lines, and the names that were linked already.

Comes in: paths relative to the documented directory, spans, names. Goes out: Markdown links relative to the page.
Must never: link to a path that the codebase does not have; link a name twice in one section.
"""

from __future__ import annotations

import posixpath
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import quote

from fieldguide.write.sections.markdown import code

if TYPE_CHECKING:
    from fieldguide.domain.source import Span
    from fieldguide.domain.symbols import Symbol


@dataclass(frozen=True, slots=True)
class Links:
    """Addresses as seen from one page; within a section each name is linked once."""

    folder: str
    """Of the page, POSIX, relative; empty for the root."""
    _linked: set[str] = field(default_factory=set[str])

    def section(self) -> Links:
        """Return links for the next section, which has linked nothing yet."""
        return Links(self.folder)

    def address(self, path: str, first: int = 0, last: int = 0) -> str:
        """Return the relative address of a file, a directory or some of a file's lines."""
        # A page outside of the directory has no fixed place relative to it: its links start from the directory.
        folder = "" if self.folder.startswith(("..", "/")) else self.folder
        relative = posixpath.relpath(path or ".", folder or ".")
        # Bytes that are no UTF-8 come as lone surrogates; they stand in the address as they stand on the disk.
        address = quote(relative.encode("utf-8", "surrogateescape"), safe="/~@+,")
        if not first:
            return address
        return f"{address}#L{first}" if last <= first else f"{address}#L{first}-L{last}"

    def span(self, span: Span, label: str = "source") -> str:
        """Return a link to lines of a file, under a label of ours."""
        return f"[{label}]({self.address(span.path, span.first, span.last)})"

    def path(self, path: str, label: str = "", *, directory: bool = False) -> str:
        """Return a linked path, in code; a second time only the code. Directories end with a slash."""
        text = code(label or (path.rstrip("/") + "/" if directory else path))
        return self._once(path, text, self.address(path))

    def symbol(self, symbol: Symbol, label: str = "") -> str:
        """Return a linked name, in code; a second time only the code."""
        text = code(label or symbol.short)
        return self._once(symbol.name, text, self.address(symbol.span.path, symbol.span.first, symbol.span.last))

    def _once(self, key: str, text: str, address: str) -> str:
        if key in self._linked:
            return text
        self._linked.add(key)
        return f"[{text}]({address})"
