"""What is never documented, wherever it stands: other people's code, caches, build output.

Comes in: a directory's or a file's path, and for a directory what it holds. Goes out: why it is left out, or nothing.
Must never: judge a tracked path to be build output.

Files that hold credentials are left out too: `fieldguide.domain.credentials` says which.
"""

from __future__ import annotations

import fnmatch
import posixpath
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Collection

CACHES: Final = frozenset(
    {
        "__pycache__",
        "__pypackages__",
        ".cache",
        ".direnv",
        ".eggs",
        ".gradle",
        ".hypothesis",
        ".import_linter_cache",
        ".ipynb_checkpoints",
        ".mypy_cache",
        ".nox",
        ".pixi",
        ".pnpm-store",
        ".pyre",
        ".pytest_cache",
        ".pytype",
        ".ruff_cache",
        ".terraform",
        ".tox",
        ".yarn",
        "htmlcov",
    }
)
REPOSITORIES: Final = frozenset({".bzr", ".git", ".hg", ".jj", ".svn", "CVS"})
PACKAGES: Final = frozenset({"bower_components", "jspm_packages", "node_modules", "site-packages"})
VENDORED: Final = frozenset({"_vendor", "_vendored", "third_party", "thirdparty", "vendor", "vendored"})
_APPLICATION: Final = frozenset({"admin.py", "apps.py", "models.py", "routes.py", "urls.py", "views.py"})
"""A `vendor` directory that holds one of these is about people who sell things."""
_BUILD_OUTPUT: Final = {
    "build": ("lib", "lib.*", "bdist.*", "temp.*", "scripts-*", "html", "CMakeCache.txt", "static", "index.html"),
    "dist": ("*.whl", "*.tar.gz", "*.egg", "*.zip", "*.js", "index.html", "assets"),
    "_build": ("html", "doctrees", "latex", "dirhtml", "*.html"),
    "site": ("sitemap.xml", "search_index.json"),
    "target": ("CACHEDIR.TAG", "debug", "release", "classes"),
}
"""By name of an untracked directory: what its own build tool leaves directly inside it."""
_LISTED_ONLY: Final = (
    *("*.lock", "pylock.toml", "pylock.*.toml", "package-lock.json", "npm-shrinkwrap.json", "pnpm-lock.yaml"),
    *("go.sum", "bun.lockb", "conda-lock.yml", "packages.lock.json", "Package.resolved", ".terraform.lock.hcl"),
    *("*.min.js", "*.min.css", "*.min.mjs", "*.bundle.js", "*.map"),
)


def denied_directory(path: str, names: Collection[str]) -> str:
    """Why a directory is left out, tracked or not; empty when it is not.

    Args:
        path: Of the directory.
        names: What it directly holds.
    """
    name = posixpath.basename(path)
    if "pyvenv.cfg" in names or "conda-meta" in names:
        return "virtual environment"
    if name in REPOSITORIES:
        return "version control"
    if name in PACKAGES or name.endswith((".egg-info", ".dist-info")):
        return "installed packages"
    if name in CACHES or ("CACHEDIR.TAG" in names and name.startswith(".")):
        return "cache"
    if name in VENDORED and not _APPLICATION & set(names):
        return "vendored code"
    return ""


def build_output(path: str, names: Collection[str]) -> bool:
    """Whether a directory is what a build tool left behind. Only to be asked where nothing in it is tracked."""
    signs = _BUILD_OUTPUT.get(posixpath.basename(path), ())
    return "__init__.py" not in names and any(fnmatch.filter(names, sign) for sign in signs)


def listed_only(name: str) -> bool:
    """Whether a file, or a glob for files, is a lock file or minified code: worth naming, not worth reading."""
    return any(fnmatch.fnmatchcase(name, pattern) for pattern in _LISTED_ONLY)


def names_denied(pattern: str, directory: str) -> bool:
    """Whether an `--include` glob names a denied directory, and so lifts the denial for what it matches in there."""
    return posixpath.basename(directory) in pattern.strip("/").split("/")
