"""Whether a mention that does not hold is a fault of its document, or is not meant to hold.

Comes in: a mention that resolution calls broken, and its document. Goes out: why it is no fault, or nothing.
Must never: excuse what is said of today's code in plain words.

A document may tell what was, what will be, what is not there, what the reader is to make, and what others have. Words
for that count where they can mean the mention: beside it in its own clause, or in the headings above it. A link has to
lead somewhere whatever is said around it, so words excuse none.
"""

from __future__ import annotations

import re
from posixpath import splitext
from typing import TYPE_CHECKING, Final

from rapidfuzz import fuzz

from fieldguide.domain.documents import IN_BLOCKS, Form
from fieldguide.domain.page import ReferenceKind
from fieldguide.verify.contrast import is_made_up, is_of_a_part, is_set_beside
from fieldguide.verify.phrases import (
    COMPARED,
    COMPARED_WITH,
    COMPARISONS,
    DENIED_AFTER,
    DENIED_BEFORE,
    GONE_BEFORE,
    IMAGINED_BEFORE,
    LANGUAGES,
    NOW_BEFORE,
    NUMBERED,
    OTHER_TIMES,
    OTHERS,
    PAST_AFTER,
    PAST_BEFORE,
    PAST_SENTENCE,
    PAST_TIMES,
    PLACEHOLDER,
    PLACEHOLDER_NAME,
    STAND_IN,
    STAND_IN_ADDRESS,
    TYPES_OF_OTHERS,
)
from fieldguide.verify.resolution.names_changes import has_same_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from fieldguide.domain.documents import Document, Mention, Verdict

LINKS: Final = frozenset({ReferenceKind.LINK, ReferenceKind.ANCHOR})
"""They have to lead somewhere whatever is said around them."""
_CHANGES: Final = frozenset({"versionadded", "versionchanged"})
_NEAR: Final = 60
"""Characters before and after a mention in which words can mean it."""
_AGAIN: Final = 3
_ALMOST: Final = 80
"""Likeness, out of 100, of a link or a name to one that is there."""
_LIKE: Final = 75
"""Likeness from which two names may be set beside each other."""
_HEAD_END: Final = re.compile(r"[.\[(/ ]")
_TEMPLATED: Final = re.compile(r"\{\{-?\s*([A-Za-z_]\w*)")


class Judge:
    """Judges the mentions of one document."""

    def __init__(
        self, document: Document, templated: frozenset[str] = frozenset(), defined: frozenset[str] = frozenset()
    ) -> None:
        """Keep the document, the names that `templated_names` finds, and those that blocks of any document define."""
        self._document = document
        self._templated = templated
        self._defined = defined

    def excuse(self, mention: Mention, verdict: Verdict) -> str:
        """Say why a mention that does not hold is no fault; empty where it is one."""
        return next(self._excuses(mention, verdict), "")

    def _excuses(self, mention: Mention, verdict: Verdict) -> Iterator[str]:
        link = mention.kind in LINKS
        if self._document.historical and not (link and verdict.certain):
            yield "the document tells what was"
        in_question = _part_in_question(mention, verdict) if link else mention.text
        if PLACEHOLDER.search(in_question) and (link or not _is_so_called(mention, verdict)):
            yield "a placeholder"
        if link:
            return
        name = _name_in_question(mention, verdict)
        if PLACEHOLDER_NAME.search(name) and not (verdict.likely and "__" in name):
            yield "a placeholder"
        if not verdict.likely and STAND_IN.search(mention.text):
            yield "a stand-in for names of its kind"
        if not self._document.defines.isdisjoint(_names(mention, verdict)) and self._may_take(verdict):
            yield "the document defines it"
        if _head(mention.text) in self._templated and mention.text.count(".") == 1 and mention.text.islower():
            yield "a variable of a template"
        if is_set_beside(self._document, mention, verdict):
            yield "a sentence sets it beside the right name"
        if not _is_plain_slip(mention, verdict):
            yield from self._excuses_around(mention, verdict)

    def _may_take(self, verdict: Verdict) -> bool:
        """Whether a callee that the document defines may take a keyword: what it takes stands in the document too."""
        return not (verdict.part and verdict.likely) or verdict.part in self._document.defines

    def _excuses_around(self, mention: Mention, verdict: Verdict) -> Iterator[str]:
        """Excuses that lie in what stands around a mention."""
        changed = mention.kind is ReferenceKind.VERSION and any(one in _CHANGES for one in mention.section)
        if changed or is_of_a_part(mention):
            yield "it is no version of the whole of today"
        # A heading above the help text of a program, `rename-table`, is often the name of what it tells of.
        help_text = mention.domain == "help" and verdict.certain
        if not help_text and _is_of_another_time(mention.section, PAST_TIMES if verdict.likely else OTHER_TIMES):
            yield "its section tells of another time"
        if not verdict.certain:
            yield from self._where_unsure(mention, verdict)
        if mention.form not in IN_BLOCKS:
            yield from _of_sentence(mention, verdict)

    def _where_unsure(self, mention: Mention, verdict: Verdict) -> Iterator[str]:
        asked = verdict.part if verdict.part and verdict.likely else mention.text.removesuffix("()")
        if asked in self._defined:
            yield "another document defines it"
        yield from _left_open(mention, verdict, self._document)


