"""How fast the whole union is, cold, in one process; and whether hurtful input stays linear.

`python bench/redaction/run.py speed [DIRECTORY…]`. Speed is megabytes per second of this process's own time, over the
files of directories, without any cache of findings. A hurtful input is timed at a size and at twice that: a ratio near
two is linear.
"""

from __future__ import annotations

import base64
import sys
import sysconfig
from pathlib import Path
from random import Random
from time import process_time
from typing import TYPE_CHECKING

from hiding import KEY, read_text

from fieldguide.redact import Detector, Redactor

if TYPE_CHECKING:
    from collections.abc import Callable

MEGABYTE = 1_000_000
_SUFFIXES = {
    ".py",
    ".md",
    ".toml",
    ".js",
    ".ts",
    ".go",
    ".rs",
    ".json",
    ".yml",
    ".yaml",
    ".txt",
    ".java",
    ".html",
    ".rst",
}


def throughput(directories: list[Path], megabytes: float) -> tuple[float, float]:
    """Megabytes per second of processor time, and how many were measured, after one file to warm up."""
    roots = directories or [Path(sysconfig.get_path("purelib"))]
    paths = [path for root in roots for path in sorted(root.rglob("*")) if path.suffix in _SUFFIXES and path.is_file()]
    Random(7).shuffle(paths)  # noqa: S311 (which files are measured)
    redactor = Redactor(KEY, Detector())
    redactor.redact("warm.py", "password = 'x'\n")
    seconds = size = 0.0
    for path in paths:
        text = read_text(path) if path.stat().st_size < MEGABYTE else None
        if text is None:
            continue
        started = process_time()
        redactor.redact(path.name, text)
        seconds += process_time() - started
        size += len(text.encode("utf-8", "surrogatepass")) / MEGABYTE
        if size >= megabytes:
            break
    return size / max(seconds, 1e-9), size


def hurtful() -> dict[str, Callable[[int], str]]:
    """Inputs made to hurt, by size in characters."""
    random = Random(3)  # noqa: S311 (input that opens nothing)
    letters = "".join(random.choices("abcdefghijklmnopqrstuvwxyz0123456789 =:\"'_-", k=100_000))
    block = random.randbytes(75_000)
    encoded = base64.b64encode(block).decode()

    def repeated(text: str) -> Callable[[int], str]:
        return lambda size: (text * (size // len(text) + 1))[:size]

    openings = {
        "one long line": letters,
        "one long word": "a",
        "base64": encoded,
        "double quotes": '"',
        "single quotes": "'",
        "triple quotes": '"""',
        "unbalanced quotes": "x = \"a' \n",
        "brackets": "([{",
        "assignments": 'password = "',
        "assignments without value": "password=",
        "assignments in a line": "token: ",
        "PEM openings": "-----BEGIN RSA PRIVATE KEY-----\n",
        "URL openings": "https://user:",
        "headers": "Authorization: Bearer ",
        "cookies": "Cookie: a=b; ",
        "connection strings": "Server=a;Password=",
        "backslashes": "\\",
        "escaped quotes": '\\"',
        "percent escapes": "%41",
        "unicode escapes": "\\u0041",
        "dots of a token": "eyJhbGciOi.",
        "at signs": "a@",
        "e-mail beginnings": "a.b-c_",
        "digits": "4 ",
        "digit groups": "4111-",
        "plus signs": "+49 ",
        "adjacent literals": '"a" ',
        "joined literals": '"a" + ',
        "f-string openings": 'f"{',
        "comments": "# ",
        "line ends": "\n",
        "heredocs": "cat <<EOF\n",
        "table bars": "| password | ",
        "JSON keys": '{"password":',
        "XML openings": "<password>",
        "token prefixes": "gh" + "p_",
        "slashes": "//",
        "netrc words": "machine login password ",
        "dollar braces": "${PASSWORD:-",
        "base64 with gaps": encoded[:60] + "\n",
    }
    return {name: repeated(text) for name, text in openings.items()}


def ratios(size: int, only: str | None = None) -> dict[str, tuple[float, float, float]]:
    """Seconds at a size and at twice that, and their ratio, of each hurtful input, at the path of a Python file."""
    redactor = Redactor(KEY, Detector())
    redactor.redact("warm.py", "password = 'x'\n")
    result: dict[str, tuple[float, float, float]] = {}
    for name, make in hurtful().items():
        if only and only not in name:
            continue
        small, large = (_seconds(redactor, make(length)) for length in (size, 2 * size))
        result[name] = (small, large, large / max(small, 1e-9))
        print(f"  {name:26} {small:8.2f} s {large:8.2f} s  ratio {result[name][2]:.2f}", flush=True)
    return result


def _seconds(redactor: Redactor, text: str) -> float:
    """Seconds under two paths: the slower one."""
    return max(_timed(redactor, path, text) for path in ("hurt.py", "hurt.md"))


def _timed(redactor: Redactor, path: str, text: str) -> float:
    started = process_time()
    redactor.redact(path, text)
    return process_time() - started


def show(directories: list[Path], size: int) -> None:
    """Print throughput and ratios."""
    rate, measured = throughput(directories, 20.0)
    print(f"{rate:.2f} MB per CPU second over {measured:.1f} MB (Python {sys.version.split()[0]})")
    slowest = max(ratios(size).items(), key=lambda item: item[1][2])
    print(f"worst ratio {slowest[1][2]:.2f}: {slowest[0]}")
