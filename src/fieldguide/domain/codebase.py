"""The facts of one file, and of all files together: what every later stage reads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from fieldguide.domain.injection import Injection
from fieldguide.domain.interfaces import Interfaces
from fieldguide.domain.namespaces import Namespace
from fieldguide.domain.project import (
    Command,
    CommandLine,
    Dependency,
    Example,
    Licence,
    Makefile,
    Manifest,
    Option,
    SettingsClass,
)
from fieldguide.domain.redacted import Redaction
from fieldguide.domain.source import OtherFile, Skipped, SourceFile, Span
from fieldguide.domain.symbols import Export, Family, Import, Module, Symbol


@dataclass(frozen=True, slots=True)
class FileFacts:
    """What one file says: plain, picklable, cached by digest. Names are not yet resolved across files."""

    source: SourceFile
    module: Module | None = None
    symbols: tuple[Symbol, ...] = ()
    namespaces: tuple[Namespace, ...] = ()
    """The module's first, then those of its classes; of tests too."""
    imports: tuple[Import, ...] = ()
    uses: tuple[str, ...] = ()
    """Dotted names used through imported modules, as far as they may be the project's: `stamina.retry`."""
    manifest: Manifest | None = None
    commands: tuple[Command, ...] = ()
    makefile: Makefile | None = None
    command_lines: tuple[CommandLine, ...] = ()
    environment: tuple[Option, ...] = ()
    settings_classes: tuple[SettingsClass, ...] = ()
    examples: tuple[Example, ...] = ()
    licence: Licence | None = None
    headings: tuple[tuple[int, str, int], ...] = ()
    """Of Markdown: level, text, line."""
    summary: str = ""
    """First sentence that says what the file is about, for the project layout; empty where there is none."""
    flags: tuple[str, ...] = ()
    """Of Python: long flags that stand alone in its strings, whatever they are given to."""
    interfaces: Interfaces = field(default_factory=Interfaces)
    """Its part in command lines, and the environment and settings that it reads."""
    skipped: Skipped | None = None
    """Set when the file did not parse; what could be had is still here."""
    injections: tuple[Injection, ...] = ()
    """Places that address a language model, or hide text from people."""
    redactions: tuple[Redaction, ...] = ()


@dataclass(frozen=True, slots=True)
class UsedDependency:
    """A third-party distribution, as declared and as imported."""

    name: str
    """Distribution name, or the import name where no manifest declares it."""
    declared: tuple[Dependency, ...]
    """Empty for an undeclared import."""
    imports: tuple[Span, ...]
    """Where the package's own code imports it, most important module first; empty when it does not."""
    optional: bool
    """Only in extras, only in `try`/function imports, or undeclared."""


@dataclass(frozen=True, slots=True)
class Revision:
    """Where version control says the documented files stand."""

    commit: str
    """Full hash of the last commit that changed a documented file; empty without version control."""
    modified: bool
    """Documented files differ from that commit."""


@dataclass(frozen=True, slots=True)
class Codebase:
    """Everything that is known of a directory of code. No file's text is held here."""

    name: str
    """Of the distribution, else of the directory."""
    files: tuple[SourceFile, ...]
    others: tuple[OtherFile, ...] = ()
    skipped: tuple[Skipped, ...] = ()
    revision: Revision | None = None
    modules: Mapping[str, Module] = field(default_factory=dict[str, Module])
    """By qualified name. Where two files claim one name the shorter path has it."""
    symbols: Mapping[str, Symbol] = field(default_factory=dict[str, Symbol])
    """By qualified name: every definition of source modules, public or not."""
    namespaces: Mapping[str, Namespace] = field(default_factory=dict[str, Namespace])
    """By qualified name: every module and class, of tests and documentation too, with all names that it binds."""
    exports: Mapping[str, tuple[Export, ...]] = field(default_factory=dict[str, tuple[Export, ...]])
    """By public module, most important first; a name stands under the shortest public module that offers it."""
    families: tuple[Family, ...] = ()
    imports: tuple[Import, ...] = ()
    """Between modules of this project, and of third parties; the standard library is left out."""
    manifests: tuple[Manifest, ...] = ()
    """The root's first."""
    dependencies: tuple[UsedDependency, ...] = ()
    commands: tuple[Command, ...] = ()
    makefiles: tuple[Makefile, ...] = ()
    command_lines: tuple[CommandLine, ...] = ()
    """Joined to their entry points and subcommands."""
    flags: tuple[str, ...] = ()
    """Long flags that stand alone in strings of the project's own code, each once, sorted."""
    environment: tuple[Option, ...] = ()
    """Environment variables that code reads, each name once, package code before tests and tools."""
    settings_classes: tuple[SettingsClass, ...] = ()
    examples: tuple[Example, ...] = ()
    """Best first."""
    licence: Licence | None = None
    summaries: Mapping[str, str] = field(default_factory=dict[str, str])
    """By path of a file or directory: one sentence on what it is for."""
    headings: Mapping[str, tuple[tuple[int, str, int], ...]] = field(
        default_factory=dict[str, tuple[tuple[int, str, int], ...]]
    )
    """By path of a Markdown file: level, text, line."""
    injections: tuple[Injection, ...] = ()
    """Places that address a language model, or hide text from people."""
    redactions: tuple[Redaction, ...] = ()
    lines: int = 0
    """Lines of source modules."""

    @property
    def manifest(self) -> Manifest | None:
        """The manifest of the root, or the only one."""
        return self.manifests[0] if self.manifests else None
