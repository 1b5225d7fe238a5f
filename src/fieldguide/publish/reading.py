"""Reads the page that is on disk, so that merging can give back every byte of it that is not ours.

Comes in: the path of a page. Goes out: its text and the sections of ours in it, or `None` when there is no page.
Must never: change a byte by decoding, or translate line ends.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fieldguide.domain.markers import find_sections
from fieldguide.domain.page import ExistingPage
from fieldguide.errors import PublishError
from fieldguide.publish.location import real_location, status, unreachable

if TYPE_CHECKING:
    from pathlib import Path

_OTHER_ENCODINGS = (b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe\xff")
"""Byte order marks of UTF-16 and UTF-32: text of ours, in UTF-8, cannot stand in such a file."""


def read_page(path: Path, *, root: Path | None = None) -> ExistingPage | None:
    """Return the page at `path`, or `None` when there is none.

    Bytes that are not UTF-8 are kept as lone surrogates (`surrogateescape`), and `write_page` turns them back.

    Args:
        path: Of the page.
        root: The documented directory: given, a link that leaves it is refused here, before anything is paid for.

    Raises:
        PublishError: What is there is no regular file, cannot be read, is UTF-16, or lies behind a link out of `root`.
    """
    real = real_location(path, root)
    if status(real, path) is None:
        return None
    try:
        content = real.read_bytes()
    except OSError as error:
        raise unreachable(path, error) from error
    if content.startswith(_OTHER_ENCODINGS):
        fact = f"`{path}` is not in UTF-8"
        raise PublishError(fact, hint="save it as UTF-8, or name another file with --output")
    text = content.decode("utf-8", "surrogateescape")
    return ExistingPage(text, tuple(marked.section for marked in find_sections(text)))
