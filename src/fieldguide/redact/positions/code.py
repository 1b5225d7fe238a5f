r"""Literals in code that a name is given: assigned, passed, compared, looked up with a default.

Comes in: a text and a name that stands in it. Goes out: extents of literals, and how much their look must say.
Must never: parse; look further than a bounded distance.

Shapes: `password = "…"`, `String password = "…"`, `password: str = "…"`, `"password": "…"`, `:password => '…'`,
`d["password"] = "…"`,
`char password[] = "…"`, `#define PASSWORD "…"`, `define('PASSWORD', '…')`, `setPassword("…")`,
`SecretStr("…")`, `tokens = ["…", "…"]`,
`os.environ.get("PASSWORD", "…")`, `… or "…"`, an option's `default="…"`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from fieldguide.redact.positions.literals import closes_a_string, literal_at
from fieldguide.redact.positions.names import Name, Sureness
from fieldguide.redact.values import Need

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fieldguide.redact.positions.literals import Extent
    from fieldguide.redact.subject import Subject

_OPERATOR: Final = r"(?:[=!]==?|:=|\?\?=|\|\|=|\?=|\+=|=>|<-|=|::?)"
_WRAPPED: Final = (
    r"(?:(?:new[ ]|&)?(?:[A-Za-z_]\w{0,20}(?:\.|::))?(?:SecretStr|SecretBytes|SecretString|Secret|SensitiveString"
    r"|Field|field|bytes|bytearray|str|String|string|to_string"
    r"|\[\]byte|\[\]rune|b64encode|b64decode|from|fromString|Some|Ok|of|quote|literal|Literal|Value|raw"
    r"|Encoding\.\w{1,10}\.GetBytes|GetBytes|decode|decodeBase64|decodeString|fromhex|unhexlify|_T|TEXT|L|html)"
    r"[(<{][ \t]{0,80}(?:\n[ \t]{0,80})?(?:(?:default|value|b64decode|b64encode)[ \t]{0,3}[=(][ \t]{0,3})?){0,2}"
)
_QUOTE_AHEAD: Final = r"(?=(?:u8|[@$A-Za-z]{0,2})\\{0,7}[\"'`])"
_ASSIGNED: Final = re.compile(
    rf"""
    \}}?(?P<key>\\{{0,7}}["'`])?
    (?:[ \t]?[\])]){{0,2}}                                                   # end of a subscript or of a call
    (?:\[\w{{0,20}}\]){{0,2}}                                                          # an array
    (?:[ \t]{{0,4}}\??:[ \t]{{0,2}}[&A-Za-z_][\w.\[\],\ |&'<>?]{{0,80}}?(?=[ \t]{{0,4}}=))?  # annotation
    (?:[ \t]{{1,8}}(?:[Aa]s[ \t]{{1,4}})?[A-Za-z*\[][\w.*\[\]<>?]{{0,40}}(?=[ \t]{{1,8}}=[ \t]))?  # a type, as in Go
    [ \t]{{0,40}}(?P<operator>{_OPERATOR})[ \t]{{0,40}}
    (?:\\?\n[ \t]{{0,80}})?
    (?P<open>[\[({{](?:\s{{0,80}}(?:\#[^\n]{{0,80}}\n\s{{0,80}})?))?
    {_WRAPPED}
    {_QUOTE_AHEAD}
    """,
    re.VERBOSE,
)
_FALLBACK: Final = re.compile(
    rf"""\\?["']?[\])]?[ \t]{{0,20}}{_OPERATOR}[ \t]{{0,20}}"""
    r"""(?:\([ \t]{0,4}(?:\#[^\n]{0,80})?\n)?(?:[^\n]{1,120}?\n(?=[ \t]{1,80}(?:or|if|else)\b)){0,3}"""
    rf"""[^\n]{{0,120}}?(?P<how>\bor\b|\|\||\?\?|\?:|\?"""
    rf"""|\belse\b|\.unwrap_or\(|getOrElse\(|orElse\()[ \t]{{0,8}}"""
    rf"""{_WRAPPED}{_QUOTE_AHEAD}"""
)
_SPACED: Final = re.compile(rf"[ \t]{{1,20}}(?:\+=?[ \t])?{_WRAPPED}{_QUOTE_AHEAD}")
_THROUGH: Final = re.compile(
    rf"[\"']?[ \t]{{0,20}}(?::?=|:|=>)[ \t]{{0,20}}(?:await )?[A-Za-z_$][\w.$:]{{0,80}}\([ \t]{{0,8}}{_QUOTE_AHEAD}"
)
"""What something is made of that the name is given."""
_OTHERWISE: Final = re.compile(rf"[ \t]{{0,4}}(?:\|\||\?\?|\bor\b)[ \t]{{0,4}}{_WRAPPED}{_QUOTE_AHEAD}")
_CALLED: Final = re.compile(rf"[ \t]?\(\s{{0,80}}{_WRAPPED}{_QUOTE_AHEAD}")
_CHECKING: Final = re.compile(
    r"^(?:get|read|prompt|ask|find|fetch|lookup|load|hash|hashed|encode|decode|parse|validate|is|has|no|test|fake"
    r"|random|generate|make|create|new|refresh|revoke|expect"
    r"|next|peek|match|input|translate|on|render|describe|it|check_?for|missing|add_?env|delete|remove|contains"
    r"|query)(?=[A-Z_.]|$)"
)
"""Beginnings of names of functions that are told which secret, and not the secret."""
_PASSED: Final = re.compile(
    rf"""(?P<quote>\\{{0,3}}["'`])(?:;s:\d{{1,6}}:|[ \t]{{0,4}},\s{{0,80}}(?:(?:default|value|val|defaultValue"""
    rf"""|fallback)[ \t]{{0,3}}[=:][ \t]{{0,3}})?"""
    rf"""|[ \t]{{0,4}}[)\]]{{1,2}}(?:\s{{0,20}}(?:\bor\b|\|\||\?\?|\?:)\s{{0,20}}|\.(?:unwrap_or|unwrap_or_else"""
    rf"""|getOrElse|orElse|default)\([ \t]{{0,4}}(?:\|_\|[ \t]?)?))"""
    rf"""{_WRAPPED}{_QUOTE_AHEAD}"""
)
_LOOKUP: Final = re.compile(
    r"(?:getenv|environ|env|ENV|get_?env\w*|getProperty|getOrDefault|fetch|config|setdefault|GetString|envOr\w*"
    r"|EnvOr\w*)\w{0,12}"
    r"(?:\.\w{1,12}){0,2}[(\[][ \t]{0,8}(?:\w{1,20},[ \t])?\\{0,3}[\"'`][\w.-]{0,60}\Z"
)
_SETTER: Final = re.compile(
    r"(?<![A-Za-z_])(?:set|put|add|define|append|(?:query|form|url)?_?param|header|with|pair|entry|const|insert"
    r"|store|assoc|setenv|putenv|formvalue|make_pair)"
    r"\w{0,20}!?[ \t]?\([ \t]{0,8}(?:\w{1,20},[ \t])?\\{0,3}[\"'`:][\w.-]{0,60}\Z",
    re.IGNORECASE,
)
_SYMBOL: Final = re.compile(r"(?:^|[\s.])(?:set|default|option|setting)[ (]:[\w.]{1,60}\Z")
_NEXT: Final = re.compile(r"[ \t]{0,4},[ \t]{0,20}(?=[\"'])")
_OPTION: Final = re.compile(r"""["']--?[\w-]{0,60}\Z""")
_OPTION_DEFAULT: Final = re.compile(rf"""["'][^()]{{0,240}}?\b[dD]efault[ \t]{{0,3}}[=:][ \t]{{0,3}}{_QUOTE_AHEAD}""")
_MORE: Final = re.compile(r"\s{0,80},\s{0,80}(?=[a-zA-Z]{0,2}[\"'])")
_ABBREVIATION: Final = 2
_ITEMS: Final = 64
_REACH: Final = 120
_DEFINED: Final = re.compile(r"(?:#\s?define|\bset|\bsetenv|\bset -g?x|\bPASSWORD|\b[Ww][Ii][Tt][Hh])[ \t]{1,4}\Z")
"""What gives a value to the name behind it without a sign."""
_NEAR: Final = 24
_COMMA: Final = re.compile(r"\s{0,20},")
_CLOSED: Final = re.compile(r"\s{0,40},?\s{0,40}[)\]}]")
_OPENED: Final = re.compile(r"[(\[{]\s{0,40}\\{0,3}[\"'`][\w.:/-]{0,60}\Z")
_SETTING: Final = re.compile(r"set(?=[A-Z_])")
"""Functions that are told whose secret it is before they are told the secret."""
_KEY_BEHIND: Final = re.compile(r"[ \t]{0,8}(?::(?!:)|=>)")
_NEED: Final = {Sureness.CERTAIN: Need.ANY, Sureness.LIKELY: Need.RANDOM, Sureness.VAGUE: Need.STRONG}
_NEED_OF_ARGUMENT: Final = dict.fromkeys(Sureness, Need.STRONG)
_NEED_OF_PAIR: Final = {Sureness.CERTAIN: Need.MIXED, Sureness.LIKELY: Need.RANDOM, Sureness.VAGUE: Need.STRONG}


def find_in_code(subject: Subject, name: Name) -> Iterator[tuple[Extent, Need]]:
    """Find the literals that a name is given."""
    text = subject.text
    match = _ASSIGNED.match(text, name.end)
    if match is not None:
        if not (match["operator"].startswith(":") and "\n" in match[0] and match["open"] is None):
            yield from _assigned(text, name, match)
        return
    for pattern, need in (
        (_FALLBACK, _NEED),
        (_OTHERWISE, _NEED),
        (_THROUGH, _NEED_OF_ARGUMENT),
        (_CALLED, _NEED),
        (_SPACED, _NEED_OF_PAIR),
    ):
        match = pattern.match(text, name.end)
        if match is None or (pattern is _CALLED and _CHECKING.match(name.identifier.rpartition(".")[2])):
            continue
        defined = pattern is _SPACED and _DEFINED.search(text[max(0, name.start - _NEAR) : name.start]) is not None
        if (
            pattern is _SPACED
            and (not defined or text[match.end()] == "`")
            and (name.sureness < Sureness.CERTAIN or name.identifier.lower().rpartition("--")[2] == "pass")
        ):
            continue
        value = literal_at(text, match.end())
        if value is not None and not closes_a_string(text, name.end, match.end()):
            uncertain = (pattern is _FALLBACK and match["how"] in {"?", "else"}) or (
                pattern is _CALLED and _COMMA.match(text, value[1]) is not None
            )
            if not (uncertain and pattern is _CALLED and _SETTING.match(name.identifier.rpartition(".")[2])):
                yield value[0], (_NEED_OF_PAIR if uncertain else _NEED if defined else need)[name.sureness]
            return
    yield from _passed(text, name)


def _assigned(text: str, name: Name, match: re.Match[str]) -> Iterator[tuple[Extent, Need]]:
    value = literal_at(text, match.end())
    if (
        match["key"] is None
        and match[0].startswith(")")
        and (name.sureness < Sureness.CERTAIN or len(name.identifier) <= _ABBREVIATION)
    ):
        return
    if value is None or (match["key"] is None and closes_a_string(text, name.end, match.end())):
        return
    if "\n" in match[0] and _KEY_BEHIND.match(text, value[1]):
        return
    need = _NEED[name.sureness]
    extent, end = value
    listed = match["open"] is not None and match["open"][0] in "[({"
    several = listed and (match["open"][0] != "(" or _COMMA.match(text, end) is not None)
    yield extent, max(need, Need.MIXED) if several else need
    for _ in range(_ITEMS if listed else 0):
        more = _MORE.match(text, end)
        value = None if more is None else literal_at(text, more.end())
        if value is None or _KEY_BEHIND.match(text, value[1]):
            return
        extent, end = value
        yield extent, max(need, Need.MIXED)


def _passed(text: str, name: Name) -> Iterator[tuple[Extent, Need]]:
    """What follows a name in quotes: the next argument, or what is taken when a variable of that name is not set."""
    before = text[max(0, name.end - _REACH) : name.end]
    if text[name.end : name.end + 1] not in {'"', "'", "`", "\\"}:
        symbol = _NEXT.match(text, name.end) if _SYMBOL.search(before) else None
        value = None if symbol is None else literal_at(text, symbol.end())
        if value is not None:
            yield value[0], _NEED[name.sureness]
        return
    match = _PASSED.match(text, name.end)
    if match is not None:
        value = literal_at(text, match.end())
        if value is None or _KEY_BEHIND.match(text, value[1]):
            return
        certain = _LOOKUP.search(before) or _SETTER.search(before)
        if (
            certain
            or (_OPENED.search(before) and _CLOSED.match(text, value[1]))
            or match[0][len(match["quote"])] in ";)]"
        ):
            yield value[0], (_NEED if certain else _NEED_OF_PAIR)[name.sureness]
    elif _OPTION.search(before) and (match := _OPTION_DEFAULT.match(text, name.end)) is not None:
        value = literal_at(text, match.end())
        if value is not None:
            yield value[0], _NEED[name.sureness]
