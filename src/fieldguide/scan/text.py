r"""The text of a file that a scan found.

Comes in: the documented directory and a `SourceFile`. Goes out: text with `\n` line ends, or why there is none.
Must never: give out sections that fieldguide itself wrote, or the text of another version than the scan saw.

Python is decoded as Python does (PEP 263: byte order mark, coding line, else UTF-8); what Python would refuse is
skipped. In other text a byte that is not UTF-8 becomes U+FFFD: a licence with one Latin-1 letter is still a licence.
"""

from __future__ import annotations

import codecs
import io
import tokenize
from hashlib import blake2b
from typing import TYPE_CHECKING, Final

from fieldguide.domain.markers import without_sections
from fieldguide.domain.source import Skipped, SkipReason
from fieldguide.scan.tree import open_tree

if TYPE_CHECKING:
    from pathlib import Path

    from fieldguide.domain.source import SourceFile

_BYTE_ORDER_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def read_text(root: Path, source: SourceFile) -> str | Skipped:
    """Read a file as text. Lines are those of the file, also where sections of ours were blanked."""
    path = source.path.encode("utf-8", "surrogateescape")
    try:
        with open_tree(root) as tree:
            try:
                content = b"".join(tree.content(path, source.size))
            except OSError as error:
                return tree.explain(path, error)
    except OSError:
        return Skipped(source.path, SkipReason.VANISHED)
    if blake2b(content, digest_size=16).hexdigest() != source.digest:
        return Skipped(source.path, SkipReason.VANISHED, "it changed while it was read")
    text = _decode_python(content) if source.language == "python" else _decode(content)
    if text is None:
        return Skipped(source.path, SkipReason.ENCODING)
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return without_sections(text) if source.language == "markdown" else text


def read_document(root: Path, path: str, *, max_bytes: int) -> str | Skipped:
    """Read a document whole, sections of ours included: it is checked, and no evidence.

    Args:
        root: The documented directory.
        path: POSIX, relative to it.
        max_bytes: Size above which it is left out.
    """
    raw = path.encode("utf-8", "surrogateescape")
    try:
        with open_tree(root) as tree:
            try:
                content = b"".join(tree.content(raw, max_bytes))
            except OSError as error:
                return tree.explain(raw, error)
    except OSError:
        return Skipped(path, SkipReason.VANISHED)
    if len(content) > max_bytes:
        return Skipped(path, SkipReason.TOO_LARGE)
    return _decode(content).replace("\r\n", "\n").replace("\r", "\n")


def _decode_python(content: bytes) -> str | None:
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(content).readline)
        return content.decode(encoding)
    except (SyntaxError, UnicodeDecodeError, LookupError):
        return None


def _decode(content: bytes) -> str:
    for mark, encoding in _BYTE_ORDER_MARKS:
        if content.startswith(mark):
            return content.decode(encoding, "replace")
    return content.decode("utf-8", "replace")
