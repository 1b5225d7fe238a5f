r"""Values without quotes: in settings and shell files, in comments, inside of strings, in prose.

Comes in: a text and a name that stands in it. Goes out: extents of values, and how much their look must say.
Must never: take an expression of code for a value; look further than a bounded distance.

Shapes: `PASSWORD=…`, `password: …`, `ENV PASSWORD …`, `password: |` with the value on the next line, `# password: …`, `"…;password=…;…"`,
`the password is …`, `**Password**: …`, `user/password: … / …`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from fieldguide.redact.likeness import gibberish
from fieldguide.redact.positions.names import Name, Sureness
from fieldguide.redact.positions.surroundings import Place, Surroundings
from fieldguide.redact.values import Need

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fieldguide.redact.positions.literals import Extent

_LINE: Final = re.compile(
    r"""["']?[ \t]{0,40}(?:[:=]|\?=|:=|=>)[ \t]{0,40}(?:!!\w{1,8}[ \t])?(?P<value>[^\s"'`#;,&|()<>{}\[\]$!*][^\n"'`#{}\[\]<>|$]{2,400}?)"""
    r"""(?=[ \t]*(?:$|[ \t][#;]|[ \t]\\$))""",
    re.MULTILINE,
)
_SIGNED: Final = re.compile(
    r"""["']?[ \t]{0,40}(?:=|:(?=[ \t]))[ \t]{0,40}(?P<value>(?![|>][-+]?\d?[ \t]*$)[^\s"'`<>]{3,400})(?=[ \t]*(?:$|[ \t][#;]))""",
    re.MULTILINE,
)
"""A value with signs that mean something elsewhere, too."""
_BLOCK: Final = re.compile(r"""["']?:[ \t]{0,8}[|>][-+]?[ \t]*\n[ \t]{1,40}(?P<value>\S{3,400})[ \t]*(?:\n|$)""")
_WORD: Final = re.compile(
    r"""(?:[ \t]?(?:\?|\+|:)?=|[ \t](?=\S))[ \t]{0,8}(?P<value>[^\s"'`$;|&()<>\\][^\s"'`$;|&()<>\\]{2,400})"""
)
_MARK: Final = r"[*_`~]{0,3}"
_TOLD: Final = re.compile(
    rf"""(?:[ \t]?[(\[]\w{{1,20}}[)\]])?(?P<key>\\{{0,3}}["'])?{_MARK}[ \t]{{0,20}}(?P<how>:=|=>|==?|:|：)[ \t]{{0,20}}{_MARK}[ \t]?(?P<open>[`(\[“‘"]?)"""
    r"""(?P<value>[^\s"'`“”‘’<>,;|&()\[\]{}\\](?:[^\s"'`“”‘’<>,;|()\[\]{}\\&]|&(?!\w{1,30}=)){2,200})"""
)
_SENTENCE: Final = re.compile(
    r"""(?:[.,]?[ ]\(?[Dd]efault(?:s[ ]to|[ ]is|:)?[ ]|[ \t]{1,4})(?:(?:is|was|be|are|to|of|will[ ]be|set[ ]to|being|has[ ]been[ ]set[ ]to|should[ ]be|must[ ]be|would[ ]be|lautet|ist|est|es|é|(?<=[Dd]efault[ :])|(?<=default[ ]is)|(?<=s[ ]to))[ \t]{0,4}(?:set[ ]to[ ]|always[ ]|just[ ]|now[ ]|simply[ ])?:?[ \t]?|-[ \t]|–[ \t]|(?=[`("'“‘]))"""
    r"""(?P<open>[*_]{0,2}[`("'“‘]{0,2})(?P<value>[^\s"'`“”‘’<>,;|()\[\]{}\\]{3,200})"""
)
_BOTH: Final = re.compile(
    rf"""s?(?:\\?["'])?{_MARK}[ \t]{{0,4}}(?:[:=]|is|are|->|=>|：){_MARK}[ \t]{{0,4}}{_MARK}["'(]?[\w.@+-]{{1,60}}["'`*]{{0,2}}[ \t]?(?:/|:|,|\||and|&|;)[ \t]?["'`*]{{0,2}}"""
    r"""(?P<value>[^\s"'`“”‘’<>,;|()\[\]{}\\]{3,200})"""
)
_PAIRED: Final = re.compile(
    r"(?:user(?:[ _-]?(?:name|id))?|login|id|account|e?-?mail|usr)s?[`*_]{0,2}[ \t]?(?:/|and|:|,|&|\||\+|-|\()[ \t]?[`*_]{0,2}$",
    re.IGNORECASE,
)
_EXPRESSION: Final = re.compile(r"[A-Za-z_$@&*][\w.$:>\-]*[,;]?|-?\d{1,3}[,;]?|0x[0-9a-fA-F]{1,8}[,;]?")
_FIRST: Final = re.compile(r"^[\s\"'+-]*(?:-[ ]|[\w.-]+[.:\[]|export[ ])?[\w.\"'-]*$")
_QUALIFIED: Final = re.compile(r":(?:[a-z]+[ ][\w.]*[ ]?)?$")
"""In front of the name of a field in Sphinx's markup, of a part of an ARN."""
_VERBS: Final = frozenset({"pass"})
_GIVEN: Final = re.compile(
    rf"""(?:=|:[ \t]{{1,4}}|[ ]=[ ])(?P<value>[^\s"'`“”‘’<>,;|&()\[\]{{}}\\*$#]{{3,200}}?)(?:(?P<end>[ \t]*\\?(?=\n|$))|(?=[ \t"'`,;|&)\]}}\\<]))"""
)
"""A value in a line of settings that a comment, a string or prose quotes."""
_ALONE: Final = re.compile(r"^[\s#/*;>|+`-]*(?:-[ ]|export[ ]|set[ ])?[\w.]*$")
_TRAILING: Final = ".,:;!?*_)"
_LINE_NEED: Final = {Sureness.CERTAIN: Need.ANY, Sureness.LIKELY: Need.RANDOM, Sureness.VAGUE: Need.STRONG}
_NEED: Final = {Sureness.CERTAIN: Need.MIXED, Sureness.LIKELY: Need.RANDOM, Sureness.VAGUE: Need.STRONG}
_FLAG_OR_WORD: Final = re.compile(
    r"(?:^|[\s;&|(`\"'])(?:export |set |setx |env |ENV |ARG |setenv |-e |--env[ =]|--build-arg[ =]|local |readonly |declare (?:-x )?|\$env:)?$"
)
_SET_BY_BLANK: Final = re.compile(
    r"(?:^|[\s;&|])(?:ENV|setenv|SetEnv|setx|set -x|set -gx|fastcgi_param|proxy_set_header) $"
)


def find_bare(around: Surroundings, name: Name) -> Iterator[tuple[Extent, Need]]:
    """Find what a name is given without quotes."""
    if _QUALIFIED.search(around.subject.text[max(0, name.start - 40) : name.start]):
        return
    if "badge" in around.subject.text[max(0, name.start - 40) : name.start]:
        return
    place = around.at(name.start)
    if place in {Place.SETTINGS, Place.SHELL}:
        found = _in_settings(around, name, place)
        if found is not None:
            yield found
            return
    yield from _told(around, name, place)


def _in_settings(around: Surroundings, name: Name, place: Place) -> tuple[Extent, Need] | None:
    text = around.subject.text
    before = text[max(0, name.start - 40) : name.start].rpartition("\n")[2]
    if place is Place.SHELL:
        match = _WORD.match(text, name.end)
        if match is None or not _FLAG_OR_WORD.search(before):
            return None
        if (
            text[name.end] in " \t"
            and "=" not in match[0][: match.start("value") - name.end]
            and not _SET_BY_BLANK.search(before)
        ):
            return None
        return match.span("value"), _LINE_NEED[name.sureness]
    if text[name.end : name.end + 1] == "=" and not _FIRST.match(before):
        return None
    block = _BLOCK.match(text, name.end)
    if block is not None:
        return block.span("value"), _LINE_NEED[name.sureness]
    if (match := _LINE.match(text, name.end)) is not None:
        return match.span("value"), _LINE_NEED[name.sureness]
    if (match := _SIGNED.match(text, name.end)) is not None:
        return match.span("value"), _NEED[name.sureness]
    return None


def _told(around: Surroundings, name: Name, place: Place) -> Iterator[tuple[Extent, Need]]:
    """What a comment, a string or prose says that a password is."""
    text = around.subject.text
    need = _NEED[name.sureness]
    given = name.kind == "credential" and "cred" in name.identifier.lower()
    if (name.sureness is Sureness.CERTAIN or given) and place is not Place.CODE:
        both = _BOTH.match(text, name.end)
        if both is not None and (given or _PAIRED.search(text[max(0, name.start - 24) : name.start])):
            yield _trimmed(text, both.span("value")), Need.MIXED
            return
    setting = None if place is Place.CODE else _setting(text, name)
    if setting is not None:
        yield setting
        return
    match = _TOLD.match(text, name.end)
    if match is not None:
        if match["key"] is not None and place is Place.STRING:
            place = Place.CODE
        extent = _trimmed(text, match.span("value"))
        if place is Place.CODE and not match["open"] and _EXPRESSION.fullmatch(text[slice(*extent)]):
            return
        if place is Place.CODE and text[match.end() : match.end() + 1] in {"(", "[", "{", "<"}:
            return
        yield extent, need
        return
    if name.sureness is not Sureness.CERTAIN or place in {Place.CODE, Place.SHELL} or name.identifier.lower() in _VERBS:
        return
    match = _SENTENCE.match(text, name.end)
    if match is not None:
        extent = _trimmed(text, match.span("value"))
        value = text[slice(*extent)]
        if (match["open"].strip("*_(") and value[0] not in ":#.-") or _told_by_signs(value):
            yield extent, Need.MIXED


def _setting(text: str, name: Name) -> tuple[Extent, Need] | None:
    """What a name of settings, which no prose has, is given without blanks, or alone on its line."""
    match = _GIVEN.match(text, name.end)
    if (
        match is None
        or name.identifier != name.identifier.strip("-.")
        or name.identifier[0].isupper() != name.identifier.isupper()
    ):
        return None
    sign = text[name.end]
    if sign == "=" and (match["end"] or "_" in name.identifier):
        return _trimmed(text, match.span("value")), _LINE_NEED[name.sureness]
    alone = match["end"] is not None and _ALONE.match(text[max(0, name.start - 40) : name.start].rpartition("\n")[2])
    if alone and name.identifier.islower():
        return _trimmed(text, match.span("value")), _LINE_NEED[name.sureness]
    return None


def _told_by_signs(value: str) -> bool:
    """Whether a word of a sentence is no word: a digit among letters, or a sign that no sentence has."""
    if not any(map(str.isalpha, value)) or not value[0].isalnum() and value[0] in ":#.":
        return False
    return any(map(str.isdigit, value)) or any(sign in value[1:] for sign in "@#$%^&!+") or bool(gibberish(value))


def _trimmed(text: str, extent: Extent) -> Extent:
    """Without the stop at the end of a sentence, and what marks code."""
    start, end = extent
    while (
        end > start
        and text[end - 1] in _TRAILING
        and not (
            text[end - 1] in "!*?_" and end - start > 1 and text[end - 2] not in _TRAILING and text[end - 1] == "!"
        )
    ):
        end -= 1
    return start, end
