"""What a shell block tells the reader to type.

Comes in: the text of a block, and whether its language says that it is shell.
Goes out: commands, their flags, variables, requirements and paths, with their places; files that the commands make.
Must never: take a program's output for a command.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from fieldguide.domain.page import ReferenceKind
from fieldguide.verify.reading.shapes import FLAG, RUNNERS, Shape, flags, is_path

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

LANGUAGES: Final = frozenset((
    "sh", "bash", "shell", "zsh", "console", "shell-session", "shellsession", "sh-session", "terminal", "fish",
    "ksh",
))  # fmt: skip
PROMPT: Final = re.compile(r"[ \t]*(?:\([\w.-]+\) ?)?(?:[\w.-]+@[\w.-]+:?[^\s$#]* ?)?(?:\$|%|\u276f) +(?=\S)")
_TOKEN = re.compile(
    r"""(?P<comment>(?<!\S)\#.*|^\s*//\s.*)
    | (?P<redirect>\d?>>?(?!=)&?\d?|<<-?|<(?![\w./-][\w ./|:-]*>))
    | (?P<operator>&&|\|\||;;?|\||&|\(|\)|\{(?=\s)|(?<=\s)\})
    | (?P<word>(?:\\.|"(?:\\.|[^"\\])*"|'[^']*'|\$\([^()]*\)|\$\{[^}]*\}|`[^`]*`
        |<[\w./-][\w ./|:-]*>|(?<=\w)[<>~!=]=|[^\s"'\\;|&<>()`#]|(?<=\S)\#)+)
    | (?P<other>\S)""",
    re.VERBOSE,
)
_ASSIGNMENT = re.compile(r"(?P<name>[A-Za-z_]\w*)=(?P<value>.*)", re.DOTALL)
_READ_VARIABLE = re.compile(r"\$\{?(?P<name>[A-Za-z_]\w*)")
_REQUIREMENT = re.compile(
    r"['\"]?(?P<name>(?:[A-Za-z][\w.-]*|\.)(?:\[[\w\s,.-]+\])?)(?:\s*(?:[=<>~!]=?|@)[^'\"]*)?['\"]?"
)
_INSTALLERS: Final = re.compile(
    r"(?:sudo )?(?:(?:python3?|py)(?: -3)? -m )?(?:uv )?pip3?(?:\.exe)? install|uv (?:add|tool install)"
    r"|poetry add|pdm add|pipx install|pipenv install"
)
_MAKERS: Final = frozenset((
    "touch", "mkdir", "cp", "mv", "virtualenv", "tee", "startproject", "startapp", "new", "init", "venv", "ln",
    "cookiecutter", "nano", "vi", "vim",
))  # fmt: skip
_WORDS_OF_SCRIPTS: Final = frozenset((
    "if", "then", "else", "elif", "fi", "for", "do", "done", "while", "until", "case", "esac", "function", "in",
    "{", "}", "!", "[", "[[", "]]", "]", "EOF",
))  # fmt: skip
_SUBSTITUTION = re.compile(r"\$\((?P<command>[^()]{1,500})\)")
_NO_PROGRAM = re.compile(r".*:|\w+\.")
"""A word that begins a line of output: a label, a sentence's end."""
_TYPED = re.compile(r"[a-z][\w.-]+(?: [^\s(:]+(?!\S)){0,12} --[a-z][\w-]+(?![\w(:])")
"""A program and its words up to a flag."""
_RUNS = re.compile(r"\s*(?:RUN|CMD|ENTRYPOINT)(?: --mount=\S+)*\s+", re.IGNORECASE)
_LISTING = re.compile(r"[\[\]\",]")
_HEREDOC = re.compile(r"<<-?\s*['\"]?(?P<end>\w+)")


_LONGEST_EXCERPT: Final = 20


@dataclass(slots=True)
class ShellUses:
    """What a block uses, with rows and columns from 0, and what it makes."""

    uses: list[tuple[int, int, Shape]] = field(default_factory=list[tuple[int, int, Shape]])
    makes: set[str] = field(default_factory=set[str])


@dataclass(frozen=True, slots=True)
class _Word:
    text: str
    row: int
    column: int


def is_shell(text: str) -> bool:
    """Tell whether a block without a language is shell.

    It has a prompt, or every line begins with a usual program, or has a program, its words and a flag.
    """
    lines = [line for line in text.split("\n") if line.strip() and not line.lstrip().startswith("#")]
    if any((prompt := PROMPT.match(line)) and "$" in prompt[0] for line in lines[:50]):
        return True
    starts = [line.split()[0] for line in lines if not line[0].isspace()]
    whole = re.sub(r"\s*\\\n\s*", " ", "\n".join(lines)).split("\n")
    if lines and len(lines) <= _LONGEST_EXCERPT and all(_TYPED.match(line) for line in whole):
        return True
    return (
        bool(starts)
        and len(lines) <= _LONGEST_EXCERPT
        and all(word in RUNNERS and len(line.split()) > 1 for word, line in zip(starts, lines, strict=False))
    )


def typed_first(lines: Sequence[str]) -> list[str]:
    """Of lines without a language those at the beginning that are commands with flags, continued ones whole.

    What follows them is what they print.
    """
    end = 0
    while end < len(lines):
        last = end
        while lines[last].rstrip().endswith("\\") and last + 1 < len(lines):
            last += 1
        if not _TYPED.match(re.sub(r"\s*\\\n\s*", " ", "\n".join(lines[end : last + 1]))):
            break
        end = last + 1
    return list(lines[:end])


def shell_of_container(lines: Sequence[str]) -> Iterator[str]:
    """Lines of a Dockerfile as the shell that they have run, in their places; all others become empty."""
    going_on = False
    for line in lines:
        match = _RUNS.match(line)
        if match:
            rest = line[match.end() :]
            listed = rest.startswith("[")
            yield " " * match.end() + (_LISTING.sub(lambda sign: " " * len(sign[0]), rest) if listed else rest)
        else:
            yield line if going_on else ""
        going_on = (going_on or match is not None) and line.rstrip().endswith("\\")


def read_shell(text: str) -> ShellUses:
    """Read a block: a script, or a session with prompts, of which only what follows a prompt was typed."""
    found = ShellUses()
    for line in _logical_lines(text.split("\n")):
        for words, target in _simple_commands(line, found):
            _read_command(words, found)
            if target is not None:
                found.makes.add(_unquoted(target.text))
    return found


def _logical_lines(lines: list[str]) -> Iterator[list[_Word]]:
    """Typed lines as words with places, continuations joined, documents within (`<<EOF`) left out."""
    prompted = any(PROMPT.match(line) for line in lines)
    continued: list[_Word] = []
    inside = going_on = quote = ""
    for row, line in enumerate(lines):
        if inside:
            inside = "" if line.strip() == inside else inside
            continue
        if quote and quote not in line:
            continue
        prompt = PROMPT.match(line) if not quote else None
        if prompted and not prompt and not going_on and not quote and not line.lstrip().startswith(("# ", "// ")):
            continue
        start = prompt.end() if prompt else line.index(quote) + 1 if quote else 0
        if going_on and line.lstrip().startswith("> "):
            start = line.index(">") + 1
        stripped = line.rstrip()
        going_on = "\\" if stripped.endswith("\\") else ""
        body = stripped[:-1] if going_on else stripped
        quote, body = _opened(body, start, lines[row + 1 :])
        continued.append(_Word(body[start:], row, start))
        heredoc = _HEREDOC.search(body, start)
        inside = heredoc["end"] if heredoc else ""
        if not going_on and not quote:
            yield continued
            continued = []
    if continued:
        yield continued


def _opened(line: str, start: int, after: Sequence[str]) -> tuple[str, str]:
    """The quotation mark that a line leaves open, where a line after it closes it, and the line up to that mark."""
    mark, at = "", 0
    for index in range(start, len(line)):
        sign = line[index]
        if not mark and sign == "#" and line[index - 1 : index] in {"", " "}:
            break
        if sign in "'\"" and sign == (mark or sign) and line[index - 1 : index] != "\\":
            mark, at = ("", 0) if mark else (sign, index)
    closed = any(mark in one for one in after[:_LONGEST_EXCERPT]) and line[at - 1 : at] in {"", " ", "="}
    return (mark, line[:at]) if mark and closed else ("", line)


def _remark(word: _Word, found: ShellUses) -> None:
    """Flags that a comment names."""
    for flag in flags(word.text):
        if flag.text.startswith("--"):
            _add(found, word, replace(flag, domain="comment"))


def _simple_commands(parts: list[_Word], found: ShellUses) -> Iterator[tuple[list[_Word], _Word | None]]:
    """Words of each command of a pipeline or list, and the file that it writes."""
    words: list[_Word] = []
    target: _Word | None = None
    redirect = ""
    for part in parts:
        for match in _TOKEN.finditer(part.text):
            word = _Word(match[0], part.row, part.column + match.start())
            if match.lastgroup == "operator":
                yield words, target
                words, target, redirect = [], None, ""
            elif match.lastgroup == "comment":
                _remark(word, found)
            elif match.lastgroup == "redirect":
                redirect = match[0]
            elif match.lastgroup == "word":
                if redirect:
                    target = word if ">" in redirect and "&" not in redirect else target
                    redirect = ""
                else:
                    words.append(word)
    yield words, target


def _read_command(words: list[_Word], found: ShellUses) -> None:
    while words and words[0].text in _WORDS_OF_SCRIPTS:
        words = words[1:]
    exported = bool(words) and words[0].text in {"export", "set", "setenv", "env"}
    start = 1 if exported else 0
    while start < len(words) and (match := _ASSIGNMENT.fullmatch(words[start].text)):
        if exported or len(words) > start + 1:
            _add(found, words[start], Shape(ReferenceKind.VARIABLE, match["name"]))
        else:
            found.makes.add(match["name"])
            _add(found, words[start], Shape(ReferenceKind.VARIABLE, match["name"], domain="assigned"))
            for flag in flags(match["value"]):
                _add(found, words[start], replace(flag, start=match.start("value") + flag.start, domain="assigned"))
        start += 1
    _variables(words, found)
    for word in words:
        for match in _SUBSTITUTION.finditer(word.text) if "$(" in word.text else ():
            inner = _Word(match["command"], word.row, word.column + match.start("command"))
            for within, _ in _simple_commands([inner], found):
                _read_command(within, found)
    words = words[start:]
    if not words or exported:
        return
    text = " ".join(word.text for word in words)
    if not re.match(r"[A-Za-z_./~$<{]", text) or text.startswith(("$(", "...")) or _NO_PROGRAM.fullmatch(words[0].text):
        return
    _add(found, words[0], Shape(ReferenceKind.COMMAND, text))
    _arguments(words, text, found)


def _arguments(words: list[_Word], text: str, found: ShellUses) -> None:
    installs = _INSTALLERS.match(text)
    making = words[0].text in _MAKERS or any(word.text in _MAKERS for word in words[1:4])
    length = len(words[0].text)
    for before, word in pairwise(words):
        offset = length + 1
        length = offset + len(word.text)
        bare = _unquoted(word.text)
        if word.text == "--":
            return
        if FLAG.match(word.text):
            for flag in flags(word.text.partition("=")[0]):
                _add(found, word, Shape(flag.kind, flag.text, flag.start, subject=text[:offset].strip()))
            continue
        if installs and offset > installs.end() and not before.text.startswith("-") and not is_path(bare):
            requirement = _REQUIREMENT.fullmatch(word.text)
            if requirement:
                _add(found, word, Shape(ReferenceKind.EXTRA, requirement["name"], requirement.start("name")))
            continue
        if installs and bare.startswith(".["):
            _add(found, word, Shape(ReferenceKind.EXTRA, bare, word.text.index(bare)))
        elif making:
            found.makes.add(bare.rstrip("/"))
        elif is_path(bare) and not any(sign in bare for sign in "$<>{}:"):
            _add(found, word, Shape(ReferenceKind.PATH, bare, word.text.index(bare), subject=text[:offset].strip()))


def _variables(words: list[_Word], found: ShellUses) -> None:
    for word in words:
        if "$" in word.text and not word.text.startswith("'"):
            for match in _READ_VARIABLE.finditer(word.text):
                if match["name"] not in found.makes:
                    _add(found, word, Shape(ReferenceKind.VARIABLE, match["name"], match.start("name")))


def _unquoted(text: str) -> str:
    return text[1:-1] if len(text) > 1 and text[0] == text[-1] and text[0] in "'\"" else text


def _add(found: ShellUses, word: _Word, shape: Shape) -> None:
    found.uses.append((word.row, word.column + shape.start, shape))
