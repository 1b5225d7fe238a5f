r"""Secrets on command lines and in SQL statements.

Comes in: a text. Goes out: extents of values, and how much their look must say.
Must never: read a line further than a bounded distance.

Shapes: `--password …`, `-Dpassword=…`, `mysql -p…`, `sshpass -p …`, `docker login -p …`, `redis-cli -a …`, `echo … |
… --password-stdin`,
`openssl … pass:…`, `echo user:… | chpasswd`, `IDENTIFIED BY '…'`, `PASSWORD '…'`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from fieldguide.redact.positions.literals import literal_at
from fieldguide.redact.positions.names import Name, Sureness
from fieldguide.redact.values import Need

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fieldguide.redact.positions.anchors import Anchor
    from fieldguide.redact.positions.literals import Extent
    from fieldguide.redact.subject import Subject

_FLAG: Final = re.compile(
    r"""(?:[ \t]{1,4}|\\?["'][ \t]{0,4},\s{0,40}(?=\\?["'])"""
    r"""|=)(?P<open>\\?["']?)(?P<value>[^\s"'`$<>;|\\()\[\]{},-][^\s"'`$<>;|\\()\[\]{},]{2,200})"""
)
_IS_FLAG: Final = re.compile(r"(?:^|[\s\"'`\[,(])--?(?:D|X)?(?:[\w.]{1,30}-?){0,3}\Z")
_WORD: Final = r"""(?:\\?["'])?(?P<value>[^\s"'`$<>;|\\][^\s"'`<>;|\\]{2,200})"""
_REST: Final = r"[^\n;|&]{0,200}?"
_TOOLS: Final = (
    (re.compile(rf"""mysql(?:dump|admin|import|_upgrade)?\b{_REST}[ ]-p{_WORD}"""), Need.MIXED),
    (re.compile(rf"""sshpass[ ]+-p[ ]*{_WORD}"""), Need.ANY),
    (re.compile(rf"""(?:docker|podman|helm|oc|buildah|skopeo"""
        rf"""|nerdctl)\b{_REST}\blogin\b{_REST}[ ]-p[ =]{_WORD}"""), Need.ANY),
    (re.compile(rf"""redis-cli\b{_REST}[ ]-a[ ]{{1,4}}{_WORD}"""), Need.ANY),
    (re.compile(rf"""ldap(?:search|add|modify|delete|whoami|passwd)\b{_REST}[ ]-w[ ]{{1,4}}{_WORD}"""), Need.ANY),
    (re.compile(rf"""(?:mongo|mongosh|mongodump|mongorestore|cqlsh|influx|az|rclone|hydra|htpasswd|rabbitmqctl"""
        rf"""|impala-shell|beeline|sqlcmd|isql|bcp)\b{_REST}[ ]-[pPw][ ]{{0,4}}{_WORD}"""), Need.MIXED),
    (re.compile(rf"""htpasswd[ ]+-\w*b\w*{_REST}[ ][\w./$-]{{1,80}}[ ][\w.@-]{{1,40}}[ ]{_WORD}"""), Need.ANY),
    (re.compile(rf"""pass:{_WORD}"""), Need.MIXED),
    (re.compile(rf"""openssl[ ]+(?:enc|aes|des)\b{_REST}[ ]-k[ ]+{_WORD}"""), Need.MIXED),
    (re.compile(rf"""(?:7z[ar]?|unrar|rar)[ ]+[a-z]{_REST}[ ]-p{_WORD}"""), Need.MIXED),
    (re.compile(rf"""(?:un)?zip\b{_REST}[ ]-P[ ]+{_WORD}"""), Need.MIXED),
    (re.compile(r"""mysql(?:dump|admin|import)?["'],[^\n\]]{0,200}?["']-p"""
        r"""(?P<value>[^\s"'`$<>;|\\]{3,200})["']"""), Need.MIXED),
    (re.compile(rf"""(?:smbclient|mount\.cifs|rpcclient|net)\b{_REST}[ ](?:-U"""
        rf"""|--user=?)[ ]?["']?[\w\\.@-]{{1,60}}%{_WORD}"""), Need.ANY),
    (re.compile(rf"""rabbitmqctl\b{_REST}\b(?:add_user|change_password)[ ]+[\w.@-]{{1,60}}[ ]+{_WORD}"""), Need.ANY),
    (re.compile(r"""[Cc]onvert[Tt]o-[Ss]ecure[Ss]tring[ ]+(?:-[Ss]tring[ ]+)?["']"""
        r"""(?P<value>[^"'\n$]{3,200})["']"""), Need.ANY),
)  # fmt: skip
_TOOL: Final = re.compile(
    r"mysql|sshpass|(?:docker|podman|helm|oc|buildah|skopeo|nerdctl) |redis-cli|ldap[a-z]{3,7} |mongo[a-z]{0,8} "
    r"|cqlsh|influx |az login|htpasswd|sqlcmd |pass:|smbclient"
    r"|mount\.cifs|rpcclient|rabbitmqctl|bcp |isql |beeline |convertto-securestring|openssl |7z[ar]? |(?:un)?rar "
    r"|(?:un)?zip "
)
_PIPED: Final = re.compile(
    r"""(?:echo|printf)[ ]+(?:-\w+[ ]+)?["']?(?:%s\\n["']?[ ]+["']?)?"""
    r"""(?:[\w.-]{1,40}:(?=[^\n]{3,200}chpasswd))?(?P<value>[^\s"'`$<>;|]{3,200})["']?[ ]*\|[^\n]{0,120}?"""
    r"""(?:--password-stdin|chpasswd|sudo[ ]-\w*S|passwd[ ]--stdin|--pass(?:phrase|word)-fd)"""
)
_STATEMENT: Final = re.compile(
    r"""(?:\bidentified[ ]+(?:with[ ]+[\w'"`]{1,40}[ ]+)?by|\bpassword(?:[ ]+for[ ]+[\w'"`@.%]{1,80})?"""
    r"""|\bauth_string)[ \t]{0,4}(?:=[ \t]{0,4})?(?:password[ \t]{0,2})?\(?[ \t]{0,4}(?=\\?["'])"""
)
_WITH: Final = re.compile(r"\b(?:with|login|encrypted|superuser|createdb)\s\Z")
_OF_SQL: Final = re.compile(r"\b(?:user|grant|role|create|alter)\b|@")
_BY_WORD: Final = re.compile(
    r"(?:identified[ ]+by|(?:with|login|encrypted|superuser"
    r"|createdb)[ ]+password)[ ]+(?P<value>[\w#$!]{3,60})(?=[\s;,]|$)"
)
_SHELL: Final = frozenset({".sh", ".bash", ".zsh", ".ps1", ".bat"})
_NEED: Final = {Sureness.CERTAIN: Need.MIXED, Sureness.LIKELY: Need.RANDOM, Sureness.VAGUE: Need.STRONG}
_SURELY: Final = {Sureness.CERTAIN: Need.ANY, Sureness.LIKELY: Need.RANDOM, Sureness.VAGUE: Need.STRONG}


def find_flags(subject: Subject, name: Name) -> Iterator[tuple[Extent, Need]]:
    """Find what an option of a command is given: `--password …`."""
    text = subject.text
    before = text[max(0, name.start - 40) : name.start]
    if not before.endswith("-") and not _IS_FLAG.search(before):
        return
    match = _FLAG.match(text, name.end)
    if match is not None and _IS_FLAG.search(before):
        surely = (
            match["open"]
            or not match["value"].isalpha()
            or (subject.suffix in _SHELL or subject.name.startswith("dockerfile"))
        )
        yield match.span("value"), (_SURELY if surely else _NEED)[name.sureness]


def find_in_command(subject: Subject, anchor: Anchor) -> Iterator[tuple[Extent, Need]]:
    """Find what a tool takes as a password; nothing where the anchor is no tool."""
    if _TOOL.match(subject.lowered, anchor.at) is None:
        return
    for pattern, need in _TOOLS:
        match = pattern.match(subject.text, anchor.at)
        if match is not None:
            yield match.span("value"), need


def find_in_statements(subject: Subject) -> Iterator[tuple[Extent, Need]]:
    """Find what is piped into a command that reads a password, and SQL's."""
    text, lowered = subject.text, subject.lowered
    if "-stdin" in lowered or "chpasswd" in lowered or "sudo -" in lowered:
        for match in _PIPED.finditer(text):
            yield match.span("value"), Need.ANY
    if "identified" in lowered or "password '" in lowered or "password for" in lowered or "auth_string" in lowered:
        for match in _STATEMENT.finditer(lowered):
            if "identified" in match[0] and not _OF_SQL.search(lowered, max(0, match.start() - 200), match.start()):
                continue
            value = literal_at(text, match.end())
            if value is not None:
                yield (
                    value[0],
                    Need.ANY
                    if "identified" in match[0]
                    or " for " in match[0]
                    or _WITH.search(lowered, max(0, match.start() - 12), match.start())
                    else Need.MIXED,
                )
    if "identified" in lowered or " password " in lowered:
        for match in _BY_WORD.finditer(lowered):
            yield match.span("value"), Need.MIXED
