"""Whether what a document names outside the definitions of code holds: files, headings, commands, flags, settings.

Comes in: mentions, with the documents that they stand in and all documents of the tree.
Goes out: a `Verdict` for each.
Must never: look at the disk or the network; say that something is broken without evidence of its absence.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from packaging.utils import canonicalize_name

from fieldguide.domain.page import ReferenceKind
from fieldguide.verify.resolution.commands_flags import Flags
from fieldguide.verify.resolution.commands_index import CommandIndex
from fieldguide.verify.resolution.commands_settings import SettingNames
from fieldguide.verify.resolution.commands_typed import TypedCommands
from fieldguide.verify.resolution.places_index import PlaceIndex
from fieldguide.verify.resolution.places_links import Links
from fieldguide.verify.resolution.places_paths import Paths
from fieldguide.verify.resolution.places_roles import Roles
from fieldguide.verify.resolution.places_verdicts import unknown
from fieldguide.verify.resolution.places_versions import Versions
from fieldguide.verify.resolution.surroundings import Surroundings

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from fieldguide.domain.codebase import Codebase
    from fieldguide.domain.documents import Document, Mention, Verdict


class PlaceResolver:
    """Answers for one tree."""

    def __init__(
        self, codebase: Codebase, documents: Mapping[str, Document], surroundings: Surroundings | None = None
    ) -> None:
        """Keep what mentions are looked up in; indexes are built when they are first asked.

        Args:
            codebase: The documented code.
            documents: Every document of the tree by path.
            surroundings: What is known of the tree besides; without it nothing is.
        """
        self._codebase = codebase
        self._documents = documents
        self._surroundings = surroundings or Surroundings()

    def resolve(self, mention: Mention, document: Document) -> Verdict:
        """Tell whether a mention holds."""
        if self._roles.takes(mention):
            return self._roles.resolve(mention, document)
        answer = self._answers.get(mention.kind)
        return answer(mention, document) if answer else unknown("names of code are looked up elsewhere")

    @cached_property
    def _answers(self) -> Mapping[ReferenceKind, Callable[[Mention, Document], Verdict]]:
        settings, versions = self._settings, self._versions
        return {
            ReferenceKind.LINK: self._links.resolve,
            ReferenceKind.ANCHOR: self._links.anchor,
            ReferenceKind.PATH: self._paths.resolve,
            ReferenceKind.FLAG: self._flags.resolve,
            ReferenceKind.COMMAND: self._typed.resolve,
            ReferenceKind.VARIABLE: lambda mention, _: settings.variable(mention),
            ReferenceKind.SETTING: lambda mention, _: settings.setting(mention),
            ReferenceKind.VALUE: lambda mention, _: settings.value(mention),
            ReferenceKind.VERSION: lambda mention, _: versions.version(mention),
            ReferenceKind.EXTRA: lambda mention, _: versions.of_distribution(mention),
        }

    @cached_property
    def _index(self) -> PlaceIndex:
        return PlaceIndex(self._codebase, self._surroundings)

    @cached_property
    def _commands(self) -> CommandIndex:
        return CommandIndex(self._codebase)

    @cached_property
    def _links(self) -> Links:
        return Links(self._codebase, self._documents, self._index, self._surroundings)

    @cached_property
    def _roles(self) -> Roles:
        return Roles(self._documents, self._index, self._links)

    @cached_property
    def _paths(self) -> Paths:
        return Paths(self._codebase, self._index)

    @cached_property
    def _flags(self) -> Flags:
        code = self._codebase
        names = frozenset(canonicalize_name(one) for one in (code.name, *(each.name for each in code.manifests)))
        declared = (one.name for manifest in code.manifests for one in manifest.dependencies)
        return Flags(self._commands, names, frozenset((*declared, *(one.name for one in code.dependencies))))

    @cached_property
    def _typed(self) -> TypedCommands:
        return TypedCommands(self._codebase, self._commands, self._index)

    @cached_property
    def _settings(self) -> SettingNames:
        return SettingNames(self._codebase, self._commands)

    @cached_property
    def _versions(self) -> Versions:
        return Versions(self._codebase)
