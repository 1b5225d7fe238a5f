"""Directives of docutils, Sphinx and Django's documentation.

Comes in: a directive's name, its argument and its body.
Goes out: what they mention, in the document's `Gatherer`; the module or class that is described meanwhile.
Must never: read the body of a directive that holds no text: formulas, graphs, raw HTML.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from fieldguide.domain.documents import Form
from fieldguide.domain.page import ReferenceKind
from fieldguide.verify.reading.restructured_signatures import whole_signatures
from fieldguide.verify.reading.shapes import FLAG, Shape, shapes_of_code
from fieldguide.verify.reading.values import defaults_of

if TYPE_CHECKING:
    from fieldguide.verify.reading.restructured import Restructured, Rows

_DIRECTIVE = re.compile(
    r"(?:\|(?P<substitution>[^|]{1,80})\|[ \t]+)?(?P<name>[A-Za-z][\w.:+-]*?)::(?:[ \t]+(?P<argument>.*))?$"
)
_OPTION = re.compile(r":(?P<name>[\w-]+):(?:[ \t]+(?P<value>.*))?$")
_OBJECTS: Final = frozenset((
    "function", "class", "method", "attribute", "data", "exception", "decorator", "property", "classmethod",
    "staticmethod", "decoratormethod", "type",
))  # fmt: skip
_CLASSES: Final = frozenset({"class", "exception", "autoclass", "autoexception"})
_CODE: Final = {
    "code-block": "", "code": "", "sourcecode": "", "doctest": "pycon", "testcode": "python", "testsetup": "python",
    "ipython": "python", "prompt": "console", "console": "console", "parsed-literal": "none", "code-tab": "",
    "snippet": "", "literal": "none", "extcode": "", "python": "python", "bash": "bash",
}  # fmt: skip
_FILES: Final = frozenset({"literalinclude", "include", "image", "figure", "mdinclude", "drawio-image"})
_SILENT: Final = frozenset((
    "math", "raw", "graphviz", "digraph", "graph", "mermaid", "uml", "index", "contents", "role",
    "default-role", "productionlist", "meta", "csv-table", "plot", "inheritance-diagram", "sectnum",
    "bibliography", "templatetag", "templatefilter", "fieldlookup", "highlightlang", "tikz", "unicode",
))  # fmt: skip
_TITLED: Final = frozenset((
    "note", "warning", "tip", "hint", "important", "caution", "danger", "error", "attention", "seealso",
    "topic", "admonition", "rubric", "sidebar", "centered", "replace", "deprecated", "todo", "glossary",
    "versionadded", "versionchanged", "versionremoved", "tab", "tab-item", "dropdown", "card", "epigraph",
    "table",
))  # fmt: skip
OUTPUTS: Final = frozenset({"program-output", "command-output"})
"""Directives whose argument is a command that is run."""
_DESCRIBING: Final = frozenset(
    {"option", "cmdoption", "django-admin-option", "envvar", "setting", "confval", "django-admin"}
)
_HISTORY: Final = frozenset(
    {"versionadded", "versionchanged", "versionremoved", "deprecated", "deprecated-removed", "change"}
)
_SIGNATURE = re.compile(r"(?:(?:async|abstract|static|class)\s+)*(?P<name>[^\W\d][\w.]*)\s*(?:\((?P<arguments>.*)\))?")
_KEYWORD = re.compile(r"(?:^|,)\s*(?P<name>[^\W\d]\w*)\s*(?::[^=,]+)?=")


@dataclass(slots=True)
class Described:
    """The module and classes that the document describes at a place, as `module` and `class` directives say."""

    module: str = ""
    owners: list[str] = field(default_factory=list[str])
    program: str = ""
    callable: str = ""
    """Dotted: the function, method or class whose parameters are told of."""

    def of_parameter(self, name: str) -> str:
        """A parameter with what takes it before it, as far as that is described."""
        return f"{self.callable}.{name}" if self.callable else name

    @property
    def name(self) -> str:
        """Dotted: the innermost class, or the module."""
        return self.owners[-1] if self.owners else self.module

    def leave(self) -> None:
        """A new section begins: whatever class was described is done."""
        self.owners.clear()


class DirectiveReader:
    """Reads directives of one document."""

    def __init__(self, document: Restructured) -> None:
        """Read into the gatherer of `document`, which reads the bodies."""
        self._document = document
        self._into = document.into

    def read(self, rows: Rows, index: int, rest: str, body: Rows, depth: int) -> bool:
        """Read one; tells whether it is one."""
        match = _DIRECTIVE.match(rest)
        if match is None:
            return False
        name = match["name"].lower().removeprefix("py:")
        row, column = rows[index]
        shift = column + len(self._document.text(rows, index)) - len(rest)
        argument = (match["argument"] or "").strip()
        start = shift + match.start("argument") if argument else shift
        described, content = self._arguments(body, [(row, start)] if argument else [])
        content = self._options(content, name)
        if name in _CODE or name.endswith(":example"):
            self._code(name, argument, content)
        elif name in _OBJECTS or name.startswith("auto"):
            self._object(name, described, content, depth)
        elif not self._named(name, argument, row, start, content) and name not in _SILENT:
            self._text(name, described, content, depth)
        return True

    def _arguments(self, body: Rows, first: Rows) -> tuple[Rows, Rows]:
        """Lines of the argument, which go on until an option or an empty line; and the rest of the body."""
        index = 0
        while first and (line := self._document.text(body, index)) and not _OPTION.match(line):
            index += 1
        return [*first, *body[:index]], body[index:]

    def _options(self, content: Rows, directive: str) -> Rows:
        index = 0
        while match := _OPTION.match(self._document.text(content, index)):
            row, column = content[index]
            value = match["value"] or ""
            at = column + match.start("value") + 1
            if match["name"] == "name":
                self._into.anchors.explicit(value.lower())
            elif match["name"] == "target":
                self._into.link(value, row + 1, at, value)
            elif match["name"] in {"members", "exclude-members"} and value:
                self._members(value, row, at, directive)
            index += 1
        return content[index:]

    def _members(self, value: str, row: int, column: int, directive: str) -> None:
        for match in re.finditer(r"[^\W\d]\w*", value):
            shape = Shape(ReferenceKind.NAME, match[0], 0, directive, self._document.described.name)
            self._into.add(shape, row + 1, column + match.start(), Form.ROLE, value)

    def _code(self, name: str, argument: str, content: Rows) -> None:
        language = _CODE.get(name, "python") or argument.lower() or self._document.language
        if self._document.text(content, 0) == "" and content:
            content = content[1:]
        body, _ = self._document.body(content, 0, 0)
        self._document.code(body, language.split()[0])

    def _object(self, name: str, signatures: Rows, content: Rows, depth: int) -> None:
        """A function or class that the document describes, by its signature or from its docstring."""
        described = self._document.described
        full = ""
        for signature in whole_signatures(signatures, self._document.lines):
            match = _SIGNATURE.match(signature.text.removeprefix("@"))
            if match is None:
                continue
            shift = signature.text.startswith("@")
            written = match["name"].rstrip(".")
            full = self._full(name, written)
            keywords = tuple(one["name"] for one in _KEYWORD.finditer(match["arguments"] or ""))
            kind = ReferenceKind.CALL if keywords else ReferenceKind.NAME
            shape = Shape(kind, full, 0, name, described.name, keywords)
            line, column = signature.place(match.start("name") + shift)
            self._into.add(shape, line, column, Form.ROLE, signature.text, written)
            self._into.anchors.explicit(full)
            for start, default in defaults_of(match["arguments"] or ""):
                value = replace(default, subject=f"{full}.{default.subject}")
                line, column = signature.place(match.start("arguments") + shift + start)
                self._into.add(value, line, column, Form.ROLE, signature.text)
        around, described.callable = described.callable, full
        self._inside(name, full, content, depth)
        described.callable = around

    def _inside(self, name: str, full: str, content: Rows, depth: int) -> None:
        """What stands below the signature of an object."""
        described = self._document.described
        if name in _CLASSES and full:
            described.owners.append(full)
            self._document.read(content, depth + 1)
            if full in described.owners:
                described.owners.remove(full)
        else:
            if name == "automodule":
                described.module = full or described.module
            self._document.read(content, depth + 1)

    def _full(self, directive: str, written: str) -> str:
        """The dotted name of what a directive describes."""
        described = self._document.described
        if directive.startswith("auto") and not described.owners:
            inside = described.module and not written.startswith(described.module.partition(".")[0] + ".")
            return f"{described.module}.{written}" if inside and directive != "automodule" else written
        around = described.name
        if not around or written.startswith((f"{around}.", f"{described.module}.")):
            return written
        owner = around.rpartition(".")[2]
        if described.owners and written.startswith(f"{owner}."):
            return f"{around.rpartition('.')[0]}.{written}".lstrip(".")
        return f"{around}.{written}"

    def _named(self, name: str, argument: str, row: int, start: int, content: Rows) -> bool:
        """Directives whose argument names one thing."""
        described = self._document.described
        place = (row + 1, start + 1, Form.ROLE, argument)
        if name in {"module", "currentmodule"}:
            described.module, described.owners = ("" if argument == "None" else argument), []
            if argument and argument != "None":
                self._into.anchors.explicit(f"module-{argument}")
                self._into.add(Shape(ReferenceKind.NAME, argument, domain=name), *place)
            return name == "currentmodule" or not content
        if name in _FILES and argument:
            self._into.add(Shape(ReferenceKind.LINK, argument, domain=name), *place)
            return not content
        if name == "program":
            described.program = argument
        elif name == "highlight":
            self._document.language = argument.lower() or "default"
        elif name == "toctree":
            self._contents(content)
        elif name in OUTPUTS:
            for shape in shapes_of_code(argument):
                self._into.add(replace(shape, domain=name), row + 1, start + shape.start + 1, Form.CODE, argument)
        elif name == "click" and re.fullmatch(r"[\w.]+:[\w.]+", argument):
            shape = Shape(ReferenceKind.NAME, argument.replace(":", "."), domain=name)
            self._into.add(shape, *place, argument)
        else:
            return False
        return True

    def _contents(self, content: Rows) -> None:
        for row, column in content:
            line = self._document.lines[row][column:].strip()
            titled = re.fullmatch(r".*<(?P<target>[^<>]+)>", line)
            target = titled["target"] if titled else line
            if target and target != "self" and not any(sign in target for sign in "*?[:"):
                self._into.add(
                    Shape(ReferenceKind.LINK, target, domain="toctree"), row + 1, column + 1, Form.ROLE, line
                )

    def _text(self, name: str, argument: Rows, content: Rows, depth: int) -> None:
        """Everything else: flags, variables and settings described, admonitions, and what nobody here knows."""
        with self._into.within(name if name in _HISTORY else ""):
            if name in _DESCRIBING:
                self._described(name, argument)
            elif name in _TITLED and argument:
                self._into.passage(self._document.passage(argument))
            self._document.read(content, depth + 1, self._subject(name, argument))

    def _subject(self, name: str, argument: Rows) -> str:
        if name not in _DESCRIBING or not argument:
            return ""
        return re.split(r"[ =,\[]", self._document.text(argument, 0), maxsplit=1)[0]

    def _described(self, name: str, argument: Rows) -> None:
        for row, column in argument:
            line = self._document.lines[row][column:].rstrip()
            if name in {"option", "cmdoption", "django-admin-option"}:
                for match in FLAG.finditer(line):
                    shape = Shape(ReferenceKind.FLAG, match[0], 0, name, self._document.described.program)
                    self._into.add(shape, row + 1, column + match.start() + 1, Form.ROLE, line)
                continue
            kind = {"envvar": ReferenceKind.VARIABLE, "django-admin": ReferenceKind.COMMAND}.get(
                name, ReferenceKind.SETTING
            )
            self._into.anchors.explicit(line)
            self._into.add(
                Shape(kind, line.split()[0] if line.split() else line, 0, name), row + 1, column + 1, Form.ROLE, line
            )
