"""Literals that are assigned to a name which says that they are secrets.

Comes in: text in any language, and the file's path, which tells whether values stand without quotes.
Goes out: where the values stand, without the quotes. Must never: parse; look further than a bounded distance.

Shapes: `password = "…"`, `password: str = "…"`, `"password": "…"`, `login(password="…")`, `d["password"] = "…"`,
`SecretStr("…")`, `os.environ.get("PASSWORD", "…")`, `… or "…"`, an option's `default="…"`, and in YAML, INI,
environment and shell files `PASSWORD=…`.
"""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING, Final

from fieldguide.redact.secret import Secret, spanning
from fieldguide.redact.values import is_secret

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fieldguide.redact.rules import Rules

_QUOTED: Final = re.compile(
    r"""
    (?:[_-]?\d{1,2})?
    (?:\\?["'])?\s?\]?                                                            # end of a quoted key or a subscript
    (?:\s{0,4}:\s{0,2}[A-Za-z_][\w.\[\],\ |]{0,80}?(?=\s{0,4}=))?                 # annotation
    [ \t]{0,20}(?:[=!]=|:=|=>|=|:)[ \t]{0,20}
    (?:\(\s{0,80})?
    (?:\b(?:SecretStr|SecretBytes|Secret|Field|field|bytes|str)\(\s{0,80}(?:default\s{0,3}=\s{0,3})?)?
    (?P<prefix>[rRbBuUfF]{0,2})(?P<quote>\"{3}|'{3}|\\?["'])
    """,
    re.VERBOSE,
)
_LOOKED_UP: Final = re.compile(
    r"""["'](?:\s{0,4},\s{0,80}(?:default\s{0,3}=\s{0,3})?|\s{0,4}[)\]]\s{0,4}or\s{0,40})"""
    r"""(?P<prefix>[rRbBuUfF]{0,2})(?P<quote>\"{3}|'{3}|["'])"""
)
_LOOKUP: Final = re.compile(
    r"""(?:getenv|environ\.(?:get|setdefault)|\b(?:config|env(?:\.\w+)?|get_env\w*))\(\s{0,40}["'][\w.-]{0,60}$"""
    r"""|environ\[["'][\w.-]{0,60}$"""
)
_OPTION_DEFAULT: Final = re.compile(
    r"""["'][^()]{0,240}?\bdefault\s{0,3}=\s{0,3}(?P<prefix>[rRbBuUfF]{0,2})(?P<quote>\"{3}|'{3}|["'])"""
)
_OPTION: Final = re.compile(r"""["']--?[\w-]{0,60}$""")
_UNQUOTED: Final = re.compile(
    r"""["']?[ \t]{0,8}(?:[:=]|\?=|:=)[ \t]{0,8}(?P<value>[^\s"'`#;,&|()<>{}\[\]$!*][^\n"'`#{}\[\]<>|$]{2,200}?)"""
    r"""(?=[ \t]*(?:$|[ \t][#;]))""",
    re.MULTILINE,
)
_DOCKER: Final = re.compile(r"[ \t=](?P<value>[^\s\"'$]{3,200})(?=\s|$)")
_VALUES: Final = {
    quote: re.compile(rf"(?P<value>(?:[^{quote[-1]}\\{newline}]|\\[\s\S]{also}){{0,4096}}+){re.escape(quote)}")
    for quote, newline, also in (
        ('"', r"\n", ""),
        ("'", r"\n", ""),
        ('"""', "", '|"(?!"")'),
        ("'''", "", "|'(?!'')"),
    )
} | {
    f"\\{quote}": re.compile(rf"(?P<value>(?:[^{quote}\\\n]|\\(?!{quote})[\s\S]){{0,4096}}+)\\{quote}")
    for quote in ('"', "'")
}
_SETTINGS: Final = frozenset({".yml", ".yaml", ".ini", ".cfg", ".conf", ".properties", ".service"})
_SHELL: Final = frozenset({".sh", ".bash", ".zsh", ".mk"})
_SHELL_NAMES: Final = ("makefile", "gnumakefile", "justfile", "dockerfile", ".env")
_PROSE: Final = frozenset({".md", ".markdown", ".rst", ".txt", ""})
_STRING: Final = re.compile(
    r"""[A-Za-z]{2,20}'(?=[a-z])|(?P<long>\"{3}|'{3})|"(?:[^"\\\n]|\\.)*+"|'(?:[^'\\\n]|\\.)*+'|\\."""
)
"""A string literal on one line, an opened docstring, an escape, or a word with an apostrophe."""
_LINE_REACH: Final = 1000
"""Characters of a line in front of a name that are looked at for an open string."""
_REACH: Final = 120
"""Characters in front of a name that tell what reads it."""


