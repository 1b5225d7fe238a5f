"""What a piece of text names, told by its shape: code spans whole, and in plain prose what can only be a name.

Comes in: the content of a code span, or prose.
Goes out: kinds of reference, each with its text and its offset in what came in.
Must never: decide whether a name holds.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from fieldguide.domain.page import ReferenceKind

if TYPE_CHECKING:
    from collections.abc import Iterator

URL: Final = re.compile(
    r"(?:https?|ftp|file|data|javascript|mailto|git|ssh|redis|postgres(?:ql)?|amqps?|wss?|sqlite|mysql)"
    r"(?:\+\w+)?:[^\s<>`\"']+|www\.[^\s<>`\"']+|(?<![\w.+-])[\w.+-]+@[\w-]+\.[\w.-]+",
    re.IGNORECASE,
)
EXTENSION: Final = (
    r"\.(?:pyi|pyx|py|ipynb|mdx?|markdown|rst|txt|toml|cfg|ini|conf|env|ya?ml|jsonl?|json5|lock|sh|bash|bat|ps1|mjs|jsx?"
    r"|tsx?|html?|s?css|cc|cpp|hpp|c|h|rs|go|java|rb|sql|csv|tsv|xml|svg|png|jpe?g|gif|pem|crt|key|log|db|sqlite3?|whl"
    r"|zip|tar\.gz|tgz|gz|service|proto|jinja2?|j2|po|mo|pot|in|tpl|tmpl|example|sample|dist|spec|so|dll|exe|plist)"
)
_FILE = re.compile(
    rf"[\w.*?\[\]{{}}~+@-]*{EXTENSION}(?::\d+(?:-\d+)?|#L\d+(?:-L\d+)?)?|(?:\w+-)*[Mm]akefile"
    r"|Dockerfile(?:\.\w+)?|Procfile|Justfile|justfile|LICENSE|README|CHANGELOG"
)
_HIDDEN = re.compile(
    rf"{EXTENSION}|\.\w*(?:rc|ignore|profile|attributes|modules|history)|\.(?:env|venv|git|ssh|github|gitlab|vscode|idea|cache|local"
    r"|config|aws|azure|docker|tox|nox|hg|svn|npm|bash_logout|changelog|changes|ci|circleci|azuredevops|devcontainer|data|tmp)"
    r"|\.[\w-]*-[\w-]*",
    re.IGNORECASE,
)
"""Files and folders that hide, and suffixes; any other word after a full stop is a member: `.headers`."""
_MEDIA_TYPE = re.compile(r"(?:text|application|image|audio|video|multipart|font|message|model)/[\w.+*-]+(?:;.*)?")
DOTTED: Final = re.compile(r"[^\W\d]\w*(?:\.[^\W\d]\w*)*")
_VARIABLE = re.compile(
    r"\$(?:env:)?(?P<upper>_?[A-Z][A-Z0-9_]*)|\$\{(?P<braced>[A-Za-z_]\w*)\}|%(?P<percent>[A-Z_]\w*)%"
    r"|(?P<plain>_?[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)"
)
_SCREAMING = re.compile(r"_?[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+")
_ASSIGNED = re.compile(r"(?P<name>[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*)=(?P<value>\S*)")
_FLAGS = re.compile(r"--?[A-Za-z](?:[^'\"()]|\[no-\])*|--\[no-\].*")
FLAG: Final = re.compile(r"(?<![\w-])(?:--(?:\[no-?\])?[A-Za-z][\w-]*(?:\.[\w-]+)*|-[A-Za-z](?![\w-]))")
_TABLE = re.compile(r"\[{1,2}(?P<name>[A-Za-z][\w-]*(?:[.:][\w-]+)+)\]{1,2}")
_TOOL_KEY = re.compile(r"tool\.[\w-]+(?:\.[\w-]+)*|tool:[\w.-]+")
RUNNERS: Final = frozenset((
    "pip", "pip3", "pipx", "uv", "uvx", "poetry", "pdm", "hatch", "conda", "mamba", "rye", "python", "python3",
    "py", "make", "tox", "nox", "npm", "npx", "yarn", "pnpm", "node", "just", "task", "invoke", "inv", "poe",
    "pre-commit", "docker", "docker-compose", "podman", "git", "cd", "curl", "wget", "pytest", "coverage",
    "ruff", "mypy", "black", "flake8", "sphinx-build", "mkdocs", "twine", "brew", "apt", "apt-get", "sudo",
    "export", "source", "bash", "sh", "django-admin", "celery", "gunicorn", "uvicorn", "hypercorn", "flask",
    "cargo", "go", "bundle", "rake", "kubectl", "helm",
))  # fmt: skip
"""Programs by which a command is told from words of prose."""
_PYTHON_WORDS = frozenset((
    "from", "import", "class", "def", "async", "await", "return", "yield", "lambda", "if", "elif", "else",
    "for", "while", "with", "try", "except", "finally", "raise", "assert", "del", "pass", "break", "continue",
    "global", "nonlocal", "not", "in", "is", "and", "or", "None", "True", "False", "print",
))  # fmt: skip
_ARGUMENT = re.compile(r"[\w./:=@,+\[\]<>{}\"'*%~$|^\\-]+")
_PROSE_WORDS = frozenset((
    "the", "a", "an", "of", "to", "is", "are", "and", "or", "not", "for", "with", "be", "as", "it", "that",
    "this", "no", "if", "any", "all", "on", "by", "at", "from", "into", "over", "select", "where", "insert",
    "update", "delete", "create", "set", "get", "post", "put", "patch",
))  # fmt: skip


@dataclass(frozen=True, slots=True)
class Shape:
    """What part of a text names."""

    kind: ReferenceKind
    text: str
    start: int = 0
    """Offset in the text that was looked at."""
    domain: str = ""
    subject: str = ""
    keywords: tuple[str, ...] = ()
    places: tuple[tuple[int, int], ...] = ()
    """Line and column of each keyword, in the document."""


def shapes_of_code(code: str) -> Iterator[Shape]:
    """Tell what the content of a code span names, except Python expressions, which are left to `python_spans`.

    Yields:
        Nothing where the span's shape is none of a URL, media type, flag, variable, setting, command or path.
    """
    words = code.split()
    if URL.fullmatch(code):
        yield Shape(ReferenceKind.LINK, code)
    elif _FLAGS.fullmatch(code):
        yield from flags(code)
    elif _TABLE.fullmatch(code) or _TOOL_KEY.fullmatch(code):
        name = code.strip("[]")
        yield Shape(ReferenceKind.SETTING, name, code.index(name))
    elif (variable := variable_of(code)) is not None:
        yield variable
    elif is_command(words, code):
        text = code.removeprefix("$ ").strip()
        known = words[0] in RUNNERS or code.startswith("$ ")
        yield Shape(ReferenceKind.COMMAND, text, code.index(text), "" if known else "guess")
        yield from (Shape(one.kind, one.text, one.start, subject=code[: one.start].strip()) for one in flags(code))
    elif len(words) == 1 and is_path(code):
        yield Shape(ReferenceKind.PATH, code)


def variable_of(code: str) -> Shape | None:
    """An environment variable by its shape: `$name`, `%NAME%`, or capitals with an underscore."""
    assigned = _ASSIGNED.fullmatch(code)
    if assigned:
        return Shape(ReferenceKind.VARIABLE, assigned["name"], 0)
    match = _VARIABLE.fullmatch(code)
    if match is None or match.lastgroup is None:
        return None
    return Shape(ReferenceKind.VARIABLE, match[match.lastgroup], match.start(match.lastgroup))


def flags(text: str) -> Iterator[Shape]:
    """Every flag of a text, `--[no-]x` as both of its spellings."""
    for match in FLAG.finditer(text):
        flag = match[0]
        if flag.endswith("-"):  # what such flags begin with
            continue
        if "[" not in flag:
            yield Shape(ReferenceKind.FLAG, flag.rstrip("-."), match.start())
            continue
        for spelling in (re.sub(r"\[no-?\]", "", flag), re.sub(r"\[no-?\]", "no-", flag)):
            yield Shape(ReferenceKind.FLAG, spelling, match.start())


def is_command(words: list[str], code: str) -> bool:
    """Tell whether words look typed at a prompt."""
    if code.startswith("$ ") and len(words) > 1:
        return True
    first = next((word for word in words if not _ASSIGNED.fullmatch(word)), "")
    if len(words) < 2 or first in _PYTHON_WORDS or not re.fullmatch(r"(?:[a-z][\w.+-]*|\./[\w./-]+)", first):  # noqa: PLR2004 - a lone word is a name
        return False
    if first in RUNNERS:
        return True
    if first in _PROSE_WORDS or first.endswith((",", ":")) or not all(_ARGUMENT.fullmatch(word) for word in words):
        return False
    plain = {word.lower() for word in words[1:]}
    return not (plain & _PROSE_WORDS) and not words[1].startswith(("=", "<", ">", "|", "*", "+", "%"))


def is_path(code: str) -> bool:
    """Tell whether one word looks like a path of a file or directory."""
    if code.startswith(".") and "/" not in code and code.count(".") == 1:
        return _HIDDEN.fullmatch(code) is not None
    if any(character in code for character in "\"'()=,<>|;&") or _MEDIA_TYPE.fullmatch(code) or "://" in code:
        return False
    if "{" in code and "." in code and "/" not in code:
        return False
    return ("/" in code.strip("/") and re.search(r"\w", code) is not None and "//" not in code) or (
        _FILE.fullmatch(code) is not None or (code.endswith("/") and len(code) > 1)
    )


_PLAIN = re.compile(
    rf"""(?P<url>{URL.pattern})
    | (?P<flag>(?<![\w-])--[a-z][\w-]+)
    | (?P<path>(?<![\w/.@:%$~-])(?:\.{{0,2}}/)?(?:[\w.-]{{1,100}}/)+[\w.-]{{0,100}}?{EXTENSION}\b)
    | (?P<call>(?<![\w.])[^\W\d]\w*+(?:\.[^\W\d]\w*+)*+\(\))
    | (?P<dotted>(?<![\w./@%$~-])[^\W\d]\w*(?:\.[^\W\d]\w+)++(?![\w/@-]))
    | (?P<snake>(?<![\w/.@%$-])(?=\w*[^\W_]_[^\W_])\w*+(?<!_)(?![\w/@-])|(?<![\w/.@-])__[^\W\d_]\w*__(?![\w/@-]))
    """,
    re.VERBOSE | re.IGNORECASE,
)
_NO_NAME = re.compile(
    r"(?:e\.g|i\.e|a\.k\.a|w\.r\.t|etc|[ap]\.m|vs|[A-Z]\w*\.(?:js|NET|io|org|com|net|dev|ai|py)|\w+\.(?:com|org|io|net|dev|js|edu|gov)"
    r"|_+|\w*__+\w*__+\w*__+\w*)\.?"
)
"""Abbreviations, hosts, and products whose own name has a dot: `Node.js`."""
_SENTENCES_JOINED = re.compile(r"[a-z]+\.[A-Z][a-z]+")
"""A full stop without a space: `done.The`. A module's class is written so too, and is told by its backticks."""
_QUOTES = frozenset("\"'")
"""A name between quotes is a text that the code holds, or a word that is talked about."""
_TEMPLATE = re.compile(r"\{\{.{0,500}?\}\}|\{%.{0,500}?%\}|\{!.{0,500}?!\}|\{\*.{0,500}?\*\}")
_EXTENSION_ALONE = re.compile(rf"[\w-]+{EXTENSION}")


