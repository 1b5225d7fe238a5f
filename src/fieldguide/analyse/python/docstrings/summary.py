"""Chooses the sentence of a docstring that says what a thing is.

Comes in: the blocks of a docstring's prose, and the name of what it documents.
Goes out: one whole sentence of Markdown, or nothing; and the blocks that are left for the body.
Must never: print a licence, a header, a usage line or the thing's own name as if it said something.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

from fieldguide.analyse.python.docstrings.blocks import Block, BlockKind
from fieldguide.analyse.python.docstrings.inline import Targets, to_markdown
from fieldguide.analyse.python.docstrings.sentences import split_first_sentence

if TYPE_CHECKING:
    from collections.abc import Sequence

LONGEST_SUMMARY = 500
"""Characters; prose without a full stop for longer than this is a listing that lost its line breaks."""

_BOILERPLATE = re.compile(
    r"""^\W*(?:
        copyright\b | © | \(c\)\s | licen[sc]ed?\s+(?:under|to)\b | permission\s+is\s+hereby | spdx-
      | all\s+rights\s+reserved
      | this\s+(?:file|code|program|software|module|source\s+code|library|script)\s+is\s+
        (?:part\s+of\b.*licen[sc]|free\s+software|licen[sc]ed|released\s+under|distributed\s+under)
      | redistributions?\s+(?:and\s+use|of\s+source|in\s+binary) | this\s+software\s+is\s+provided
      | neither\s+the\s+names?\s+of | the\s+above\s+copyright | in\s+no\s+event\s+shall
      | distributed\s+under\s+the\s+terms | the\s+(?:mit|bsd|apache)\s+licen[sc]e
      | (?:author|authors|created|creator|date|version|e?mail|contact|maintainer|licen[sc]e
        |file|filename|file\s+name|module|module\s+name|project|project\s+name|package|title|url|website|github
        |modified|last\s+(?:modified|updated|edited|changed)|updated|problem\s+link|credits?|revision|status|since
        |usage|syntax|example|examples|todo|requirements?|python\s+version|tested\s+(?:with|on))\s*(?:\([^)]*\)\s*)?(?::|=|\#\s)
      | (?:authors?|creators?|maintainers?|contributors?|credits?)\s*(?:[-\u2013\u2014]\s|(?-i:[A-Z]\w+\s+[A-Z]\w+))
      | (?:modifications?|changes|change\s*log|revision\s+history|history)\s*[:=\u2013\u2014-]
      | (?:created|written|developed|coded|made|maintained)\s+(?:on|by|in)\b | @\w+ | \#! | -\*- | vim?: | coding[:=]
      | \$(?:id|revision|date)\b | (?:noqa|pylint|flake8|isort|mypy|fmt|pragma|type):
      | fixme\b | xxx\b | todo\b | https?://\S+\W*$ | by\s+@
    )""",
    re.IGNORECASE | re.VERBOSE,
)
_LABEL = re.compile(
    r"^(?:note|notes|usage|example|examples|warning|description|synopsis|overview|summary|abstract|purpose|see also"
    r"|arguments|options|parameters|returns|args|raises|yields|attributes|methods|references|todo"
    r")s?\s*:*$",
    re.IGNORECASE,
)
_USEFUL_LABEL = re.compile(
    r"^\W*(?:description|synopsis|overview|summary|abstract|purpose|about|title|returns?)\s*:\s*(?=\S)", re.IGNORECASE
)
_TYPE_LABEL = re.compile(
    r"^`*(?:bool|int|str|float|bytes|list|dict|tuple|set|object|None|Optional|Union|List|Dict|Tuple|Set|Any|Callable"
    r"|Iterable|Iterator|Sequence|Mapping|Path|Type)(?:\[.*?\]+)?`*: (?=[A-Z`])"
)
_DANGLING = re.compile(
    r"[,;]?\s*\b(?:(?:such\s+)?that|which"
    r"|(?:(?:is|are|as|like|in|of|with|by|for|using|to|from|one of|any of)\s+)*(?:the\s+)?follow(?:s|ing)"
    r"(?:\s+\w+)?|such as|equivalent to|as in|for example|e\.g\.|i\.e\.|namely|including|like this|like so|below)$",
    re.IGNORECASE,
)
_INCOMPLETE = re.compile(
    r"\b(?:is|are|be|include|includes|follow|following|contains|means|the|a|an|of|to|with|by|and|or|in|if|when|one"
    r"|either|where|do|does|can|has|have|provides|supports|defines|like"
    r")$",
    re.IGNORECASE,
)
_POINTS_BELOW = re.compile(r"\b(?:follow(?:s|ing)|below|these)\b", re.IGNORECASE)
_OWN_NAME = re.compile(
    r"^[`*]*(?P<name>[\w.]+?)(?:\.py)?(?:\([^)]*\))?[`*]*(?P<dash>\s+(?:--?-?|[\u2013—])\s+|\s*:\s+|$)"
)
_SIGNATURE = re.compile(r"^[\w.]+\((?:[^()]|\([^()]*\))*\)(?:\s*(?:->|-->|=>|=)\s*\S.*)?$")
_DESCRIBED_CALL = re.compile(r"^[\w.]+\([^()]*\)(?:\s*->\s*[\w.\[\], ]+?)?\s+--\s+(?=\S)")
_CALL = re.compile(r"^([\w.]+)\(")
_CODE = re.compile(
    r"^(?:assert |import \w+(?:\.\w+)*$|from [\w.]+ import |[\w.]+(?:, ?[\w.]+)* = \S"
    r"|@\w+(?:\(|$)|def \w+\(|class \w+[(:])"
)
_BY_WHOM = re.compile(r"[,;]?\s+Authors?(?::\s|\s+[A-Z]\w+\s+[A-Z]).*$")
_QUALIFIER = re.compile(
    r"^\W*(?:experimental|deprecated|beta|alpha|internal|private|abstract|new|warning|note|danger|caution|legacy|obsolete"
    r"|internal use only|not implemented|attention|important|wip|optional|decorator|constructor|property)\W*$",
    re.IGNORECASE,
)
_USAGE = re.compile(r"^(?:(?:\$|>|%)\s|python\d?\s+(?:-|\S+\.py\b)|[Uu]sage\s*:|USAGE\b)")


def take_summary(blocks: Sequence[Block], targets: Targets, name: str) -> tuple[str, list[Block]]:
    """The first sentence worth printing (Markdown, on one line, ends a sentence), and the blocks after it."""
    title = ""
    for index, block in enumerate(blocks):
        if block.kind is BlockKind.TITLE:
            if index > 1:
                break
            title = block.text
        sentence, rest = _opening(block, targets, name)
        if not sentence:
            continue
        following = blocks[index + 1 :]
        left = [Block(BlockKind.PARAGRAPH, (rest,), label="\0")] if rest else []
        if not rest and (sentence.endswith(":") or _introduces(sentence, following)):
            sentence = _without_colon(sentence, following, targets)
        if sentence and len(sentence) <= LONGEST_SUMMARY:
            return _finished(sentence), [*left, *following]
        return "", list(blocks[index:])
    if len(title.split()) > 2 and not _says_nothing(title, name):  # noqa: PLR2004  a name is no sentence
        return _finished(to_markdown(title, targets)), [one for one in blocks if one.text != title]
    return "", [block for block in blocks if block.kind is not BlockKind.TITLE or block.text != title]


def _opening(block: Block, targets: Targets, name: str) -> tuple[str, str]:
    """The first sentence of a block that says something, and the rest of it; nothing of any other block."""
    if block.kind is not BlockKind.PARAGRAPH or not block.lines or block.label:
        return "", ""
    raw = _TYPE_LABEL.sub("", _USEFUL_LABEL.sub("", _without_own_name(block.text, name)))
    if not raw or _CODE.match(block.lines[0]) or _says_nothing(raw, name):
        return "", ""
    sentence, rest = split_first_sentence(to_markdown(raw, targets))
    return split_first_sentence(rest) if _QUALIFIER.match(sentence) else (sentence, rest)


def _words(text: str) -> list[str]:
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", text)
    return re.findall(r"[a-z0-9]+", spaced.lower())


def _says_nothing(text: str, name: str) -> bool:
    if _BOILERPLATE.match(text) or _LABEL.match(text) or _is_signature(text, name) or _USAGE.match(text):
        return True
    words = [
        word for word in _words(text) if word not in {"the", "module", "class", "function", "py", "method", "package"}
    ]
    if not any(word.isalpha() for word in words):
        return True
    if text.rstrip().endswith(".") and len(_words(text)) > 1 and text.rstrip().rstrip(".") != name:
        # A sentence, if a thin one: `List datasets.`
        return False
    own = _words(name)
    return bool(own) and any(words == own[start:] for start in range(len(own)))


def _is_signature(text: str, name: str) -> bool:
    """The text is a call, as compiled modules and `help()` show it: `parse(text, /) -> Tree`."""
    if _SIGNATURE.match(text):
        return True
    call = _CALL.match(text)
    if call is None or call[1].rsplit(".", 1)[-1] != name.rsplit(".", 1)[-1]:
        return False
    depth = 0
    for position in range(call.end() - 1, len(text)):
        depth += {"(": 1, ")": -1}.get(text[position], 0)
        if depth == 0:
            after = text[position + 1 :].strip()
            return not after or after.startswith(("->", "-->", "=", "<"))
    return True  # cut off by a blank line


def _without_own_name(text: str, name: str) -> str:
    """`text` without the name that it repeats at its head: `bdb -- a debugger`, `parse(x): reads x`."""
    if call := _DESCRIBED_CALL.match(text):
        return text[call.end() :].strip()
    head = _OWN_NAME.match(text)
    if head and name and head["name"].rsplit(".", 1)[-1].lower() == name.rsplit(".", 1)[-1].lower():
        return text[head.end() :].strip()
    return text


def _introduces(sentence: str, following: Sequence[Block]) -> bool:
    """A sentence without an end runs on in the list below it."""
    return bool(following) and following[0].kind is BlockKind.ITEM and sentence[-1:] not in ".!?"


def _without_colon(sentence: str, following: Sequence[Block], targets: Targets) -> str:
    """A paragraph that introduces something: with a short list joined to it, else cut where it still reads well."""
    body = sentence.rstrip(": ")
    items = _leading_items(following)
    joined = ", ".join(to_markdown(item.text, targets).rstrip(".,;") for item in items)
    if items and len(items) <= 5 and len(joined) <= 160 and not any(mark in joined for mark in (". ", ": ")):  # noqa: PLR2004
        return f"{body}: {joined}."
    cut = _DANGLING.sub("", body).rstrip(" ,;")
    if cut != body and len(cut.split()) > 2 and not _INCOMPLETE.search(cut):  # noqa: PLR2004
        return cut
    unfinished = _INCOMPLETE.search(body) or _POINTS_BELOW.search(body)
    return "" if unfinished or len(body.split()) < 3 else body  # noqa: PLR2004


def _leading_items(blocks: Sequence[Block]) -> list[Block]:
    items: list[Block] = []
    for block in blocks:
        if block.kind is not BlockKind.ITEM:
            break
        items.append(block)
    return items if all(one.level == other.level for one, other in pairwise(items)) else []


def _finished(sentence: str) -> str:
    """`sentence` with an end, and without a start that Markdown would take for a list, a heading or a quotation."""
    text = " ".join(sentence.split()).lstrip("-•> ").rstrip(" ,;:-\u2013—")
    text = _BY_WHOM.sub("", text)
    if text.startswith(("#", "+ ", "=")) or re.match(r"\d+[.)]\s", text):
        text = re.sub(r"^(\d*)", r"\1\\", text, count=1)
    if re.search(r"[.!?…][\"'”\u2019)\]*_`]*$", text) and not text.endswith(("e.g.", "i.e.")):
        return text
    return f"{text}." if text else ""
