"""Blocks of code in a document, by their language.

Comes in: the lines of a block, its language as written, and where they stand.
Goes out: mentions, in the document's `Gatherer`.
Must never: take a block in a language that nobody here reads for one that somebody does.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from textwrap import dedent
from typing import TYPE_CHECKING, Final

from fieldguide.domain.documents import Form
from fieldguide.domain.page import ReferenceKind
from fieldguide.verify.reading import configuration_blocks, shell_blocks
from fieldguide.verify.reading.code_spans import shapes_of_span
from fieldguide.verify.reading.help_blocks import defaults_in_help, read_help, without_tags
from fieldguide.verify.reading.python_blocks import read_python
from fieldguide.verify.reading.python_sources import parsed
from fieldguide.verify.reading.shapes import Shape, flags, is_path

if TYPE_CHECKING:
    from fieldguide.verify.reading.gathering import Gatherer

PYTHON: Final = frozenset(
    {
        "python",
        "py",
        "python3",
        "pycon",
        "pycon3",
        "ipython",
        "ipython3",
        "doctest",
        "python-repl",
        "default",
        "testcode",
        "testsetup",
        "py3",
        "sage",
    }
)
_PLAIN: Final = frozenset({"", "default", "none", "text", "txt", "plain", "plaintext"})
_TITLE = re.compile(r"""(?:title|filename|caption|name|file)=["']?(?P<title>[^"'\s}]+)""")
_LANGUAGE = re.compile(r"\{?\s*[.:]?(?P<language>[\w+#.-]+)")
_INCLUDE = re.compile(
    r"""^\s*(?:-{1,}8<-{1,}\s*["'](?P<snippet>[^"']+)["']|\{\*\s*(?P<starred>\S+)[^*]*\*\}|\{!>?\s*(?P<banged>[^!\s]+)\s*!\})"""
)
_DOCTEST = re.compile(r"^[ \t]*>>> ", re.MULTILINE)
_COMMENT = re.compile(r"(?:^|\s)#\s")
_SPAN = re.compile(r"`(?P<code>[^`]{1,200})`")
_TEMPLATED = re.compile(r"\{[%{](.{1,200}?)[%}]\}")
_CALLED = re.compile(r"(?<![\w.|])(?P<name>[a-z_]\w*)\((?P<arguments>[^()]*)\)")
_KEYWORD = re.compile(r"(?<=[(,\s])(?P<name>[a-z_]\w*)\s?=(?!=)")
_LISTED = re.compile("[\u2500-\u257f]{2}|\\|--")
"""A tree of files."""
_WRITTEN = re.compile(r"[A-Za-z_]\w{2,}")
"""Names in a language that nobody here reads: whatever they are, they are that language's."""
_FLAG_SPAN = re.compile(r"`(?P<flag>--[a-z][\w-]+)`")
_UNIT = re.compile(r"\s*\[[A-Z]\w*\]\s*$")
"""How a unit of systemd begins, which documents often call a shell block."""
_NAMED_BY_COMMENT = re.compile(r"\s*(?:#|//|;|<!--)\s*(?P<path>[\w./-]+\.\w{1,6})(?:\s*-->)?\s*")


@dataclass(frozen=True, slots=True)
class CodeBlock:
    """A block of code as it stands in a document."""

    language: str
    """As written, lower case; empty where none is."""
    lines: Sequence[str]
    first: int
    """Line of the document on which the code begins, 1-based."""
    columns: Sequence[int]
    """For each line, how many characters of the document's line stand before it."""
    sentence: str = ""
    """What introduces it."""

    def place(self, row: int, column: int) -> tuple[int, int]:
        """Line and column in the document of a place in the code."""
        return self.first + row, (self.columns[row] if row < len(self.columns) else 0) + column + 1


def language_of(info: str) -> str:
    """The language of a fence's first line."""
    match = _LANGUAGE.match(info.strip())
    return match["language"].lower() if match else ""


def title_of(info: str) -> str:
    """The file that a fence's first line says that it shows."""
    match = _TITLE.search(info)
    return match["title"] if match else ""


def read_block(block: CodeBlock, into: Gatherer) -> None:
    """Read a block by its language; without one, by its shape."""
    _inclusions(block, into)
    _help(block, into)
    block = _prepared(block, into)
    text = "\n".join(block.lines)
    if block.language in PYTHON and block.language != "default":
        _python(block, text, into)
    elif block.language in shell_blocks.LANGUAGES:
        _shell(block, text, into)
    elif block.language in configuration_blocks.LANGUAGES:
        _configuration(block, text, into)
    elif block.language in {"dockerfile", "docker", "containerfile"}:
        _shell(block, "\n".join(shell_blocks.shell_of_container(block.lines)), into)
    elif block.language in _PLAIN:
        _by_shape(block, text, into)
    else:
        into.names.used.update(_WRITTEN.findall(text))
    if "{%" in text or "{{" in text:
        for tag in _TEMPLATED.findall(text):
            into.names.used.update(_WRITTEN.findall(tag))
        _template(block, into)


def _template(block: CodeBlock, into: Gatherer) -> None:
    """Calls with keywords in the tags of a template."""
    for row, text in enumerate(block.lines):
        for call in (one for tag in _TEMPLATED.finditer(text) for one in _CALLED.finditer(text, *tag.span(1))):
            keywords = list(_KEYWORD.finditer(text, *call.span("arguments")))
            places = tuple(block.place(row, one.start("name")) for one in keywords)
            named = tuple(one["name"] for one in keywords)
            shape = Shape(ReferenceKind.CALL, call["name"], 0, "unbound", "", named, places)
            if named:
                into.add(shape, *block.place(row, call.start("name")), Form.PYTHON, text.strip())


def _by_shape(block: CodeBlock, text: str, into: Gatherer) -> None:
    """A block of which its language does not say what it is."""
    first = shell_blocks.PROMPT.match(text.lstrip("\n"))
    if _DOCTEST.search(text) and not (first and "$" in first[0]):
        _python(block, text, into)
    elif shell_blocks.is_shell(text):
        _shell(block, text, into)
    elif block.language in {"", "default"} and parsed(dedent(text)) is not None:
        _python(block, text, into, guessed=True)
    elif _LISTED.search(text):
        into.names.used.update(_WRITTEN.findall(text))
    elif typed := shell_blocks.typed_first(block.lines):
        _shell(replace(block, lines=typed), "\n".join(typed), into)


def _prepared(block: CodeBlock, into: Gatherer) -> CodeBlock:
    """Note the file that a block's first line says it shows; take a patch for what it leaves, a unit for what it is."""
    titled = _NAMED_BY_COMMENT.fullmatch(block.lines[0]) if block.lines else None
    if titled:
        into.names.defined.add(titled["path"])
    if block.language == "diff":
        return replace(block, language="", lines=[_kept(line) for line in block.lines])
    is_unit = block.language in shell_blocks.LANGUAGES and any(_UNIT.match(line) for line in block.lines[:5])
    return replace(block, language="ini") if is_unit else block


def _kept(line: str) -> str:
    """What a line of a diff leaves in place, at its column."""
    return "" if line.startswith("-") else " " + line[1:] if line.startswith("+") else line


def _python(block: CodeBlock, text: str, into: Gatherer, *, guessed: bool = False) -> None:
    uses = read_python(text, into.names)
    if guessed and block.language != "default" and all(use.unbound for use in uses):
        return
    for use in uses:
        line, column = block.place(use.row, use.column)
        places = tuple(block.place(*place) for place in use.places)
        domain = "unbound" if use.unbound else "earlier" if use.earlier else block.language
        shape = Shape(use.kind, use.text, 0, domain, use.owner, use.keywords, places)
        into.add(shape, line, column, Form.PYTHON, block.lines[use.row].strip(), use.written)
    _comments(block, into)


def _comments(block: CodeBlock, into: Gatherer) -> None:
    """Code in backticks, and flags, in the comments of Python; flags in backticks in its texts."""
    for row, text in enumerate(block.lines):
        for match in _FLAG_SPAN.finditer(text) if "`--" in text and "#" not in text else ():
            shape = Shape(ReferenceKind.FLAG, match["flag"], domain="comment")
            into.add(shape, *block.place(row, match.start("flag")), Form.SHELL, text.strip())
        said = _COMMENT.search(text) if "--" in text and "`" not in text else None
        for shape in flags(text[said.start() :]) if said else ():
            if said and shape.text.startswith("--"):
                known, start = replace(shape, domain="comment"), said.start() + shape.start
                into.add(known, *block.place(row, start), Form.SHELL, text[said.start() :].strip(" #"))
        comment = _COMMENT.search(text) if "`" in text else None
        for match in _SPAN.finditer(text, comment.start()) if comment else ():
            for shape, written in shapes_of_span(match["code"], into.names, text.strip()):
                place = block.place(row, match.start("code") + shape.start)
                into.add(shape, *place, Form.CODE, text[comment.start() :].strip(" #") if comment else "", written)


def _shell(block: CodeBlock, text: str, into: Gatherer) -> None:
    found = shell_blocks.read_shell(text)
    into.names.defined |= found.makes
    for row, offset, shape in found.uses:
        line, column = block.place(row, offset)
        known = replace(shape, domain=shape.domain or block.language)
        typed = block.lines[row][offset:].rstrip(" \\")
        written = typed if shape.kind is ReferenceKind.COMMAND and not typed.startswith(shape.text) else ""
        into.add(known, line, column, Form.SHELL, block.lines[row].strip(), written)


def _configuration(block: CodeBlock, text: str, into: Gatherer) -> None:
    syntax = configuration_blocks.LANGUAGES[block.language]
    for row, offset, shape, written in configuration_blocks.read_configuration(text, syntax):
        line, column = block.place(row, offset)
        into.add(shape, line, column, Form.CONFIGURATION, block.lines[row].strip(), written)
    for row, offset, shape in configuration_blocks.flags_of_values(block.lines):
        known = replace(shape, domain=syntax)
        into.add(known, *block.place(row, offset), Form.CONFIGURATION, block.lines[row].strip())


def _help(block: CodeBlock, into: Gatherer) -> None:
    """Flags that a program's own help text lists."""
    lines = without_tags(block.lines)
    listed: list[tuple[int, str]] = []
    known: set[tuple[int, int]] = set()
    for row, column, program, shape in read_help(lines):
        line, place = block.place(row, column)
        said = replace(shape, subject=program, domain="help")
        into.add(said, line, place, Form.SHELL, block.lines[row].strip())
        listed.append((row, shape.text))
        known.add((row, column))
    for row, text in enumerate(lines) if listed else ():
        for shape in flags(text) if "--" in text else ():
            if shape.text.startswith("--") and (row, shape.start) not in known:
                mentioned = replace(shape, domain="comment")
                into.add(mentioned, *block.place(row, shape.start), Form.SHELL, block.lines[row].strip())
    for row, column, value, flag in defaults_in_help(lines, listed):
        shape = Shape(ReferenceKind.VALUE, value, 0, "default", flag)
        into.add(shape, *block.place(row, column), Form.SHELL, block.lines[row].strip())


def _inclusions(block: CodeBlock, into: Gatherer) -> None:
    """Files that the site's builder puts in place of a line."""
    for row, text in enumerate(block.lines):
        match = _INCLUDE.match(text) if "<" in text or "{" in text else None
        if match is None:
            continue
        path = next(one for one in match.groups() if one).split(":")[0]
        if is_path(path):
            line, column = block.place(row, match.start(match.lastgroup or 0))
            into.add(Shape(ReferenceKind.PATH, path, domain="include"), line, column, Form.LINK, text.strip())
