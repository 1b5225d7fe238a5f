"""Whether environment variables and keys of configuration files are ones that the project reads, and their defaults.

Comes in: a name in capitals, or a dotted key, and the sentence around it; a default that is said of one.
Goes out: a `Verdict`.
Must never: take a variable of the system, or of another program, for one of the project's that is missing.
"""

from __future__ import annotations

import ast
import re
from functools import cached_property
from typing import TYPE_CHECKING, Final

from packaging.utils import canonicalize_name

from fieldguide.verify.resolution.names_literals import said_after
from fieldguide.verify.resolution.places_likeness import nearest
from fieldguide.verify.resolution.places_verdicts import absent, holds, unknown, unseen

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fieldguide.domain.codebase import Codebase
    from fieldguide.domain.documents import Mention, Verdict
    from fieldguide.domain.project import Option
    from fieldguide.domain.symbols import Symbol
    from fieldguide.verify.resolution.commands_index import CommandIndex

_SYSTEM: Final = re.compile(
    r"(?:PATH|HOME|USER|SHELL|PWD|LANG|LC_\w+|TERM|TMP|TEMP|TMPDIR|EDITOR|VISUAL|PAGER|CI|DEBUG|NO_COLOR|FORCE_COLOR|PORT"
    r"|DISPLAY|PYTHON\w*|PIP_\w+|UV_\w+|VIRTUAL_ENV|CONDA_\w+|XDG_\w+|APPDATA|LOCALAPPDATA|USERPROFILE|COLUMNS|LINES"
    r"|HTTPS?_PROXY|ALL_PROXY|NO_PROXY|SSL_\w+|SSLKEYLOGFILE|REQUESTS_CA_BUNDLE|CURL_CA_BUNDLE|AWS_\w+|AZURE_\w+"
    r"|GITHUB_\w+|GITLAB_\w+|GOOGLE_\w+|DOCKER_\w+|COMPOSE_\w+|KUBE\w+|DJANGO_SETTINGS_MODULE|FLASK_\w+|POSTGRES_\w+|PG\w+"
    r"|MYSQL_\w+|REDIS_\w+|DATABASE_URL|SECRET_KEY|CC|CXX|CFLAGS|LDFLAGS|LD_LIBRARY_PATH|SOURCE_DATE_EPOCH|TOX_\w+)",
)
_TOOL: Final = re.compile(r"tool[.:](?P<name>[\w-]+)")
_SPOKEN_OF: Final = re.compile(r"environment|env(?:ironment)?[ -]?var|\bexport\b|\bvariables?\b", re.IGNORECASE)
_SHORTEST: Final = 3
_LIKE: Final = 75
"""Likeness to a name that the code has, without which one may be of an example that the document only shows."""


