"""What a piece of text names: code spans by their shape, and in plain prose what can only be a name.

Comes in: the content of a code span, or a sentence's plain text.
Goes out: kinds of reference, and the names found.
Must never: decide whether a name holds.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from fieldguide.domain.page import ReferenceKind

if TYPE_CHECKING:
    from collections.abc import Iterator

URL = re.compile(
    r"(?:https?|ftp|file|data|javascript|vbscript|mailto):[^\s<>`]+|www\.[^\s<>`]+|[\w.+-]+@[\w-]+(?:\.[\w-]+)+",
    re.IGNORECASE,
)
"""Whatever a browser could open, and what GitHub would turn into a link by itself."""
DOTTED = re.compile(r"@?[^\W\d]\w*(?:\.[^\W\d]\w*)*(?:\(\))?")
_VARIABLE = re.compile(r"\$\{?[A-Za-z_]\w*\}?|[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+(?:=\S*)?")
_FLAG = re.compile(r"--?[A-Za-z][\w-]*(?:[= ].*)?")
_ASSIGNMENT = re.compile(r"[A-Z][A-Z0-9_]*=\S*")
_SHAPES = ((URL, ReferenceKind.LINK), (_FLAG, ReferenceKind.FLAG), (_VARIABLE, ReferenceKind.VARIABLE))
_EXTENSION = (
    r"\.(?:py|pyi|pyx|ipynb|md|rst|txt|toml|cfg|ini|conf|env|ya?ml|json|lock|in|sh|bash|bat|ps1|js|mjs|ts|tsx|jsx|html?"
    r"|css|scss|c|h|cc|cpp|hpp|rs|go|java|rb|sql|csv|tsv|xml|svg|png|pem|crt|log|db|sqlite3?|whl|zip|gz|service|proto)"
)
_FILE = re.compile(rf"[\w.*?\[\]{{}}~+-]*{_EXTENSION}(?::\d+(?:-\d+)?|#L\d+(?:-L\d+)?)?|\.[A-Za-z][\w.-]*")
_PLAIN = re.compile(
    rf"""(?P<url>{URL.pattern})
    | (?P<flag>(?<![\w-])--[a-z][\w-]+)
    | (?P<path>(?<![\w/.])(?:\.{{0,2}}/)?(?:[\w.-]+/)+[\w.-]*{_EXTENSION}\b)
    | (?P<call>(?<![\w.])[^\W\d][\w.]*\(\))
    | (?P<dotted>(?<![\w.-])[^\W\d]\w*(?:\.[^\W\d]\w+)+)
    | (?P<camel>(?<![\w./-])(?-i:[A-Z][a-z0-9]+(?:[A-Z]+[a-z0-9]*)+|[A-Z]{{2,}}[a-z]{{2,}}\w*)(?![\w/-]))
    | (?P<snake>(?<![\w/.-])\w*[^\W_]_\w*[^\W_]\w*|(?<![\w/.-])__?[^\W\d_]\w*)
    """,
    re.VERBOSE | re.IGNORECASE,
)
_NO_NAME = re.compile(r"(?:e\.g|i\.e|a\.k\.a|w\.r\.t|[ap]\.m|[A-Z]\w*\.(?:js|NET|io|org|com))\.?")
"""Abbreviations, and products whose own name has a dot: `Node.js`."""


_PRODUCTS: Final = frozenset((
    "AppVeyor", "BibTeX", "BitBucket", "ChatGPT", "CircleCI", "ClickHouse", "CloudFormation", "CouchDB", "DevOps",
    "DockerHub", "DynamoDB", "ElasticSearch", "EcmaScript", "FastAPI", "FreeBSD", "GitHub", "GitLab", "GraphQL",
    "HashiCorp", "IPython", "InfluxDB", "JavaScript", "JetBrains", "JupyterLab", "LangChain", "LaTeX", "LibreOffice",
    "LinkedIn", "MariaDB", "MongoDB", "MySQL", "NumPy", "NetBSD", "OAuth", "OAuth2", "OpenAI", "OpenAPI", "OpenBSD",
    "OpenID", "OpenSSL", "OpenSearch", "OpenStack", "OpenTelemetry", "PowerPoint", "PowerShell", "PostgreSQL",
    "PyCharm", "PyPI", "PyPy", "PyTorch", "RabbitMQ", "ReadTheDocs", "ReStructuredText", "SciPy", "SharePoint",
    "SQLAlchemy", "SQLite", "StackOverflow", "TensorFlow", "TypeScript", "WebAssembly", "WebSocket", "WebSockets",
    "WordPress", "YouTube", "CPython", "LlamaIndex", "LangSmith",
))  # fmt: skip
"""What everybody writes with a capital inside."""


def kind_of(code: str, programs: frozenset[str]) -> ReferenceKind:
    """Tell by its shape what a code span names. `programs` are the words that begin a command."""
    for shape, kind in _SHAPES:
        if shape.fullmatch(code):
            return kind
    words = code.split()
    program = next((word for word in words if not _ASSIGNMENT.fullmatch(word)), "")
    if (len(words) > 1 and program in programs) or code.startswith("$ "):
        return ReferenceKind.COMMAND
    return ReferenceKind.PATH if len(words) == 1 and _is_path(code) else ReferenceKind.NAME


def _is_path(code: str) -> bool:
    if any(character in code for character in "\"'()=,<>"):
        return False
    return "/" in code.lstrip("/") or _FILE.fullmatch(code) is not None


def names_in_prose(text: str) -> Iterator[tuple[ReferenceKind, str]]:
    """Names that stand in prose without backticks. A plain word is never one, and neither is a well-known product."""
    for match in _PLAIN.finditer(text):
        found = match[0].rstrip(".,;:!?)") if match.lastgroup == "url" else match[0]
        if _NO_NAME.fullmatch(found) or found in _PRODUCTS:
            continue
        yield _PLAIN_KINDS.get(match.lastgroup or "", ReferenceKind.NAME), found


_PLAIN_KINDS = {"url": ReferenceKind.LINK, "flag": ReferenceKind.FLAG, "path": ReferenceKind.PATH}
