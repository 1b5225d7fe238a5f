r"""Values without quotes: in settings and shell files, in comments, inside of strings, in prose.

Comes in: a text and a name that stands in it. Goes out: extents of values, and how much their look must say.
Must never: take an expression of code for a value; look further than a bounded distance.

Shapes: `PASSWORD=…`, `password: …`, `ENV PASSWORD …`, `password: |` with the value on the
next line, `# password: …`, `"…;password=…;…"`,
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
    r"""["']?[ \t]{0,40}(?:[:=]|\?=|:="""
    r"""|=>)[ \t]{0,40}(?:!!\w{1,8}[ \t])?(?P<value>[^\s"'`#;,&|()<>{}\[\]$!*][^\n"'`#{}\[\]<>|$]{2,400}?)"""
    r"""(?=[ \t]*(?:$|[ \t][#;]|[ \t]\\$))""",
    re.MULTILINE,
)
_SIGNED: Final = re.compile(
    r"""["']?[ \t]{0,40}(?:=|:(?=[ \t]))[ \t]{0,40}(?P<value>(?![|>][-+]?\d?[ \t]*$)[^\s"'`<>]{3,400})"""
    r"""(?=[ \t]*(?:$|[ \t][#;]))""",
    re.MULTILINE,
)
"""A value with signs that mean something elsewhere, too."""
_BLOCK: Final = re.compile(r"""["']?:[ \t]{0,8}[|>][-+]?[ \t]*\n[ \t]{1,40}(?P<value>\S{3,400})[ \t]*(?:\n|$)""")
_WORD: Final = re.compile(
    r"""(?:[ \t]?(?:\?|\+|:)?=|[ \t](?=\S))[ \t]{0,8}(?P<value>[^\s"'`$;|&()<>\\][^\s"'`$;|&()<>\\]{2,400})"""
)
_DEFINED: Final = re.compile(
    r"""[ \t]?(?:\?|\+|:)?=[ \t]{0,8}(?P<value>[^\s"'`$#][^\n"'`$#]{2,400}?)(?=[ \t]*(?:$|\#))""", re.MULTILINE
)
_FLOW: Final = re.compile(
    r"""["']?[ \t]{0,4}[:=][ \t]{0,8}(?P<value>[^\s"'`,{}\[\]()<>$|&*!#][^\s"'`,{}\[\]()<>$]{2,200})"""
    r"""(?=[ \t]{0,8}(?:[,}]|[ \t]\w{1,40}[ \t]?[:=]))"""
)
"""Between braces on one line, as YAML, HOCON and servers' own formats have it."""
_MAKEFILES: Final = frozenset({"makefile", "gnumakefile"})
_MARK: Final = r"[*_`~]{0,3}"
_TOLD: Final = re.compile(
    rf"""(?:[ \t]?[(\[]\w{{1,20}}[)\]])?(?P<key>\\{{0,3}}["'])?{_MARK}[ \t]{{0,20}}(?P<how>:=|=>|==?|:"""
    rf"""|\uff1a)[ \t]{{0,20}}{_MARK}[ \t]?(?P<open>[`(\[\u201c\u2018"]?)"""
    r"""(?P<value>[^\s"'`\u201c\u201d\u2018\u2019<>,;|&()\[\]{}\\](?:[^\s"'`\u201c\u201d\u2018\u2019<>,;|()\[\]{}\\&]|&(?!\w{1,30}=)){2,200})"""
)
_SENTENCE: Final = re.compile(
    r"""[ \t]{1,4}(?:(?:is|was|be|are|to|of|will[ ]be|set[ ]to"""
    r"""|being|has[ ]been[ ]set[ ]to|should[ ]be|must[ ]be|would[ ]be|lautet|ist|est|es|é"""
    r""")[ \t]{1,4}(?:set[ ]to[ ]|always[ ]|just[ ]|now[ ]|simply[ ])?:?[ \t]?"""
    r"""|-[ \t]|\u2013[ \t]|(?=[`("'\u201c\u2018]))"""
    r"""(?P<open>[*_]{0,2}[`("'\u201c\u2018]{0,2})(?P<value>[^\s"'`\u201c\u201d\u2018\u2019<>,;|()\[\]{}\\]{3,200})"""
)
_DEFAULT: Final = re.compile(
    r"""[.,;]?[ ]\(?[Dd]efault(?:s[ ]to|[ ]is|:|[ ]=)?[ ](?P<open>[`"']?)(?P<value>[^\s"'`<>,;|()\[\]{}\\]{3,200})"""
)
_BOTH: Final = re.compile(
    rf"""s?(?:\\?["'])?{_MARK}[ \t]{{0,4}}(?:[:=]|is|are|->|=>"""
    rf"""|\uff1a){_MARK}[ \t]{{0,4}}{_MARK}["'(]?[\w.@+-]{{1,60}}["'`*]{{0,2}}[ \t]?(?:/|:|,|\||and|&"""
    rf"""|;)[ \t]?["'`*]{{0,2}}"""
    r"""(?P<value>[^\s"'`\u201c\u201d\u2018\u2019<>,;|()\[\]{}\\]{3,200})"""
)
_PAIRED: Final = re.compile(
    r"(?:user(?:[ _-]?(?:name|id))?|login|id|account|e?-?mail|usr)s?[`*_]{0,2}[ \t]?(?:/|and|:|,|&|\||\+|-"
    r"|\()[ \t]?[`*_]{0,2}\Z",
    re.IGNORECASE,
)
_EXPRESSION: Final = re.compile(r"[A-Za-z_$@&*][\w.$:>\-]*[,;]?|-?\d{1,3}[,;]?|0x[0-9a-fA-F]{1,8}[,;]?")
_FIRST: Final = re.compile(r"^[\s\"'+-]*(?:-[ ]|[\w.-]+[.:\[]|export[ ])?[\w.\"'-]*$")
_QUALIFIED: Final = re.compile(
    r":(?:(?:param|parameter|arg|argument|key|keyword|kwarg|type|var|ivar|cvar|raises)[ ][\w.]*[ ]?)?\Z"
)
"""In front of the name of a field in Sphinx's markup, of a part of an ARN."""
_VERBS: Final = frozenset({"pass"})
_GIVEN: Final = re.compile(
    r"""(?:=|:[ \t]{1,4}|[ ]=[ ])(?P<value>[^\s"'`\u201c\u201d\u2018\u2019<>,;|&()\[\]{}\\*$#]{3,200}?)"""
    r"""(?:(?P<end>[ \t]*\\?(?=\n|$))|(?=[ \t"'`,;|&)\]}\\<]))"""
)
"""A value in a line of settings that a comment, a string or prose quotes."""
_WHOLE: Final = re.compile(
    r"""(?:=(?=\S)(?P<value>[^\n"'`\\<>{}]{3,200}?)|:[ ](?P<value_of_key>[^\s"'`\\<>{}]{3,200}))"""
    r"""(?=[ \t]*(?:\n|\Z|\\n?["']?|["']))"""
)
"""All that stands behind the sign up to the end of a line, or of what quotes the line."""
_ALONE: Final = re.compile(r"(?:(?:^|\n)[\s#/*;>|+`-]*(?:-[ ]|export[ ]|set[ ])?[\w.]*|[\"']|\\n)\Z")
_TRAILING: Final = ".,:;!?*_)"
_LINE_NEED: Final = {Sureness.CERTAIN: Need.ANY, Sureness.LIKELY: Need.RANDOM, Sureness.VAGUE: Need.STRONG}
_NEED: Final = {Sureness.CERTAIN: Need.MIXED, Sureness.LIKELY: Need.RANDOM, Sureness.VAGUE: Need.STRONG}
_FLAG_OR_WORD: Final = re.compile(
    r"(?:^|[\s;&|(`\"'])(?:export |set |setx |env |ENV |ARG |setenv |-e |--env[ =]|--build-arg[ =]|local "
    r"|readonly |declare (?:-x )?|\$env:)?\Z"
)
_SET_BY_BLANK: Final = re.compile(
    r"(?:^|[\s;&|])(?:ENV|setenv|SetEnv|setx|set -x|set -gx|fastcgi_param|proxy_set_header) \Z"
)
_LONG_LINE: Final = 200
_NEAR: Final = 40
"""Characters in front of a name that tell how it is given a value."""

