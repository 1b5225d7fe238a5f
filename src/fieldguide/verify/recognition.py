"""What prose names that nobody vouches for: whatever could be a name, quoted, in CamelCase or beside other signs too.

Comes in: a sentence's plain text, a comment, a string.
Goes out: the names found, with their kinds.
Must never: decide whether a name holds.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from fieldguide.domain.page import ReferenceKind
from fieldguide.verify.reading.shapes import EXTENSION

if TYPE_CHECKING:
    from collections.abc import Iterator

_PLAIN = re.compile(
    rf"""(?P<url>(?:[a-z][a-z\d+.-]*:(?=//)|(?:data|javascript|vbscript|mailto|file):)[^\s<>`]+|www\.[^\s<>`]+
        |[\w.+-]+@[\w-]+(?:\.[\w-]+)+)
    | (?P<flag>(?<![\w-])--[a-z][\w-]+)
    | (?P<path>(?<![\w/.])(?:\.{{0,2}}/)?(?:[\w.-]+/)+[\w.-]*{EXTENSION}\b)
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


def names_in_prose(text: str) -> Iterator[tuple[ReferenceKind, str]]:
    """Names that stand in prose without backticks. A plain word is never one, and neither is a well-known product."""
    for match in _PLAIN.finditer(text):
        found = match[0].rstrip(".,;:!?)") if match.lastgroup == "url" else match[0]
        if _NO_NAME.fullmatch(found) or found in _PRODUCTS:
            continue
        yield _PLAIN_KINDS.get(match.lastgroup or "", ReferenceKind.NAME), found


_PLAIN_KINDS = {"url": ReferenceKind.LINK, "flag": ReferenceKind.FLAG, "path": ReferenceKind.PATH}