def templated_names(documents: Iterable[Document]) -> frozenset[str]:
    """Names that documents show as variables of templates: `project` of `{{ project.name }}`."""
    sentences = {one.sentence for document in documents for one in document.mentions if "{{" in one.sentence}
    return frozenset(name for one in sentences for name in _TEMPLATED.findall(one))


def _part_in_question(mention: Mention, verdict: Verdict) -> str:
    """Of a link: its fragment where the file is there, since the nearest links then lead to the same file.

    Nothing where it is written almost as one that is there: `documenting-your-api.md` is a name, not a placeholder.
    """
    if verdict.nearest and fuzz.ratio(mention.text, verdict.nearest[0]) >= _ALMOST:
        return ""
    if STAND_IN_ADDRESS.fullmatch(mention.text):
        return "<address>"
    path, _, fragment = mention.text.partition("#")
    same = [one for one in verdict.nearest if one.partition("#")[0] == path]
    return fragment if fragment and verdict.nearest and len(same) == len(verdict.nearest) else mention.text


def _is_of_another_time(section: tuple[str, ...], times: re.Pattern[str]) -> bool:
    """Whether a heading tells of another time; `5.1 Parser` below `5 Scope` is a number of a section, not a version."""
    numbers = [NUMBERED.match(heading) for heading in section]
    for at, heading in enumerate(section):
        number = numbers[at]
        above = (one["number"] for one in numbers[:at] if one)
        counted = number is not None and any(number["number"].startswith(f"{one}.") for one in above)
        if times.search(heading[number.end() :] if number and counted else heading):
            return True
    return False


def _name_in_question(mention: Mention, verdict: Verdict) -> str:
    """Of a path what stands before its suffix; `r.jsons()` is said of a response, whatever the variable is called."""
    if mention.kind is ReferenceKind.PATH:
        return splitext(mention.text)[0]
    return mention.text.rpartition(".")[2] if verdict.likely else mention.text


def _names(mention: Mention, verdict: Verdict) -> set[str]:
    """Names by which a document may define what is meant; a variable that it defines may be of a known class."""
    text = mention.text.removesuffix("()")
    head = _head(text)
    if verdict.part and mention.form is Form.PYTHON and mention.domain != "unbound":
        return set()  # the block shows where its callee comes from
    names = {text, text.rpartition(".")[2], text.rpartition("/")[2]}
    if mention.kind is ReferenceKind.PATH and "/" in text:
        return names - {text.rpartition(".")[2]}
    return names if verdict.likely and head != text and head.islower() else {*names, head}


def _is_so_called(mention: Mention, verdict: Verdict) -> bool:
    """Whether what is most likely meant has such a word in its name too: `receive_some`."""
    owner, _, name = mention.text.removesuffix("()").rpartition(".")
    nearest = _last((*verdict.nearest, "")[0])
    named = not nearest or (nearest != name and PLACEHOLDER.search(nearest) is not None)
    return verdict.likely and named and not PLACEHOLDER.search(owner)


def _head(text: str) -> str:
    return _HEAD_END.split(text, maxsplit=1)[0]


def _last(name: str) -> str:
    return name.removesuffix("()").rpartition(".")[2]