def without_templates(text: str) -> str:
    """Strike out the expressions of a site's templates, length kept."""
    return _TEMPLATE.sub(lambda match: " " * len(match[0]), text) if "{" in text else text


def shapes_of_prose(prose: str) -> Iterator[Shape]:
    """Names that stand in prose without backticks. A plain word is never one, and neither is a CamelCase product."""
    for match in _PLAIN.finditer(without_templates(prose)):
        group = match.lastgroup or ""
        found = match[0].rstrip(".,;:!?)*_") if group == "url" else match[0]
        if group == "url" and "://" not in found and not found.startswith("www."):  # for letters, or a word and a colon
            continue
        quoted = prose[match.start() - 1 : match.start()] in _QUOTES and prose[match.end() : match.end() + 1] in _QUOTES
        if quoted or _NO_NAME.fullmatch(found) or _SENTENCES_JOINED.fullmatch(found):
            continue
        if group == "dotted" and _EXTENSION_ALONE.fullmatch(found):
            group = "path"
        if group == "snake" and _SCREAMING.fullmatch(found):
            group = "variable"
        if group == "call":
            found = found.removesuffix("()")
        yield Shape(_PLAIN_KINDS.get(group, ReferenceKind.NAME), found, match.start())


_PLAIN_KINDS = {
    "url": ReferenceKind.LINK,
    "flag": ReferenceKind.FLAG,
    "path": ReferenceKind.PATH,
    "call": ReferenceKind.CALL,
    "variable": ReferenceKind.VARIABLE,
}
