"""Whether redacted Python is still the same program.

`python bench/redaction/run.py exactness [DIRECTORY…]`: by default what is installed beside fieldguide, and Python's own
library. Of every file that Python parses: does its redacted text parse, are all tokens but strings and comments the
same, are there as many lines, does a second pass find nothing? Fresh passwords may be planted to have more to hide.
"""

from __future__ import annotations

import ast
import io
import re
import sysconfig
import tokenize
import warnings
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from random import Random

from hiding import KEY, pool, read_text

from fieldguide.domain.redacted import PLACEHOLDER
from fieldguide.redact import Detector, Redactor

LONGEST = 1 << 20
_TEXT = {"STRING", "COMMENT", "FSTRING_MIDDLE"}
_ALIKE = {"NL", "NEWLINE", "INDENT", "DEDENT"}
_LITERAL = re.compile(r"""(?<=[=,(:\[] )(["'])[A-Za-z][a-z ]{3,20}\1(?=[,)\]\n])""")
_PLANTED = 0.02
"""Share of short literals that become a token."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of one file."""

    hidden: int
    faults: tuple[str, ...]


@dataclass(slots=True)
class Exactness:
    """Over all files."""

    files: int = 0
    touched: int = 0
    hidden: int = 0
    faults: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])


def measure(directories: list[Path], *, planted: bool) -> Exactness:
    """Redact every Python file that parses, and compare."""
    roots = directories or [Path(sysconfig.get_path("purelib")), Path(sysconfig.get_path("stdlib"))]
    paths = [path for root in roots for path in sorted(root.rglob("*.py")) if _is_wanted(path, root)]
    result = Exactness()
    with pool() as executor:
        for path, verdict in zip(
            paths, executor.map(partial(_verdict, planted=planted), paths, chunksize=16), strict=True
        ):
            if verdict is None:
                continue
            result.files += 1
            result.touched += verdict.hidden > 0
            result.hidden += verdict.hidden
            result.faults += [(str(path), fault) for fault in verdict.faults]
    return result


def show(result: Exactness) -> None:
    """Print figures and faults."""
    print(
        f"{result.files} Python files, {result.touched} of them redacted, {result.hidden} hides,"
        f" {len(result.faults)} faults"
    )
    for path, fault in result.faults[:60]:
        print(f"  {fault}: {path}")


def _is_wanted(path: Path, root: Path) -> bool:
    inner = path.relative_to(root).parts
    return (
        path.is_file()
        and path.stat().st_size <= LONGEST
        and not ("site-packages" in inner and root.name != "site-packages")
    )


def _verdict(path: Path, *, planted: bool) -> Verdict | None:
    warnings.simplefilter("ignore", SyntaxWarning)
    text = read_text(path)
    if text is None or not _parses(text):
        return None
    if planted:
        text = _with_tokens(text, Random(path.name))  # noqa: S311 (values that open nothing)
    redactor = Redactor(KEY, Detector())
    redacted, redactions = redactor.redact(path.name, text)
    faults: list[str] = []
    if redacted.text.count("\n") != text.count("\n"):
        faults.append("lines differ")
    if redactions:
        if not _parses(redacted.text):
            faults.append("does not parse")
        elif _code(redacted.text) != _code(text):
            faults.append("code hidden")
        again = redactor.redact(path.name, redacted.text)[1]
        if again:
            faults.append(f"second pass finds {again[0].kind} on line {again[0].first}")
    return Verdict(len(redactions), tuple(faults))


def _with_tokens(text: str, random: Random) -> str:
    def plant(match: re.Match[str]) -> str:
        token = "gl" + "pat-" + "".join(random.choices("ABCDEFGHJKMNPQRSTabcdefghkmnpqrst23456789", k=20))
        return f"{match[1]}{token}{match[1]}" if random.random() < _PLANTED else match[0]

    changed = _LITERAL.sub(plant, text)
    return changed if _parses(changed) else text


def _parses(text: str) -> bool:
    try:
        ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True


def _code(text: str) -> list[tuple[str, str]]:
    """Tokens but for what strings and comments say. A placeholder outside of them is a token that differs."""
    tokens: list[tuple[str, str]] = []
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        kind = tokenize.tok_name[token.type]
        if kind in _TEXT:
            quote = re.match(r"[A-Za-z]*(?:\"\"\"|'''|\"|'|#)", token.string)
            tokens.append((kind, quote[0] if quote else ""))
        elif kind not in _ALIKE:
            tokens.append((kind, PLACEHOLDER.sub("HIDDEN", token.string)))
    return tokens