class SettingNames:
    """Variables and keys of one project."""

    def __init__(self, codebase: Codebase, index: CommandIndex) -> None:
        """Keep what they are looked up in."""
        self._codebase = codebase
        self._index = index

    def variable(self, mention: Mention) -> Verdict:
        """Tell whether the project reads an environment variable, or has a constant of that name."""
        name = mention.text.strip().strip("${}%").partition("=")[0]
        known = self._variables.get(name) or self._constants.get(name)
        if known is not None:
            return holds(known.span)
        if _SYSTEM.fullmatch(name):
            return unknown("it is the system's, or another program's")
        prefix = next((one for one in self._prefixes if name.startswith(one)), "")
        if not prefix:
            return unknown("nothing says that the project reads it")
        if not _SPOKEN_OF.search(mention.sentence) and not mention.text.startswith("$") and not self._variables:
            return unknown("it may be no variable")
        tail = name.removeprefix(prefix)
        # A tail too short to be told from any word is put behind a prefix that stands in the code by itself.
        parts = (tail, tail.lower(), tail.lower().replace("_", "-")) if len(tail) > _SHORTEST else (prefix,)
        near = nearest(name, {*self._variables, *self._constants}, cutoff=_LIKE)
        if not near:
            return unknown("it may be one that the reader's own code reads")
        return unseen("nothing reads such a variable", (name, name.lower(), *parts), near)

    def setting(self, mention: Mention) -> Verdict:
        """Tell whether the project reads a key of a configuration file."""
        text = mention.text.strip().strip("[]")
        key = text.rpartition(".")[2]
        option = self._fields.get(key) or self._fields.get(key.replace("-", "_"))
        if option is not None:
            return holds(option.span)
        table = self._own_table(text)
        if not table:
            return unknown("another program reads it")
        if text == table:
            return holds()
        near = nearest(key, self._fields)
        written = [text[: len(text) - len(key)] + one for one in near]
        if not near:  # tables may be filled with names of the user's own
            return unknown("its table may take any key")
        return unseen("nothing reads such a key", (key, key.replace("-", "_"), key.replace("_", "-")), written)

    def _own_table(self, text: str) -> str:
        """The table of a tool's configuration that is the project's own, where the key is in it."""
        tool = _TOOL.match(text)
        if tool is None or canonicalize_name(tool["name"]) not in self._tables:
            return ""
        return tool[0]

    @cached_property
    def _tables(self) -> frozenset[str]:
        return frozenset(canonicalize_name(one) for one in self._names)

    def value(self, mention: Mention) -> Verdict:
        """Tell whether a default is the one that the code gives."""
        options = self._subjects(mention.subject)
        if mention.domain != "default" or not options or "respectively" in mention.sentence:
            return unknown("it is not said what it is the value of")
        said = _literal(mention.text)
        found = {_literal(one.default) if one.default is not None else _absent_default(one) for one in options}
        if len(found) != 1 or said is None:
            return unknown("the code gives no one default that can be read")
        default = found.pop()
        if default is not None and _same(said, default):
            return holds(options[0].span)
        if default is None or said[0] != default[0]:
            return unknown("the code works its default out, or it may be said in other words")
        after = (_literal(one) for one in said_after(mention.text, mention.sentence))
        if any(one is not None and _same(one, default) for one in after):
            return unknown("the sentence names the code's default too")
        return absent(f"its default is {default[1]}", [default[1]], fix=default[1])

    def _subjects(self, subject: str) -> tuple[Option, ...]:
        name = subject.strip("`$ ").partition("=")[0].split(" ")[0]
        if name.startswith("-"):
            return self._index.options.get(name, ())
        option = self._variables.get(name)
        return (option,) if option is not None else ()

    @cached_property
    def _variables(self) -> Mapping[str, Option]:
        found = {name: option for option in self._codebase.environment for name in option.names}
        for settings in self._codebase.settings_classes:
            for option in settings.fields:
                found.update({f"{settings.prefix}{name}".upper(): option for name in option.names})
        return found

    @cached_property
    def _fields(self) -> Mapping[str, Option]:
        found = {
            name: one for settings in self._codebase.settings_classes for one in settings.fields for name in one.names
        }
        for name, options in self._index.options.items():
            found.setdefault(name.lstrip("-").replace("-", "_"), options[0])
        return found

    @cached_property
    def _constants(self) -> Mapping[str, Symbol]:
        symbols = self._codebase.symbols.values()
        return {one.name.rpartition(".")[2]: one for one in symbols if one.name.rpartition(".")[2].isupper()}

    @cached_property
    def _names(self) -> tuple[str, ...]:
        code = self._codebase
        tops = (name for name, module in code.modules.items() if "." not in name and module.is_package)
        names = {code.name, *(one.name for one in code.manifests), *tops} - {"", "tests", "docs", "test", "examples"}
        return tuple(sorted({one for name in names for one in (name, name.replace("_", "-"), name.replace("-", "_"))}))

    @cached_property
    def _prefixes(self) -> tuple[str, ...]:
        """Prefixes that only variables of this project have, longest first: its name, and those that several share."""
        found = {f"{one.replace('-', '_').upper()}_" for one in self._names if len(one) >= _SHORTEST}
        return tuple(sorted(found, key=len, reverse=True))


def _literal(text: str) -> tuple[str, str] | None:
    """Kind and normal form of a value as written; `None` for what is no literal."""
    bare = text.strip().strip("`").rstrip(".,;")
    plain = bare.strip("'\"").lower()
    if plain in {"true", "yes", "on", "enabled"}:
        return "bool", "True"
    if plain in {"false", "no", "off", "disabled"}:
        return "bool", "False"
    if plain in {"none", "null", "unset", "not set", "empty"} or not plain:
        return "none", "None"
    if re.fullmatch(r"[+-]?\d[\d_,]*(?:\.\d+)?(?:[eE][+-]?\d+)?", bare.strip("'\"")):
        return "number", bare.strip("'\"").replace(",", "").replace("_", "")
    if len(bare) > 1 and bare[0] in "'\"":
        return _string(bare)
    return ("string", bare) if re.fullmatch(r"[\w./:@+-]+", bare) and not re.search(r"[()]", bare) else None


def _string(text: str) -> tuple[str, str] | None:
    try:
        value: object = ast.literal_eval(text)
    except (SyntaxError, ValueError):
        return None
    return ("string", value) if isinstance(value, str) else None


def _absent_default(option: Option) -> tuple[str, str] | None:
    """A flag without a value is off until it is given."""
    return ("bool", "False") if not option.takes_value and not option.required else None


def _same(one: tuple[str, str], other: tuple[str, str]) -> bool:
    if one[0] == other[0] == "number":
        return float(one[1]) == float(other[1])
    if {one[0], other[0]} == {"bool", "number"}:
        return {"True": "1", "False": "0"}.get(one[1], one[1]) == {"True": "1", "False": "0"}.get(other[1], other[1])
    return one == other