Given = tuple[tuple[int, int], Need]


def find_bare(around: Surroundings, name: Name) -> Iterator[tuple[Extent, Need]]:
    """Find what a name is given without quotes."""
    if _QUALIFIED.search(around.subject.text[max(0, name.start - 40) : name.start]):
        return
    if "badge" in around.subject.text[max(0, name.start - 40) : name.start]:
        return
    place = around.at(name.start)
    found = None
    if place is Place.SHELL:
        found = _in_shell(around, name)
    elif place is Place.SETTINGS:
        found = _in_settings(around.subject.text, name)
    if found is None:
        found = _told(around.subject.text, name, place)
    if found is not None:
        yield found


def _in_shell(around: Surroundings, name: Name) -> Given | None:
    text = around.subject.text
    match = (_DEFINED if around.subject.name in _MAKEFILES else _WORD).match(text, name.end)
    before = _line_before(text, name)
    if match is None or not _FLAG_OR_WORD.search(before):
        return None
    by_blank = text[name.end] in " \t" and "=" not in text[name.end : match.start("value")]
    if by_blank and not _SET_BY_BLANK.search(before):
        return None
    return match.span("value"), _LINE_NEED[name.sureness]


def _in_settings(text: str, name: Name) -> Given | None:
    if text.startswith("=", name.end) and not _FIRST.match(_line_before(text, name)):
        return None
    flow = _FLOW.match(text, name.end) if "{" in _line_before(text, name, _LONG_LINE) else None
    if flow is not None:
        return flow.span("value"), _LINE_NEED[name.sureness]
    for pattern, need in ((_BLOCK, _LINE_NEED), (_LINE, _LINE_NEED), (_SIGNED, _NEED)):
        match = pattern.match(text, name.end)
        if match is not None:
            return match.span("value"), need[name.sureness]
    return None


