"""What one file contributes to the project's command lines and settings, before files are joined.

Command lines are built by code: a parser may be made in one file, filled in a second and named in a third. So a
file keeps the part of its code that bears on them, reduced to `Code` and `Definition`, and the join reads that.
Plain values only: picklable, and encodable by msgspec (a single recursive type, since it cannot tell several
dataclasses apart).
"""

from __future__ import annotations

from dataclasses import dataclass

from fieldguide.domain.project import Option, SettingsClass


@dataclass(frozen=True, slots=True)
class Code:
    """One expression or statement, reduced to what the join reads."""

    kind: str
    """Of an expression: `string`, `literal`, `name`, `attribute`, `call`, `sequence`, `mapping`, `format`, `operator`,
    `item`, `choice`, `comprehension` or `opaque`; of a statement: `assign`, `do`, `return`, `if`, `for`, `block`,
    `define` or `import`."""
    line: int
    last: int
    text: str = ""
    """Name, operator or source text, as the kind has it."""
    parts: tuple[Code, ...] = ()
    names: tuple[str, ...] = ()
    """Of a call: for each argument its keyword, empty for a positional one, `*` or `**` for an unpacked one."""
    definition: Definition | None = None


@dataclass(frozen=True, slots=True)
class DefinitionParameter:
    """A parameter of a function that may build, or be, a command line."""

    name: str
    kind: str
    """As in `fieldguide.domain.symbols.ParameterKind`."""
    annotation: Code | None = None
    default: Code | None = None


@dataclass(frozen=True, slots=True)
class Definition:
    """A function, or a class (`bases` is then a tuple)."""

    name: str
    line: int
    last: int
    parameters: tuple[DefinitionParameter, ...] = ()
    bases: tuple[Code, ...] | None = None
    decorators: tuple[Code, ...] = ()
    body: tuple[Code, ...] = ()
    docstring: str = ""


@dataclass(frozen=True, slots=True)
class Interfaces:
    """What one file lets a user set. `Interfaces()` is a file that says nothing."""

    module: str = ""
    path: str = ""
    docstring: str = ""
    relevant: bool = False
    """It builds command lines itself; otherwise only its names and constants are kept."""
    body: bytes = b""
    """Statements of the module, main guard left out: `Code`, packed (`fieldguide.analyse.interfaces.packing`), which
    takes a twentieth of the memory until they are read."""
    guarded: bytes = b""
    """Statements under `if __name__ == "__main__":`, likewise."""
    environment: tuple[Option, ...] = ()
    """Variables that the file reads, each once."""
    environment_by_constant: tuple[tuple[str, Option], ...] = ()
    """Those whose name is a constant of another module: the constant's qualified name, and an option without name."""
    settings_classes: tuple[SettingsClass, ...] = ()
