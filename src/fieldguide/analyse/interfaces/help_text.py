"""Turns a help text as programs print it into Markdown on one line.

Comes in: help of an option, or a description, as the code has it. Goes out: one line that ends as a sentence does.
Must never: leave a character that Markdown would take for markup, or cut a sentence.
"""

from __future__ import annotations

import re
from typing import Final

_CODE: Final = re.compile(r"`[^`]+`")
_ROLE: Final = re.compile(r":[a-zA-Z:+.-]+:`~?([^`<]+?)(?:\s*<[^`>]*>)?`")
_DOUBLE: Final = re.compile(r"``([^`]+)``")
_LINK: Final = re.compile(r"`([^`<]+?)\s*<(https?://[^`>]+)>`__?")
_STYLE: Final = re.compile(r"\[(/?)(?:bold|italic|dim|underline|red|green|blue|yellow|cyan|magenta|white|link)[\w #=:/.-]*\]")
_RICH_END: Final = re.compile(r"\[/\]")
_TOKEN: Final = re.compile(r"\S+")
_OPENING: Final = "([{\"'"
_CLOSING: Final = ")]}\"'.,;:!?"
_FLAG: Final = re.compile(r"--?[A-Za-z][\w-]*(?:=\S+)?")
_LITERAL: Final = re.compile(r"--?[A-Za-z][\w.-]*(?:=[^\s`]+)?|<[^<>`]+>|[^\s`]*[*<>|\\][^\s`]*|_\w+|\w+_|__\w+__(?:\.\w+)*")
_SPACED_ANGLES: Final = re.compile(r"<[A-Za-z][^<>`]*>")
_SENTENCE: Final = re.compile(r"(?<=[a-z0-9)`'\"][.!?])\s+(?=[A-Z`])")


def markdown(text: str, *, sentence: bool = True) -> str:
    """Render `text` as Markdown on one line; with `sentence` it starts with a capital and ends with a full stop."""
    line = " ".join(text.split())
    line = _LINK.sub(r"\1 (\2)", line)
    line = _DOUBLE.sub(r"`\1`", _ROLE.sub(r"`\1`", line))
    line = _RICH_END.sub("", _STYLE.sub("", line)).strip()
    if line.count("`") % 2:
        line = line.replace("`", "'")
    parts: list[str] = []
    end = 0
    for match in _CODE.finditer(line):
        parts += (_plain(line[end : match.start()]), match.group())
        end = match.end()
    parts.append(_plain(line[end:]))
    line = "".join(parts)
    return _as_sentence(line) if sentence else line


def first_paragraph(text: str) -> str:
    """Text up to the first blank line."""
    return re.split(r"\n\s*\n", text.strip(), maxsplit=1)[0]


def first_sentence(line: str) -> str:
    """First sentence of a line, whole."""
    return _SENTENCE.split(line, maxsplit=1)[0]


def _plain(text: str) -> str:
    marked: list[str] = []
    end = 0
    for match in _SPACED_ANGLES.finditer(text):
        marked += (_TOKEN.sub(_as_code, text[end : match.start()]), f"`{match.group()}`")
        end = match.end()
    marked.append(_TOKEN.sub(_as_code, text[end:]))
    return "".join(marked).replace("``", "")


def _as_code(match: re.Match[str]) -> str:
    """Put a word that Markdown would read as markup, or that is a flag, into backticks."""
    word = match.group()
    core = word.lstrip(_OPENING).rstrip(_CLOSING)
    if not core or "`" in word:
        return word
    start = word.index(core)
    before, after = word[:start], word[start + len(core) :]
    if "/" in core and all(_FLAG.fullmatch(part) for part in core.split("/")):
        return before + "/".join(f"`{part}`" for part in core.split("/")) + after
    if core.startswith(("http://", "https://")):
        return word
    if _LITERAL.fullmatch(core):
        if core.strip("*_<>|\\") or len(core) > 1:
            return f"{before}`{core}`{after}"
        return f"{before}\\{core}{after}"
    return word


def _as_sentence(line: str) -> str:
    if not line:
        return ""
    first = line.split(maxsplit=1)[0]
    if re.fullmatch(r"[a-z]+(?:[-'][a-z]+)*[,;:]?", first):
        line = line[0].upper() + line[1:]
    if line.endswith((":", ",", ";")):
        line = line[:-1].rstrip()
    if not line.endswith((".", "!", "?", "…")) and not line.endswith((".)", '."', ".'")):
        line += "."
    return line
