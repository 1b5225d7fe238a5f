"""What Python code defines and imports, with the lines that say so."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from fieldguide.domain.source import Role, Span


class SymbolKind(StrEnum):
    """What a definition is."""

    CLASS = "class"
    FUNCTION = "function"
    """Module-level function, and static or class method too: see `Symbol.decorators`."""
    METHOD = "method"
    PROPERTY = "property"
    ATTRIBUTE = "attribute"


class ParameterKind(StrEnum):
    """How an argument reaches a parameter, as `inspect` names it."""

    POSITIONAL_ONLY = "positional-only"
    POSITIONAL_OR_KEYWORD = "positional or keyword"
    VARIADIC_POSITIONAL = "variadic positional"
    KEYWORD_ONLY = "keyword-only"
    VARIADIC_KEYWORD = "variadic keyword"


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter; `default` and `annotation` are source text, `None` where there is none."""

    name: str
    kind: ParameterKind
    annotation: str | None = None
    default: str | None = None


@dataclass(frozen=True, slots=True)
class Docstring:
    """A docstring as Markdown: no reST, Google or NumPy markup is left in any field."""

    summary: str = ""
    """The first sentence, whole, on one line; empty where there is none worth printing."""
    body: str = ""
    """The rest of the prose."""
    parameters: tuple[tuple[str, str], ...] = ()
    """Name and description, the description on one line."""
    returns: str = ""
    raises: tuple[tuple[str, str], ...] = ()
    """Exception and description."""
    examples: tuple[str, ...] = ()
    """Doctest blocks as they stand, with their prompts."""


@dataclass(frozen=True, slots=True)
class Symbol:
    """A definition. `name` is qualified from the top package: `stamina._core.RetryingCaller.on`."""

    name: str
    kind: SymbolKind
    span: Span
    module: str
    parameters: tuple[Parameter, ...] = ()
    """For a class, those of its constructor (`__init__`, or the fields of a dataclass) without `self`."""
    returns: str | None = None
    """Return annotation of a function, annotation of an attribute."""
    value: str | None = None
    """Source text of an attribute's value when it is short (at most 200 characters)."""
    docstring: Docstring = Docstring()
    bases: tuple[str, ...] = ()
    """Base classes, resolved to qualified names where the code says what they are."""
    decorators: tuple[str, ...] = ()
    public: bool = True
    """Reachable without an underscore, or listed in an `__all__`."""
    asynchronous: bool = False
    abstract: bool = False

    @property
    def short(self) -> str:
        """Name inside its module: `RetryingCaller.on`."""
        return self.name.removeprefix(self.module + ".")


class ImportScope(StrEnum):
    """Where an import statement stands, which tells how strong the tie is."""

    MODULE = "module"
    FUNCTION = "function"
    TYPE_CHECKING = "type checking"
    TRY = "try"
    """In a `try` whose handler catches `ImportError`: optional."""


@dataclass(frozen=True, slots=True)
class Import:
    """One name, or one module, that a module imports; relative imports are made absolute."""

    importer: str
    module: str
    """The module named after `from` or `import`, absolute."""
    name: str | None
    """The name after `import` in `from module import name`; `*` for a star; `None` for `import module`."""
    alias: str | None
    span: Span
    scope: ImportScope = ImportScope.MODULE


@dataclass(frozen=True, slots=True)
class Module:
    """A Python module, parsed."""

    name: str
    path: str
    role: Role
    lines: int
    docstring: Docstring = Docstring()
    is_package: bool = False
    exports: tuple[str, ...] | None = None
    """`__all__` where the code gives one as literals (lists added together included); else `None`."""
    exports_of: tuple[str, ...] = ()
    """Modules whose `__all__` is added to this one's; empty in a codebase, where `exports` holds their names too."""
    main_guard: int | None = None
    """Line of `if __name__ == "__main__":`."""
    rank: float = 0.0
    """Importance over the import graph; the ranks of all modules add up to 1."""


@dataclass(frozen=True, slots=True)
class Export:
    """A public name and the definition behind it: `stamina.retry` is `stamina._core.retry`."""

    name: str
    """As a user imports it."""
    target: str
    """Key in `Codebase.symbols`."""


@dataclass(frozen=True, slots=True)
class Family:
    """Many of a kind: concrete subclasses of one base of this project that together deserve one table."""

    base: str
    """Qualified name of the base class."""
    members: tuple[str, ...]
    """Qualified names, sorted."""
    module_prefix: str
    """The package that most of them live in."""
