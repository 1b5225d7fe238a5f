"""E-mail addresses of people.

Comes in: text with its path. Goes out: where addresses stand. Must never: take a login (`git@host:path`, `ssh me@host`,
`https://user@host/`) for an address; hide what is published on purpose.

What stays readable: addresses at names that exist for examples (RFC 2606), those that stand in for one (`you@…`), of
machines (`noreply@…`), of an office and not a person (`security@…`), of mailing lists, and of authors where they put
their names: manifests, lists of authors, policies, licences, copyright and author lines.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from fieldguide.domain.redacted import contains_placeholder
from fieldguide.redact.secret import Secret

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fieldguide.redact.subject import Subject

KIND: Final = "email-address"

_LABEL: Final = r"[^\W_](?:[\w-]{0,61}[^\W_])?"
_DOMAIN: Final = re.compile(rf"@((?:{_LABEL}\.){{1,8}}([^\W\d_]{{2,24}}|xn--[a-z0-9-]{{2,40}}))(?![\w-]|\.\w|@)")
_LOCAL: Final = re.compile(r"[^\W_][\w.+'-]{0,62}(?<![.'])\Z|\w\Z")
_LONGEST_LOCAL: Final = 64
_LINE_REACH: Final = 200
"""Characters of a line in front of an address that tell what it is."""
_LOGIN: Final = re.compile(r"://[^\s/@\"'<>]{0,100}$|\b(?:ssh|scp|sftp|rsync|mosh|ssh-copy-id|ssh-keyscan)\s[^\n]*$")
_REMOTE_PATH: Final = re.compile(r":(?:~?[\w.-]{0,80}/|[\w./~-]{1,80}\.git\b|\d{2,5}\b)")
_BY_AUTHOR: Final = re.compile(
    r"(?<![a-z])(?:(?:section|module|code)?authors?|author_?email|__email__|maintainers?|maintainer_?email|contributors?"
    r"|contributed by|written by|modified by|copyright|copyrighttext|signed-off-by|co-authored-by|credits?|created by"
    r"|developed by)(?![a-z])|\(c\)|©",
    re.IGNORECASE,
)
_PUBLISHED: Final = re.compile(
    r"pyproject\.toml|setup\.(?:py|cfg)|package\.json|cargo\.toml|composer\.json|.+\.(?:gemspec|nuspec|podspec|cabal)"
    r"|pkg-info|metadata|citation\.cff|codemeta\.json|\.zenodo\.json|\.mailmap|codeowners|pom\.xml|dub\.json"
    r"|(?:authors?|contributors?|maintainers?|credits|thanks|acknowledge?ments?|code[_-]of[_-]conduct|security|notice"
    r"|committers|owners)(?:\.(?:md|markdown|rst|txt|adoc|html?|in))?"
    r"|(?:(?:un)?licen[cs]es?|copying|copyright)(?:[._-][\w.+-]+)?(?<!\.py)"
)
_EXAMPLE_ENDS: Final = frozenset(
    {"example", "invalid", "localhost", "local", "localdomain", "test", "internal", "lan", "tld"}
)
_NO_ENDS: Final = frozenset(
    {
        *("png", "jpg", "jpeg", "gif", "svg", "webp", "ico", "pdf", "js", "ts", "tsx", "jsx", "css", "scss", "html"),
        *("json", "yml", "yaml", "toml", "txt", "rst", "xml", "csv", "tar", "gz", "zip", "whl", "exe", "dll", "dylib"),
        *("service", "socket", "timer", "target", "mount", "slice", "path", "conf", "cfg", "ini", "lock", "git", "log"),
    }
)
"""Endings of file names and systemd units, none of them a top-level domain: `icon@2x.png`, `getty@tty1.service`."""
_STAND_IN_LABELS: Final = frozenset(
    {
        *("example", "example1", "example2", "domain", "mydomain", "yourdomain", "your-domain", "somedomain", "server"),
        *(
            "company",
            "mycompany",
            "yourcompany",
            "your-company",
            "foo",
            "bar",
            "baz",
            "foobar",
            "foobaz",
            "spam",
            "eggs",
        ),
        *(
            "test",
            "tests",
            "testing",
            "somewhere",
            "nowhere",
            "host",
            "hostname",
            "myhost",
            "yourhost",
            "site",
            "mysite",
        ),
        *("yoursite", "email", "placeholder", "provider", "acme", "xyz", "abc", "there", "here", "blah", "dummy"),
    }
)
_STAND_IN_LOCALS: Final = frozenset(
    {
        *("you", "your", "me", "user", "username", "user1", "user2", "name", "email", "mail", "address", "someone"),
        *("somebody", "person", "someuser", "myuser", "myname", "yourname", "your.name", "your-name", "your_name"),
        *("firstname.lastname", "first.last", "youremail", "your.email", "your-email", "your_email", "myemail"),
        *(
            "my.email",
            "user.name",
            "username1",
            "test",
            "tester",
            "testing",
            "testuser",
            "test.user",
            "foo",
            "bar",
            "baz",
        ),
        *("foobar", "spam", "dummy", "placeholder", "example", "nobody", "a", "b", "c", "x", "y", "z", "u"),
    }
)
_OFFICES: Final = frozenset(
    {
        *("abuse", "admin", "administrator", "admins", "billing", "bot", "bugs", "bug", "coc", "conduct", "contact"),
        *("daemon", "dev", "developers", "donotreply", "do-not-reply", "feedback", "git", "hello", "help", "helpdesk"),
        *("hg", "hostmaster", "info", "issues", "legal", "mailer-daemon", "maintainers", "noc", "noreply", "no-reply"),
        *("no_reply", "opensource", "oss", "postmaster", "press", "privacy", "root", "sales", "security", "service"),
        *("support", "svn", "team", "webmaster", "www-data", "webteam", "office", "mailto", "packages", "releases"),
    }
)
_LISTS: Final = re.compile(
    r"(?:^|\.)(?:lists?\d?|groups|mailman|googlegroups|listserv|noreply|librelist)\.|(?:^|\.)groups\.io\Z"
    r"|\A(?:openssh\.com|libssh\.org)\Z"  # whose "addresses" are names of algorithms (RFC 4251, section 6)
)
_LIST_LOCAL: Final = re.compile(
    r".*[-_](?:dev|devel|users?|list|announce|discuss|sig|bugs|committers|request|team)|.*noreply.*"
)


def find_email_addresses(subject: Subject) -> Iterator[Secret]:
    """Find the addresses of people."""
    if "@" not in subject.text or _PUBLISHED.fullmatch(subject.name):
        return
    text = subject.text
    for domain in _DOMAIN.finditer(text):
        at = domain.start()
        local = _LOCAL.search(text[max(0, at - _LONGEST_LOCAL) : at])
        if local is None:
            continue
        start = at - len(local[0])
        if _follows_escape(text, start):  # the n of \n belongs to no address
            start += 1
        if start == at or contains_placeholder(text[start : domain.end()]):
            continue
        if _is_address(text[start:at].lower(), domain) and not _is_known_use(text, start, domain.end()):
            yield Secret(KIND, ((start, domain.end()),))


def _follows_escape(text: str, start: int) -> bool:
    before = start
    while before > 0 and text[before - 1] == "\\":
        before -= 1
    return (start - before) % 2 == 1 and text[start] in "nrtfv"


def _is_address(local: str, domain: re.Match[str]) -> bool:
    """Whether an address is that of a person, as far as it says itself."""
    name = domain[1].lower()
    labels = name.split(".")
    end = labels[-1]
    if end in _EXAMPLE_ENDS or end in _NO_ENDS or local in _STAND_IN_LOCALS or local in _OFFICES:
        return False
    if _LISTS.search(name) or _LIST_LOCAL.fullmatch(local) or local.isdigit():
        return False
    return not any(_stands_in(label) for label in labels[:-1])


def _stands_in(label: str) -> bool:
    return label in _STAND_IN_LABELS or len(label) == 1 or label.startswith(("your", "example", "my-"))


def _is_known_use(text: str, start: int, end: int) -> bool:
    """Whether an address is a login at a machine, filled in by a template, or an author's where authors are named."""
    before = text[max(0, start - 2) : start]
    if before.endswith(("@", "%", "}", ">", "$", "{", "]")) or text.startswith(("(", "{", "%"), end):
        return True
    line = text[max(text.rfind("\n", max(0, start - _LINE_REACH), start) + 1, start - _LINE_REACH, 0) : start]
    if _REMOTE_PATH.match(text, end) and not line.endswith("mailto:"):
        return True
    return bool(_LOGIN.search(line) or _BY_AUTHOR.search(line))