def _left_open(mention: Mention, verdict: Verdict, document: Document) -> Iterator[str]:
    """Excuses for what nothing is known of: what a document leaves open, or has from elsewhere."""
    comparisons = COMPARED if verdict.likely else COMPARISONS
    if any(comparisons.search(heading) for heading in mention.section) and not _is_almost(mention, verdict):
        yield "its section compares with others"
    if mention.domain == "unbound" and not (verdict.likely and verdict.part):
        yield "the block does not show where it comes from"
    after = mention.sentence.partition(mention.text)[2].lstrip("`")
    begun = mention.text.endswith("_") and not (verdict.likely and "__" in mention.text)
    if begun or after.startswith(("...", "…")):
        yield "the beginning of a name"
    if mention.text.removesuffix("()").endswith("Name") and _often(mention, document):
        yield "a stand-in for names of its kind"
    if mention.text in TYPES_OF_OTHERS:
        yield "a type of another language"
    if mention.text.removesuffix("()").isupper() and (mention.text.endswith("()") or after.startswith("(")):
        yield "a function of SQL"


def _is_almost(mention: Mention, verdict: Verdict) -> bool:
    """Whether a name is most likely one that is there, and is written almost as that."""
    nearest, name = _last((*verdict.nearest, "")[0]), _last(mention.text)
    return verdict.likely and (fuzz.ratio(name, nearest) >= _ALMOST or has_same_words(name, nearest))


def _is_plain_slip(mention: Mention, verdict: Verdict) -> bool:
    """Whether it is a known name but for a letter or two, and its sentence does not set the two beside each other."""
    return verdict.slip and not _stands_beside(mention, verdict)


def _stands_beside(mention: Mention, verdict: Verdict) -> bool:
    """Whether a sentence says a name too that is much like what does not hold in it."""
    near, name = [_last(one) for one in verdict.nearest], _last(mention.text)
    like = [one for index, one in enumerate(near) if one and (index == 0 or fuzz.ratio(one, name) >= _LIKE)]
    return any(re.search(rf"(?<![\w-]){re.escape(one)}(?![\w-])", mention.sentence) for one in like)


def _is_ours(mention: Mention, verdict: Verdict) -> bool:
    """Whether the name begins as one of ours does: with a package of ours, or in a folder that is there."""
    owner, mark, _ = mention.text.removesuffix("()").rpartition("/" if mention.kind is ReferenceKind.PATH else ".")
    sure = verdict.likely or mention.kind is ReferenceKind.PATH
    return bool(mark) and sure and any(one.startswith(owner + mark) for one in verdict.nearest[:1])


def _often(mention: Mention, document: Document) -> bool:
    """Whether a document says a name again and again: nobody mistypes `ToolName` each time."""
    return sum(one.text == mention.text for one in document.mentions) >= _AGAIN


def _is_alone(mention: Mention, verdict: Verdict) -> bool:
    """Whether it is most likely a name that is there, of which the sentence does not speak beside it."""
    return verdict.likely and not _stands_beside(mention, verdict)


def _is_past(before: str, after: str, sentence: str, *, alone: bool) -> bool:
    """Whether words say that what stands between them was; `alone` needs plainer ones."""
    if PAST_AFTER.match(after):
        return True
    if alone and NOW_BEFORE.search(before):
        return False
    past = GONE_BEFORE if alone else PAST_BEFORE
    return bool(past.search(before) or PAST_SENTENCE.search(sentence))


def _is_of_others(before: str, after: str, *, likely: bool) -> bool:
    """Whether words say that others have what stands between them; what is `similar to` others is ours."""
    if likely:
        return bool(COMPARED_WITH.search(before) or LANGUAGES.search(before) or LANGUAGES.search(after))
    return bool(OTHERS.search(before) or OTHERS.search(after))


def _of_sentence(mention: Mention, verdict: Verdict) -> Iterator[str]:
    """Excuses that lie in the words around a mention."""
    sentence = mention.sentence.replace("\N{RIGHT SINGLE QUOTATION MARK}", "'")
    before, found, after = sentence.partition(mention.text)
    if not found:
        before, after = sentence, sentence
    before, after = before[-_NEAR:].rstrip("`'\"*( "), after[:_NEAR].lstrip("`'\"*) ")
    if _is_past(before, after, sentence, alone=_is_alone(mention, verdict)):
        yield "its sentence tells of another time"
    if is_made_up(mention, verdict):
        yield "its sentence makes it up"
    # "has no limit (default: 100)" denies no default.
    if mention.kind is not ReferenceKind.VALUE and (DENIED_BEFORE.search(before) or DENIED_AFTER.match(after)):
        yield "its sentence denies it"
    if not verdict.certain and not _is_ours(mention, verdict) and _is_of_others(before, after, likely=verdict.likely):
        yield "its sentence tells of others"
    if (
        not verdict.certain
        and not verdict.likely
        and mention.kind is not ReferenceKind.PATH
        and IMAGINED_BEFORE.search(before)
    ):
        yield "its sentence imagines it"
