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
_STYLE: Final = re.compile(
    r"\[(/?)(?:bold|italic|dim|underline|red|green|blue|yellow|cyan|magenta|white|link)[\w #=:/.-]*\]"
)
_RICH_END: Final = re.compile(r"\[/[buis]?\]|\[[buis]\](?=\w)")
_TOKEN: Final = re.compile(r"\S+")
_OPENING: Final = "([{\"'"
_CLOSING: Final = ")]}\"'.,;:!?"
_FLAG: Final = re.compile(r"--?[A-Za-z][\w-]*(?:=\S+)?")
_MARKUP: Final = re.compile(r"[*<>|\\]|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])|\]\(")
"""What Markdown may take for emphasis, a tag, a cell, an escape or a link."""
_SPACED_ANGLES: Final = re.compile(r"<[A-Za-z][^<>`\s]*\s[^<>`]*>")
_QUOTED: Final = re.compile(r"(?<![\w`])(['\"])([^'\"`]*[*<>|\\][^'\"`]*)\1(?![\w`])")
_STATED: Final = re.compile(
    r"\bdefaults?(?: value)?(?: to| is|:|=)\s*"
    r"(?:(?P<number>-?\d+(?:\.\d+)?)(?![\w.]*\w)|(?P<quote>[`'\"])(?P<text>[^`'\"]+)(?P=quote)"
    r"|(?<=\[default: )(?P<bracketed>[\w./:-]+)(?=\]))",
    re.IGNORECASE,
)
_REMARK: Final = re.compile(r"[.!?] \[[^\[\]]*\]$")
"""In brackets behind a sentence that has ended."""
_SENTENCE: Final = re.compile(r"(?<=[a-z0-9)`'\"][.!?])\s+(?=[A-Z`])")


def markdown(text: str, *, sentence: bool = True) -> str:
    """Render `text` as Markdown on one line; with `sentence` it starts with a capital and ends with a full stop."""
    line = " ".join(text.split())
    line = _LINK.sub(r"\1 (\2)", line)
    line = _DOUBLE.sub(r"`\1`", _ROLE.sub(r"`\1`", line))
    line = _RICH_END.sub("", _STYLE.sub("", line)).strip()
    if line.count("`") % 2:
        line = line.replace("`", "'")
    line = _QUOTED.sub(r"`\2`", line)
    parts: list[str] = []
    end = 0
    for match in _CODE.finditer(line):
        parts += (_plain(line[end : match.start()]), match.group())
        end = match.end()
    line = _joined([*parts, _plain(line[end:])])
    return _as_sentence(line) if sentence else line


def _joined(parts: list[str]) -> str:
    """Join parts; two code spans that touch would be read as one."""
    line = ""
    for part in parts:
        line += f" {part}" if line.endswith("`") and part.startswith("`") else part
    return line


def first_paragraph(text: str) -> str:
    """Text up to the first blank line."""
    return re.split(r"\n\s*\n", text.strip(), maxsplit=1)[0]


def first_sentence(line: str) -> str:
    """First sentence of a line, whole."""
    return _SENTENCE.split(line, maxsplit=1)[0]


def stated_default(line: str) -> str | None:
    """Default that a help text states in words, as source text: a number, or what stands in quotes or backticks."""
    match = _STATED.search(line)
    if match is None:
        return None
    return match["number"] or repr(match["text"] or match["bracketed"])


def _plain(text: str) -> str:
    text = text.replace("`", "")
    parts: list[str] = []
    end = 0
    for match in _SPACED_ANGLES.finditer(text):
        parts += (_TOKEN.sub(_as_code, text[end : match.start()]), f"`{match.group()}`")
        end = match.end()
    return _joined([*parts, _TOKEN.sub(_as_code, text[end:])])


def _as_code(match: re.Match[str]) -> str:
    """Put a word that Markdown would read as markup, or that is a flag, into backticks."""
    word = match.group()
    core = word.lstrip(_OPENING).rstrip(_CLOSING)
    if any(core.count(first) != core.count(last) for first, last in ("[]", "()", "{}")):
        core = word.rstrip("\"'.,;:!?")
    if not core or core.startswith(("http://", "https://")):
        return word
    start = word.index(core)
    before, after = word[:start], word[start + len(core) :]
    if "/" in core and all(_FLAG.fullmatch(part) for part in core.split("/")):
        return before + "/".join(f"`{part}`" for part in core.split("/")) + after
    return f"{before}`{core}`{after}" if _FLAG.fullmatch(core) or _MARKUP.search(core) else word


def _as_sentence(line: str) -> str:
    if not line:
        return ""
    first = line.split(maxsplit=1)[0]
    if re.fullmatch(r"[a-z]+(?:[-'][a-z]+)*[,;:]?", first):
        line = line[0].upper() + line[1:]
    if line.endswith(":"):  # it announces what is not here: what stands before it says enough
        *before, last = _SENTENCE.split(line)
        line = " ".join(before) or last.rstrip(": ")
    elif line.endswith((",", ";")):
        line = line[:-1].rstrip()
    if not line.endswith((".", "!", "?", "…", ".)", '."', ".'")) and not _REMARK.search(line):
        line += "."
    return line
