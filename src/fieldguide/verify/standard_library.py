"""Whether Python itself has a dotted name: keywords, builtins and the standard library.

Comes in: a dotted name. Goes out: yes or no.
Must never: import a module that is not loaded yet (the working directory, which may be a stranger's, can stand on the
path and shadow it).
"""

from __future__ import annotations

import builtins
import collections
import collections.abc
import contextlib
import dataclasses
import datetime as dt
import enum
import errno
import functools
import itertools
import keyword
import os
import pathlib
import re
import signal
import sys
import sysconfig
import time
import typing
from pathlib import Path

_PLAIN_WORDS = frozenset(
    {
        *keyword.kwlist,
        *keyword.softkwlist,
        *dir(builtins),
        "self",
        "cls",
        "args",
        "kwargs",
        "true",
        "false",
        "null",
        "__main__",
    }
)
"""Words of the language, what a signature usually calls things, and the literals of JSON and TOML."""
_OFTEN_IMPORTED = (typing, collections, collections.abc, contextlib, dataclasses, dt, enum, functools, pathlib)
"""Modules whose names stand in annotations and decorators without the module's own."""
_OF_TEST_CASES = ("setUp", "tearDown", "setUpClass", "tearDownClass", "setUpModule", "tearDownModule", "runTest")
"""Methods that people name without `unittest.TestCase` before them."""
_LONGEST_SOURCE = 400_000
"""Bytes of a standard module's source that are looked through."""


@functools.lru_cache(maxsize=4096)
def in_python(name: str) -> bool:
    """Tell whether `name` is a keyword, a builtin (or a member of one), or a name of the standard library."""
    if name in _PLAIN_WORDS or any(name in module.__all__ for module in _OFTEN_IMPORTED):
        return True
    head, _, rest = name.partition(".")
    if hasattr(builtins, head):
        return _has_members(getattr(builtins, head), rest)
    if head not in sys.stdlib_module_names:
        return name.startswith("__") and name.endswith("__") and hasattr(object, name)
    return not rest or _in_module(name.split("."))


@functools.cache
def standard_names() -> frozenset[str]:
    """Names of the operating system's modules, which people write without the module's: `execve`, `SIGTERM`."""
    named = (name for module in (os, sys, time, errno, signal, itertools) for name in dir(module))
    return frozenset((*named, *_OF_TEST_CASES))


def _in_module(parts: list[str]) -> bool:
    """Tell whether `parts` leads from a module of the standard library to one of its names."""
    for length in range(len(parts), 0, -1):
        module = sys.modules.get(".".join(parts[:length]))
        if module is not None and _has_members(module, ".".join(parts[length:])):
            return True
    return _written_in_source(parts)


def _has_members(value: object, path: str) -> bool:
    for part in path.split(".") if path else ():
        if not hasattr(value, part):
            return False
        value = getattr(value, part)
    return True


def _written_in_source(parts: list[str]) -> bool:
    """Tell whether each name after the module stands as a word in the source of that module, which is not loaded."""
    place = Path(sysconfig.get_path("stdlib"))
    for index, part in enumerate(parts):
        if (place / f"{part}.py").is_file():
            return _all_words([place / f"{part}.py"], parts[index + 1 :])
        if not (place / part / "__init__.py").is_file():
            return index > 0 and _all_words(sorted(place.glob("*.py")), parts[index:])
        place /= part
    return True


def _all_words(files: list[Path], names: list[str]) -> bool:
    sources = [path.read_text("utf-8", "replace") for path in files if path.stat().st_size <= _LONGEST_SOURCE]
    return all(any(re.search(rf"(?<!\w){name}(?!\w)", source) for source in sources) for name in map(re.escape, names))