def find_assignments(path: str, text: str, lowered: str, rules: Rules) -> Iterator[Secret]:
    """Find the values of names that end as `rules.toml` says."""
    unquoted = _unquoted(path)
    for ending in rules.ending.finditer(lowered):
        position = ending.end()
        match = _QUOTED.match(text, position) or _default(text, position)
        value = None if match is None else _value(match, text)
        if value is None and unquoted is not None and match is None:
            bare = unquoted.match(text, position)
            value = None if bare is None else bare.span("value")
        if value is None:
            continue
        before = lowered[max(0, position - _REACH) : position]
        name = rules.name.search(before)
        if name is None or rules.harmless_name.search(before):
            continue
        in_prose = match is None and _suffix(path) in _PROSE
        certain = name["certain"] is not None and not in_prose
        if is_secret(text[slice(*value)], rules, certain=certain) and not _closes(match, text, position):
            secret = spanning(_kind(name[0]), text, *value)
            if secret is not None:
                yield secret


def _default(text: str, position: int) -> re.Match[str] | None:
    """What is taken when an environment variable or an option of that name is not given."""
    if text[position : position + 1] not in {'"', "'"}:
        return None
    before = text[max(0, position - _REACH) : position]
    if (match := _LOOKED_UP.match(text, position)) is not None and _LOOKUP.search(before):
        return match
    if _OPTION.search(before):
        return _OPTION_DEFAULT.match(text, position)
    return None


def _closes(match: re.Match[str] | None, text: str, position: int) -> bool:
    """Whether the quote that seems to open a value closes a string instead: `print("Password: " + typed)`."""
    if match is None or match["quote"].startswith("\\"):
        return False
    line = text.rfind("\n", 0, position) + 1
    quote = match.start("quote")
    if position - line > _LINE_REACH or "\n" in text[position:quote]:
        return False
    while line < quote:
        string = _STRING.match(text, line)
        if string is not None and string.end() > quote:
            return True
        line = line + 1 if string is None else string.end()
    return False


def _value(match: re.Match[str], text: str) -> tuple[int, int] | None:
    """Extent of the literal that opens at the end of a match; none of one with fields to fill in."""
    value = _VALUES[match["quote"]].match(text, match.end())
    if value is None or ("f" in match["prefix"].lower() and "{" in value["value"]):
        return None
    return value.span("value")


def _unquoted(path: str) -> re.Pattern[str] | None:
    name = posixpath.basename(path).lower()
    if name.startswith("dockerfile"):
        return _DOCKER
    if name.startswith(_SHELL_NAMES) or _suffix(path) in _SETTINGS | _SHELL | _PROSE:
        return _UNQUOTED
    return None


def _suffix(path: str) -> str:
    return posixpath.splitext(path)[1].lower()


def _kind(name: str) -> str:
    """What a report calls a value assigned to a name: `password`, `api-key`, `token`, `secret`."""
    plain = name.replace("_", "").replace("-", "").replace(".", "")
    if plain.startswith(("pass", "pwd")):
        return "password"
    if plain.endswith("key"):
        return "private-key" if plain.startswith("private") else "api-key" if plain == "apikey" else "secret-key"
    return "token" if plain.endswith("token") else "secret"
