r"""The lines of `.gitignore` files, as git 2.39 reads them (`dir.c`).

Comes in: the bytes of an ignore file. Goes out: whether one entry, a file or a directory, is ignored.
Must never: look at the disk; decide of what lies beneath an entry, which is its caller's walk from the top down.

Not by the library pathspec 1.1.1, which was tried first: for `*a*a*a*a*a*a*a*a*b` it needs 55 s on sixty letters, it
raises for a lone `!` and for `x\`, strips a trailing tab, knows no `[[:alpha:]]`, and matches what lies beneath an
entry together with the entry, where git decides directory by directory.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from fieldguide.scan.wildmatch import translate

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_SLASH: Final = b"/"


@dataclass(frozen=True, slots=True)
class Pattern:
    """One line of an ignore file. `regex` matches the whole base name, or the whole path from the file's directory."""

    regex: re.Pattern[bytes]
    negated: bool
    directories_only: bool
    base_name: bool


@dataclass(frozen=True, slots=True)
class PatternList:
    """The patterns of one ignore file. `base` is the directory they count from: empty, or with a final slash."""

    base: bytes
    patterns: tuple[Pattern, ...]

    def ignores(self, path: bytes, *, is_directory: bool) -> bool | None:
        """Whether the last pattern that matches ignores `path`; `None` where no pattern matches."""
        relative = path[len(self.base) :]
        name = relative[relative.rfind(_SLASH) + 1 :]
        for pattern in reversed(self.patterns):
            if pattern.directories_only and not is_directory:
                continue
            if pattern.regex.fullmatch(name if pattern.base_name else relative) is not None:
                return not pattern.negated
        return None


def ignored_by(lists: Sequence[PatternList], path: bytes, *, is_directory: bool) -> bool | None:
    """What the last list that has a matching pattern says of `path`; the deepest directory's list stands last."""
    for patterns in reversed(lists):
        verdict = patterns.ignores(path, is_directory=is_directory)
        if verdict is not None:
            return verdict
    return None


def read_patterns(content: bytes, base: bytes = b"") -> PatternList:
    """Read the lines of an ignore file."""
    lines = content.removeprefix(b"\xef\xbb\xbf").split(b"\n")
    return PatternList(base, tuple(_patterns(lines)))


def _patterns(lines: Iterable[bytes]) -> Iterable[Pattern]:
    for raw in lines:
        line = _without_trailing_spaces(raw.removesuffix(b"\r").split(b"\0")[0])
        if not line or line.startswith(b"#"):
            continue
        negated = line.startswith(b"!")
        text = line[1:] if negated else line
        directories_only = text.endswith(_SLASH)
        text = text.removesuffix(_SLASH)
        base_name = _SLASH not in text
        source = translate(text if base_name else text.removeprefix(_SLASH))
        if source is not None:
            yield Pattern(re.compile(source, re.DOTALL), negated, directories_only, base_name)


def _without_trailing_spaces(line: bytes) -> bytes:
    """Cut trailing spaces that no backslash protects."""
    end = 0
    position = 0
    while position < len(line):
        if line[position : position + 1] == b"\\":
            position += 1
            end = position + 1
        elif line[position : position + 1] != b" ":
            end = position + 1
        position += 1
    return line[:end]
