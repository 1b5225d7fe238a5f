"""Finds the first sentence of a paragraph of Markdown, whole.

Comes in: one paragraph, on one line.
Goes out: its first sentence and the rest.
Must never: end a sentence inside code, a link, a bracket, an abbreviation, a number or a file name.
"""

from __future__ import annotations

import re

_MASKED = re.compile(r"(?<!\\)(`+)(?!`).+?(?<!`)\1(?!`)|\]\([^()\s]+\)|<[a-z]+:[^<>\s]+>")
_END = re.compile(r"[.!?…]+(?:[\"'”\u2019)\]*_]+[.!?…]*)*(?=\s|$)")
_LAST_WORD = re.compile(r"[\w.&'\u2019-]+$")
_NEVER_LAST = frozenset(
    [
        "e.g",
        "i.e",
        "eg",
        "ie",
        "vs",
        "cf",
        "viz",
        "resp",
        "approx",
        "ca",
        "mr",
        "mrs",
        "ms",
        "dr",
        "prof",
        "st",
        "fig",
        "figs",
        "eq",
        "eqs",
        "sec",
        "ch",
        "vol",
        "pp",
        "p",
        "ver",
        "min",
        "max",
        "avg",
        "incl",
        "excl",
        "esp",
        "aka",
        "a.k.a",
        "w.r.t",
        "wrt",
        "c.f",
        "ex",
        "no",
        "nos",
        "ref",
        "refs",
        "dept",
        "est",
        "misc",
        "num",
        "param",
        "params",
        "arg",
        "args",
        "def",
        "ibid",
        "nb",
        "n.b",
        "rev",
        "orig",
        "opt",
    ]
)
_SELDOM_LAST = frozenset(["etc", "al", "inc", "ltd", "jr", "sr", "co", "corp", "u.s", "u.k", "a.m", "p.m"])
_STARTERS = frozenset(
    [
        "a",
        "an",
        "the",
        "this",
        "these",
        "that",
        "those",
        "it",
        "its",
        "if",
        "when",
        "while",
        "in",
        "on",
        "for",
        "to",
        "use",
        "used",
        "uses",
        "returns",
        "return",
        "raises",
        "see",
        "note",
        "each",
        "all",
        "any",
        "no",
        "one",
        "by",
        "as",
        "at",
        "we",
        "you",
        "they",
        "there",
        "here",
    ]
)


def split_first_sentence(text: str) -> tuple[str, str]:
    """The first sentence and what follows it, both stripped; without an end, all of `text` and nothing."""
    masked = _MASKED.sub(lambda match: "X" * len(match[0]), text)
    balanced = masked.count("(") == masked.count(")")
    for end in _END.finditer(masked):
        if _ends_sentence(masked, end, balanced=balanced):
            return text[: end.end()].strip(), text[end.end() :].strip()
    return text.strip(), ""


def _ends_sentence(text: str, end: re.Match[str], *, balanced: bool) -> bool:  # noqa: PLR0911  one rule a return
    before, after = text[: end.start()], text[end.end() :].lstrip()
    if not before.strip():
        return False
    if not after:
        return True
    if balanced and text.count("(", 0, end.end()) > text.count(")", 0, end.end()):
        return False
    if after[0].islower() and not after.startswith(("http", "e.g", "i.e")):
        return False
    if set(end[0]) <= {".", "…"} and (end[0].startswith("..") or "…" in end[0]):
        # An ellipsis in mid-sentence is followed by more of it.
        return after[0].isupper() and not before[-1].isspace()
    if not end[0].startswith("."):
        return True
    return not _abbreviates(before, after)


def _abbreviates(before: str, after: str) -> bool:
    """The full stop after `before` belongs to its last word."""
    found = _LAST_WORD.search(before)
    word = found[0].lstrip("'.-") if found else ""
    if word.lower() in _NEVER_LAST:
        # "no." and "max." are words as well as abbreviations.
        return word.lower() not in {"no", "max", "min", "def", "ex", "est", "ref"} or not after[0].isupper()
    if word.lower() in _SELDOM_LAST:
        return not after[0].isupper()
    if before.strip() == word and re.fullmatch(r"[\d.]+", word):
        return True
    if (len(word) == 1 and word.isupper()) or re.fullmatch(r"(?:[A-Z]\.)+[A-Z]", word):
        return after.split(" ", 1)[0].lower().strip(",") not in _STARTERS
    return False
