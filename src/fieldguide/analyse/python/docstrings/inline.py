"""Turns the inline markup of one paragraph (reST, epytext, mkdocs, plain) into Markdown.

Comes in: text as a docstring has it, its lines joined by spaces.
Goes out: Markdown in which no reST is left and no plain character is taken for markup.
Must never: change a word, or touch what stands inside code.

reST's inline constructs are as https://docutils.sourceforge.io/docs/ref/rst/restructuredtext.html#inline-markup has
them; the roles are those of Sphinx and of the extensions that real projects use.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Targets:
    """What a docstring defines for use elsewhere in it: link targets and substitutions, by lower-case name."""

    links: Mapping[str, str] = field(default_factory=dict[str, str])
    substitutions: Mapping[str, str] = field(default_factory=dict[str, str])


NO_TARGETS = Targets()

_TOKEN = re.compile(
    r"""
      (?<!`)``(?P<literal>(?!`).+?)``(?!`)
    | :(?P<role>[A-Za-z][\w.+-]*(?::[A-Za-z][\w.+-]*)*):`(?P<role_text>[^`]+)`(?:__?(?!\w))?
    | (?<![\w:])(?:class|func|function|meth|method|mod|attr|exc|obj|data|const):`(?P<maimed>[^`]+)`
    | `(?P<link_text>[^`<]*?)\s*<(?P<link_target>[^`<>]+)>`__?(?!\w)
    | `(?P<reference>[^`]+)`__?(?!\w)
    | `(?P<quoted>[\w.+/=-][\w.+/ =-]*)'(?!\w)
    | (?<!`)`(?P<code>[^`]+)`(?!`)
    | (?P<image>!)?\[(?P<markdown_text>(?:[^\[\]`]|`[^`]*`)+)\]
      (?:\((?P<markdown_target>[^()\s]+)\)|\[(?P<markdown_key>[^\[\]]*)\])
    | \s?\[(?P<footnote>\d+|\#\w*|\*|[A-Za-z][\w.-]*)\]_(?!\w)
    | <(?P<autolink>(?:https?://|mailto:)[^<>\s]+)>
    | (?P<tag></?[A-Za-z][\w .=:/"'-]{0,40}>)
    | (?P<url>https?://[^\s<>`"'|]+)
    | (?<![\w|])\|(?P<substitution>[~@A-Za-z](?:[^|`\n]{0,60}?\S)?)\|_{0,2}(?![\w|])
    | (?<![\w*\\])(?P<emphasis>\*\*(?=[^\s*])[^*\n]+?(?<=\S)\*\*|\*(?=[^\s*])[^*\n]+?(?<=\S)\*)(?![\w*])
    | (?<![\w*\\)\]}])(?P<starred>\*{1,2}[A-Za-z_.][\w.]*\w)(?![\w*])
    | [BICLUXEM]\{(?P<epytext>[^{}\n]+)\}
    | (?<![\w\\/.$@-])(?P<edged>_+[A-Za-z]\w*(?:\.\w+)*(?:\(\))?|[A-Za-z]\w*(?:\.\w+)*?_{1,2}(?:\(\))?)(?![\w`])
    | (?<![\w.\\])(?P<dotted>[A-Za-z]\w*(?:\.\w+)*\._\w+(?:\.\w+)*(?:\(\))?)(?!\w)
    | (?<!\w)(?P<dunder>__\w+?__(?:\(\))?)(?!\w)
    | (?<![\w\\$])(?P<variable>\$\{\w+\}|\$[A-Za-z_]\w*)(?![\w$])
    | (?P<escaped_space>\\\s|(?<=`)\\(?=\w))
    | (?P<plain>[<&*`_\\])
    """,
    re.VERBOSE,
)
_TITLE_AND_TARGET = re.compile(r"^(?P<title>.+?)\s*<(?P<target>[^<>]+)>$", re.DOTALL)
_IDENTIFIER = re.compile(r"^[\w.:()\[\]*-]+$")
_ENTITY = re.compile(r"&(?:[A-Za-z]\w*|#\d+|#x[0-9A-Fa-f]+);")
_TAG = re.compile(r"<[A-Za-z/!?]")
_WORD = re.compile(r"\w")
_PLAIN_ROLES = frozenset(
    [
        "doc",
        "ref",
        "numref",
        "term",
        "abbr",
        "title",
        "title-reference",
        "t",
        "sup",
        "sub",
        "superscript",
        "subscript",
        "menuselection",
        "guilabel",
        "download",
        "dfn",
        "cite",
        "eq",
        "raw",
        "user",
        "contributor",
        "author",
    ]
)
_NUMBER_ROLES = frozenset(
    [
        "issue",
        "issues",
        "pr",
        "pull",
        "bug",
        "bpo",
        "gh",
        "ticket",
        "trac",
        "mr",
        "merge",
        "commit",
        "cve",
        "cwe",
        "ghsa",
    ]
)


def code_span(text: str) -> str:
    """A Markdown code span that holds `text` as it is, with a fence longer than any run of backticks inside."""
    longest = max((len(run) for run in re.findall(r"`+", text)), default=0)
    fence = "`" * (longest + 1)
    padding = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{fence}{padding}{text}{padding}{fence}"


def to_markdown(text: str, targets: Targets = NO_TARGETS) -> str:
    """Markdown of one paragraph. Idempotent on plain prose; linear in the length of `text`."""
    if not _NEEDS_WORK.search(text):
        return text
    return _TOKEN.sub(lambda match: _token(match, targets), text)


_NEEDS_WORK = re.compile(r"[`:*<&_\\|\[\]$]|//|\w\{")


def _token(match: re.Match[str], targets: Targets) -> str:
    kind = match.lastgroup or ""
    # `lastgroup` names the group that closed last, which for constructs of two groups is the second.
    if kind in _SPANS:
        return code_span(" ".join(match[kind].split()))
    if kind == "escaped_space":
        # It joins what it stands between: `:class:`Thing`\\ s`.
        return ""
    if kind in _HANDLERS:
        return _HANDLERS[kind](match, targets)
    return match[0]


def _role(match: re.Match[str], targets: Targets) -> str:  # noqa: PLR0911  one return for each kind of role
    role = match["role"].rsplit(":", 1)[-1].lower()
    text = " ".join(match["role_text"].split())
    titled = _TITLE_AND_TARGET.match(text)
    title = titled["title"] if titled else text
    if role in {"pep", "rfc"}:
        number = title.lstrip("#").split("#")[0]
        return number if not number.isdigit() else f"{role.upper()} {number}"
    if role in _NUMBER_ROLES:
        return f"#{title}" if title.isdigit() else to_markdown(title, targets)
    if role in {"emphasis", "i"}:
        return f"*{title}*"
    if role in {"strong", "b"}:
        return f"**{title}**"
    if role in _PLAIN_ROLES:
        return _plain_role(role, title, titled=titled is not None)
    if titled and not _IDENTIFIER.match(title):
        return to_markdown(title, targets)
    return code_span(_object_name(title))


def _maimed_role(match: re.Match[str], _targets: Targets) -> str:
    """A role that lost its first colon."""
    return code_span(_object_name(" ".join(match["maimed"].split())))


def _plain_role(role: str, title: str, *, titled: bool) -> str:
    if role in {"ref", "numref", "doc"} and not titled:
        # A label, not a text: what it is called where it stands is not known here.
        title = re.sub(r"[-_/]+", " ", title.lstrip("/").removesuffix(".rst")).strip()
    if role == "abbr":
        title = title.split(" (")[0]
    return to_markdown(title.lstrip("!"))


def _object_name(text: str) -> str:
    if text.startswith("~"):
        return text.rsplit(".", 1)[-1].lstrip("~")
    return text.lstrip("!.")


def _link(match: re.Match[str], targets: Targets) -> str:
    text, target = match["link_text"].strip(), "".join(match["link_target"].split())
    if target.endswith("_") and not target.startswith(("http", "mailto:")):
        target = targets.links.get(target.rstrip("_").lower(), "")
    return _linked(text, target)


def _linked(text: str, target: str) -> str:
    if not target.startswith(("http://", "https://", "mailto:")):
        return to_markdown(text) if text else code_span(target)
    return f"[{to_markdown(text)}]({target})" if text else f"<{target}>"


def _reference(match: re.Match[str], targets: Targets) -> str:
    text = " ".join(match["reference"].split())
    return _linked(text, targets.links.get(text.lower(), ""))


def _markdown_link(match: re.Match[str], targets: Targets) -> str:
    text, target = match["markdown_text"], match["markdown_target"]
    if match["image"]:
        return text
    if target is not None and target.startswith(("http://", "https://", "mailto:")):
        return f"[{text}]({target})"
    if target is not None and not target.startswith(("#", "/", ".")) and "/" not in target:
        # Not a link at all: `items[index](argument)` in prose.
        return match[0] if "`" in match[0] else code_span(match[0])
    # A cross-reference of mkdocs, or a page of the project's own documentation: only its text means something here.
    return text if "`" in text else to_markdown(text, targets)


def _footnote(match: re.Match[str], _targets: Targets) -> str:
    label = match["footnote"]
    return f" [{label}]" if label[0].isalpha() and not label.isupper() and "." not in label else ""


def _autolink(match: re.Match[str], _targets: Targets) -> str:
    return f"<{match['autolink']}>"


def _url(match: re.Match[str], _targets: Targets) -> str:
    url = match["url"]
    end = len(url.rstrip(".,;:!?*_"))
    while url[:end].endswith(")") and url.count(")", 0, end) > url.count("(", 0, end):
        end -= 1
    # Angle brackets, because a bare address is a linter's finding and `_` or `*` in it would be markup.
    return f"<{url[:end]}>{url[end:]}"


def _substitution(match: re.Match[str], targets: Targets) -> str:
    name = match["substitution"]
    if name.lower() not in targets.substitutions and (name[0] in "~@" or "." in name):
        return code_span(name.lstrip("~"))
    return to_markdown(targets.substitutions.get(name.lower(), name), NO_TARGETS)


def _epytext(match: re.Match[str], _targets: Targets) -> str:
    letter, text = match[0][0], match["epytext"]
    if letter in "CLXM":
        titled = _TITLE_AND_TARGET.match(text)
        return code_span(titled["title"] if titled else text)
    return {"B": f"**{text}**", "I": f"*{text}*"}.get(letter, text)


def _edged(match: re.Match[str], targets: Targets) -> str:
    word = match["edged"]
    name = word.rstrip("_")
    if not word.startswith("_") and name.lower() in targets.links:
        return _linked(name, targets.links[name.lower()])
    return code_span(word)


def _plain(match: re.Match[str], _targets: Targets) -> str:
    character, text, position = match["plain"], match.string, match.start()
    if character == "<":
        return "\\<" if _TAG.match(text, position) else "<"
    if character == "&":
        return "&amp;" if _ENTITY.match(text, position) else "&"
    if character == "\\":
        return "\\" if text[position + 1 : position + 2].isalnum() else ""
    if character == "*":
        around = text[max(position - 1, 0) : position] + text[position + 1 : position + 2]
        return "*" if len(around) == 2 and around.isspace() else "\\*"  # noqa: PLR2004  both neighbours
    if character == "_":
        inside = _WORD.match(text, position - 1) and _WORD.match(text, position + 1) if position else None
        return "_" if inside else "\\_"
    return "\\" + character


_SPANS = frozenset({"literal", "code", "quoted", "starred", "variable", "tag", "dunder", "dotted"})
_HANDLERS = {
    "role_text": _role,
    "maimed": _maimed_role,
    "link_target": _link,
    "reference": _reference,
    "markdown_target": _markdown_link,
    "markdown_key": _markdown_link,
    "footnote": _footnote,
    "autolink": _autolink,
    "url": _url,
    "substitution": _substitution,
    "epytext": _epytext,
    "edged": _edged,
    "plain": _plain,
}
