"""Documentation sites: which builder turns which folder into pages, and what a link in them may mean.

Comes in: the paths of a tree, and the text of a builder's configuration.
Goes out: `Site`s; the paths that a link in a page of one may lead to.
Must never: run a builder or its configuration.

Sources: MkDocs, "Writing your docs" and "Configuration" (docs_dir, use_directory_urls); Sphinx, "Configuration"
(html_extra_path, html_static_path); Docusaurus, "Markdown links"; Jekyll, "Links"; Hugo, "Links and cross references".
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from posixpath import basename, dirname, join, normpath, splitext
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fieldguide.verify.resolution.places_index import PlaceIndex
    from fieldguide.verify.resolution.surroundings import Surroundings

PAGES: Final = (".md", ".rst", ".mdx", ".markdown", ".ipynb", ".qmd", ".txt", ".adoc")
_INDEXES: Final = ("index.md", "index.rst", "README.md", "index.mdx", "_index.md", "index.ipynb", "README.rst")
_MKDOCS: Final = re.compile(r"mkdocs[\w.-]*\.ya?ml")
_DOCS_DIR: Final = re.compile(r"^docs_dir:\s*['\"]?([^'\"#\n]+?)['\"]?\s*(?:#.*)?$", re.MULTILINE)
_MAKES_PAGES: Final = re.compile(
    r"gen-files|gen_files|api-autonav|autoapi|monorepo|multirepo|simple.hooks|^hooks:|on_files|awesome-nav|same-dir"
    r"|autosummary|apidoc|sphinx_gallery|exhale|breathe|sphinxcontrib.openapi|def setup\(",
    re.MULTILINE,
)
"""Names of what adds pages to a site that no file in its folder stands for."""
_STATICS: Final = ("", "_static", "static", "public", "assets", "images", "img", "_images")


@dataclass(frozen=True, slots=True)
class Site:
    """One documentation site."""

    builder: str
    directory: str
    """Where its pages are, root-relative; empty for the root."""
    configuration: str
    """Path of the file that says so."""
    makes_pages: bool
    """Its configuration names something that adds pages, or could not be read."""
    closed: bool = False
    """Its references lead nowhere but into its own pages: no inventory of another project is asked."""


class Sites:
    """Sites of one tree."""

    def __init__(self, index: PlaceIndex, surroundings: Surroundings) -> None:
        """Keep where to look; nothing is looked up before it is needed."""
        self._index = index
        self._surroundings = surroundings

    def of(self, page: str) -> Site | None:
        """The site that a document is a page of: the deepest whose folder holds it."""
        inside = [one for one in self._all if not one.directory or page.startswith(f"{one.directory}/")]
        return max(inside, key=lambda one: len(one.directory), default=None)

    def destinations(self, target: str, page: str, site: Site | None) -> Iterator[str]:
        """Paths that a link to `target` may mean in a page, likeliest first; root-relative, some outside the tree.

        Args:
            target: Without fragment and query.
            page: Path of the document.
            site: The site of which it is a page.
        """
        folder = dirname(page)
        if not target.startswith("/"):
            yield normpath(join(folder, target))
            if site is None:
                return
            # As a browser reads it, where the page `guide.md` is served as `guide/`.
            own = splitext(page)[0]
            starts = [own, dirname(folder)] if basename(own) not in {"index", "README"} else []
            starts.append(site.directory)
        else:
            target = target.lstrip("/")
            starts = ["", folder] if site is None else [site.directory, "", dirname(site.directory)]
        for start in (folder, *starts):
            path = normpath(join(start, target)) if target else start
            yield path
            yield from sources(path)
        for static in _STATICS if site is not None else ():
            yield normpath(join(site.directory if site else "", static, target.lstrip("./")))

    @cached_property
    def _all(self) -> tuple[Site, ...]:
        return tuple(site for path in sorted(self._index.files) if (site := self._configured(path)) is not None)

    def _configured(self, path: str) -> Site | None:  # noqa: PLR0911 - one question after another
        name, folder = basename(path), dirname(path)
        if name in {"properdocs.yml", "zensical.toml"} or _MKDOCS.fullmatch(name):
            return self._mkdocs(path, folder)
        if name == "conf.py" and self._has_index(folder):
            text = self._surroundings.read(path)
            makes = not text or _MAKES_PAGES.search(text) is not None
            return Site("sphinx", folder, path, makes, closed=not makes and "intersphinx" not in text)
        if name.startswith("docusaurus.config."):
            return Site("docusaurus", folder, path, makes_pages=True)
        if name == "_config.yml" and self._has_index(folder):
            return Site("jekyll", folder, path, makes_pages=True)
        if name in {"hugo.toml", "hugo.yaml", "hugo.yml"} and self._index.exists(join(folder, "content")):
            return Site("hugo", join(folder, "content"), path, makes_pages=True)
        if name == "pelicanconf.py":
            return Site("pelican", folder, path, makes_pages=True)
        if dirname(path).endswith(".vitepress") and name.startswith("config."):
            return Site("vitepress", dirname(folder), path, makes_pages=False)
        if name in {"astro.config.mjs", "book.toml", "antora.yml", "_quarto.yml", "mint.json", "docs.json"}:
            return Site("other", folder, path, makes_pages=True)
        return None

    def _mkdocs(self, path: str, folder: str) -> Site:
        text = self._surroundings.read(path)
        named = _DOCS_DIR.search(text)
        directory = normpath(join(folder, named[1].strip() if named else "docs"))
        return Site(
            "mkdocs", "" if directory == "." else directory, path, not text or _MAKES_PAGES.search(text) is not None
        )

    def _has_index(self, folder: str) -> bool:
        return any(self._index.is_file(join(folder, f"index{suffix}")) for suffix in (*PAGES, ".html")) or any(
            self._index.is_file(join(folder, f"contents{suffix}")) for suffix in PAGES
        )


def sources(path: str) -> Iterator[str]:
    """Files from which a builder may make what stands at `path`."""
    stem, suffix = splitext(path)
    for base in (stem, path) if suffix in {".html", ".htm"} else (path,):
        yield from (f"{base}{one}" for one in PAGES)
    yield from (join(stem if basename(stem) != "index" else dirname(path), one) for one in _INDEXES)
    yield from (join(path, one) for one in _INDEXES)
