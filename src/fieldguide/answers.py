"""Remembers what a check came to, for as long as nothing that it rests on has changed.

Comes in: what a scan found, and the settings. Goes out: the earlier answer, or nothing.
Must never: take one tree, program or environment for another.
"""

from __future__ import annotations

import sys
import sysconfig
import zlib
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from fieldguide.domain.checks import Stale
from fieldguide.domain.documents import Checked
from fieldguide.domain.source import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fieldguide.analyse import FactsCache
    from fieldguide.found import Found

_ENVIRONMENTS = (".venv", "venv", "env")


@dataclass(frozen=True, slots=True)
class Answer:
    """What the documents of a tree came to before anything was hidden or set aside by a baseline."""

    checked: Checked
    unexplained: tuple[Span, ...]
    stale: tuple[Stale, ...] = ()


def world_digest(root: Path, found: Found, chosen: tuple[Path, ...], environment: str) -> str:
    """Digest of all that an answer rests on.

    Args:
        root: The directory.
        found: What a scan of it found: the content of what was read, and of the rest what the file system says.
        chosen: Documents and directories that are to be checked; none for all.
        environment: Directory of the active virtual environment; empty for none.
    """
    digest = blake2b(_program().encode(), digest_size=20)
    for part in (*map(str, chosen), *_places(root, environment)):
        digest.update(f"{part}\0".encode("utf-8", "surrogateescape"))
    for one in (*found.files, *found.skipped):
        digest.update(repr(one).encode("utf-8", "surrogateescape"))
    for other in (*found.others, *found.generated):
        digest.update(f"{other.path}\0{_state(root / other.path)}\0".encode("utf-8", "surrogateescape"))
    return digest.hexdigest()


def earlier_answer(cache: FactsCache, root: Path, world: str) -> Answer | None:
    """The answer that was kept for this directory, if it rests on the same world."""
    for _, value in cache.rows([f"answer {root}"]):
        with suppress(msgspec.MsgspecError, zlib.error):
            known, answer = msgspec.msgpack.decode(zlib.decompress(value), type=tuple[str, Answer])
            return answer if known == world else None
    return None


def keep_answer(cache: FactsCache, root: Path, world: str, answer: Answer) -> None:
    """Keep an answer in the place of the one before it."""
    cache.keep({f"answer {root}": zlib.compress(msgspec.msgpack.encode((world, answer)), 1)})


def _places(root: Path, environment: str) -> Iterator[str]:
    """Interpreter and directories of packages that names may be looked up in, with their state."""
    yield sys.version
    active = [Path(environment)] if environment else []
    for place in (*(root / name for name in _ENVIRONMENTS), *active):
        if (place / "pyvenv.cfg").is_file():
            for packages in sorted(place.glob("[lL]ib*/python*/site-packages")):
                yield f"{packages}\0{_state(packages)}"
    yield f"{sysconfig.get_path('purelib')}\0{_state(Path(sysconfig.get_path('purelib')))}"


def _state(path: Path) -> str:
    """Size and times of a file or directory; empty where there is none."""
    try:
        status = path.lstat()
    except OSError:
        return ""
    return f"{status.st_size} {status.st_mtime_ns} {status.st_ctime_ns}"


@cache
def _program() -> str:
    """Digest of this program: another program may come to another answer."""
    digest = blake2b(digest_size=16)
    package = Path(__file__).parent
    for path in sorted(package.rglob("*.py")):
        digest.update(f"{path.relative_to(package).as_posix()}\0{_state(path)}\0".encode())
    return digest.hexdigest()