def _told(text: str, name: Name, place: Place) -> Given | None:
    """What a comment, a string or prose says that a password is."""
    if place is not Place.CODE:
        found = _with_user(text, name) or _setting(text, name)
        if found is not None:
            return found
    match = _TOLD.match(text, name.end)
    if match is None:
        return None if place in {Place.CODE, Place.SHELL} else _in_sentence(text, name)
    extent = _trimmed(text, match.span("value"))
    if place is Place.CODE or (match["key"] is not None and place is Place.STRING):
        expression = not match["open"] and _EXPRESSION.fullmatch(text[slice(*extent)]) is not None
        if expression or text.startswith(("(", "[", "{", "<"), match.end()):
            return None
    return extent, _NEED[name.sureness]


def _with_user(text: str, name: Name) -> Given | None:
    """The password of `user/password: … / …` and of `credentials: …:…`."""
    given = name.kind == "credential" and "cred" in name.identifier.lower()
    if not given and not (
        name.sureness is Sureness.CERTAIN and _PAIRED.search(text, max(0, name.start - 24), name.start)
    ):
        return None
    match = _BOTH.match(text, name.end)
    return None if match is None else (_trimmed(text, match.span("value")), Need.MIXED)


def _in_sentence(text: str, name: Name) -> Given | None:
    if name.sureness is not Sureness.CERTAIN or name.identifier.lower().rpartition("--")[2] in _VERBS:
        return None
    match = _SENTENCE.match(text, name.end) or _DEFAULT.match(text, name.end)
    if match is None:
        return None
    extent = _trimmed(text, match.span("value"))
    value = text[slice(*extent)]
    marked = match["open"].strip("*_(") and value[0] not in ":#.-"
    return (extent, Need.MIXED) if marked or _told_by_signs(value) else None


def _line_before(text: str, name: Name, reach: int = _NEAR) -> str:
    return text[max(0, name.start - reach) : name.start].rpartition("\n")[2]


def _setting(text: str, name: Name) -> Given | None:
    """What a name of settings, which no prose has, is given without blanks, or alone on its line."""
    identifier = name.identifier
    if identifier[0].isupper() != identifier.isupper():
        return None
    need = _LINE_NEED[name.sureness]
    alone = _ALONE.search(text[max(0, name.start - 40) : name.start]) is not None
    if alone and "_" in identifier and (whole := _WHOLE.match(text, name.end)) is not None:
        return whole.span("value" if whole["value"] else "value_of_key"), need
    match = _GIVEN.match(text, name.end)
    if match is None:
        return None
    if text[name.end] == "=" and (match["end"] is not None or "_" in identifier):
        return _trimmed(text, match.span("value")), need
    if alone and match["end"] is not None and identifier.islower():
        return _trimmed(text, match.span("value")), need
    return None


def _told_by_signs(value: str) -> bool:
    """Whether a word of a sentence is no word: a digit among letters, or a sign that no sentence has."""
    if not any(map(str.isalpha, value)) or (not value[0].isalnum() and value[0] in ":#."):
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
