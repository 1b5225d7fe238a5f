"""Reads the public names of modules that are not the project's: the standard library's and installed distributions'.

Comes in: the root of the documented directory, and names of modules.
Goes out: their namespaces, read from their sources.
Must never: import or run what it reads; look anywhere but in environments and the standard library; hold a text.
"""

from __future__ import annotations

import ast
import os
import stat
import sys
import sysconfig
import warnings
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Final

from fieldguide.analyse.python.namespaces import read_namespaces

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from fieldguide.domain.namespaces import Namespace

_LARGEST: Final = 2_000_000
"""Bytes of a source beyond which a module counts as unknown."""
_ENVIRONMENTS: Final = (".venv", "venv", "env")


class Installed:
    """Modules found beside the project: in its own environment, the active one, or the one that runs this program."""

    def __init__(self, root: Path, environment: Mapping[str, str] = os.environ) -> None:
        """Remember where; nothing is read before a module is asked for."""
        self._root = root
        self._active = environment.get("VIRTUAL_ENV", "")
        self._known: dict[str, tuple[Namespace, ...] | None] = {}

    def namespaces(self, module: str) -> tuple[Namespace, ...] | None:
        """The module and its classes, the module first; `None` where it is not there or cannot be read."""
        if module not in self._known:
            self._known[module] = None
            path = self._find(module)
            if path is not None:
                self._known[module] = _read(path, module)
        return self._known[module]

    def own_environment(self, module: str) -> bool:
        """Tell whether the module was found in an environment of the project, not only in this program's."""
        path = self._find(module)
        return path is not None and any(path.is_relative_to(one) for one in self._own)

    @cached_property
    def _own(self) -> tuple[Path, ...]:
        """Directories of packages of the project's environments."""
        places = [self._root / name for name in _ENVIRONMENTS]
        if self._active and Path(self._active) != Path(sys.prefix):
            places.append(Path(self._active))
        return tuple(found for place in places if (place / "pyvenv.cfg").is_file() for found in _site_packages(place))

    @cached_property
    def _running(self) -> tuple[Path, ...]:
        """Directories of packages of the environment that runs this program."""
        paths = sysconfig.get_paths()
        return tuple(dict.fromkeys(Path(paths[key]) for key in ("purelib", "platlib")))

    def _find(self, module: str) -> Path | None:
        """The source of a module; a stub only where there is no source."""
        parts = module.split(".")
        if not all(part.isidentifier() for part in parts):
            return None
        standard = parts[0] in sys.stdlib_module_names
        places = (Path(sysconfig.get_path("stdlib")),) if standard else (*self._own, *self._running)
        for place in places:
            for suffix in (".py", ".pyi"):
                for path in (place.joinpath(*parts, f"__init__{suffix}"), place.joinpath(*parts).with_suffix(suffix)):
                    if path.is_file():
                        return path
        return None


def _site_packages(environment: Path) -> Iterator[Path]:
    yield from sorted(environment.glob("lib/python3*/site-packages"))
    yield environment / "Lib" / "site-packages"


def _read(path: Path, module: str) -> tuple[Namespace, ...] | None:
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode) or status.st_size > _LARGEST:
            return None
        text = path.read_text("utf-8", "replace")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(text)
        return read_namespaces(tree, text, module, str(path), is_package=path.stem == "__init__")
    except (OSError, SyntaxError, ValueError, RecursionError, MemoryError):
        return None
