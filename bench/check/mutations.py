"""True documentation with one thing made false at a time, and what it was before: for measuring `fieldguide check`.

Comes in: a copy of a project, which is changed in place, and a seed. Goes out: the `Mutation`s that were made.
Must never: use any of fieldguide's own readers: what is looked for must not be chosen by what looks for it.

A thing is mutated only where the code, read here by `ast` and plain searches, bears out what the document says of it.
"""

from __future__ import annotations

import ast
import random
import re
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

DOCUMENTS: Final = {".md", ".rst"}
HISTORY: Final = re.compile(
    r"chang|history|news|release|migrat|upgrad|whats_?new|versions|decision|adr|blog|licen|contribut", re.IGNORECASE
)
"""Documents about other times, whose names need not be there today."""
LARGEST: Final = 400_000
_OFTEN: Final = 2
"""How often one name of a project is mutated."""
_LONG: Final = 4
"""Letters beyond which a capitalised word is taken for a class's name where there is a class of that name."""
_FEW: Final = 2
_WORDS: Final = {
    "get": "fetch",
    "set": "assign",
    "load": "read_in",
    "read": "load",
    "write": "store",
    "make": "create",
    "create": "make",
    "add": "append",
    "remove": "drop",
    "delete": "erase",
    "find": "locate",
    "is": "has",
    "from": "of",
    "to": "into",
    "run": "execute",
    "start": "begin",
    "stop": "halt",
    "parse": "decode",
    "send": "post",
    "open": "start",
    "close": "shut",
    "name": "label",
    "path": "location",
    "file": "document",
    "value": "amount",
    "error": "failure",
    "list": "array",
    "check": "verify",
    "format": "style",
    "default": "standard",
    "max": "maximum",
    "min": "minimum",
    "timeout": "time_limit",
}


@dataclass(frozen=True, slots=True)
class Mutation:
    """One falsehood."""

    kind: str
    path: str
    line: int
    """1-based."""
    before: str
    after: str


@dataclass(slots=True)
class Truths:
    """What the code of a project has, read without fieldguide."""

    definitions: set[str] = field(default_factory=set[str])
    """Names of functions, methods and classes of the package's own code."""
    flags: set[str] = field(default_factory=set[str])
    keywords: dict[str, set[str]] = field(default_factory=dict[str, set[str]])
    """Parameters by the name of a callable; only of names defined once, without `**`."""
    defaults: dict[str, set[str]] = field(default_factory=dict[str, set[str]])
    """Source of the defaults by the name of a parameter or a field."""
    words: set[str] = field(default_factory=set[str])
    """Every word of every file, so that a made-up one is new."""


def mutate(project: Path, most: int, seed: int) -> list[Mutation]:
    """Change up to `most` things in the documents of `project`, kinds in turn, at most one a line."""
    chance = random.Random(seed)  # noqa: S311  # a bench's seed
    truths = _truths(project)
    documents = {
        path: path.read_text("utf-8").split("\n")
        for path in sorted(project.rglob("*"))
        if path.suffix in DOCUMENTS
        and not path.is_symlink()
        and not _aside(path.relative_to(project))
        and path.stat().st_size < LARGEST
    }
    by_kind: dict[str, list[Mutation]] = {}
    for kind, finder in _FINDERS.items():
        found = [
            Mutation(kind, path.relative_to(project).as_posix(), number, before, after)
            for path, lines in documents.items()
            for number, line in enumerate(lines, start=1)
            for before, after in finder(_Place(project, path, lines, number, line), truths, chance)
        ]
        chance.shuffle(found)
        by_kind[kind] = found
    return _applied(project, documents, by_kind, most)


@dataclass(frozen=True, slots=True)
class _Place:
    project: Path
    path: Path
    lines: list[str]
    number: int
    line: str


def _applied(
    project: Path, documents: dict[Path, list[str]], by_kind: dict[str, list[Mutation]], most: int
) -> list[Mutation]:
    done: list[Mutation] = []
    used: set[tuple[str, int]] = set()
    said: dict[tuple[str, str], int] = defaultdict(int)
    while len(done) < most and any(by_kind.values()):
        for found in by_kind.values():
            while found:
                one = found.pop()
                place = project / one.path
                line = documents[place][one.line - 1]
                if (one.path, one.line) in used or said[one.kind, one.before] >= _OFTEN or line.count(one.before) != 1:
                    continue
                documents[place][one.line - 1] = line.replace(one.before, one.after)
                used.add((one.path, one.line))
                said[one.kind, one.before] += 1
                done.append(one)
                break
    for place, lines in documents.items():
        place.write_text("\n".join(lines), "utf-8")
    return done[:most] if len(done) <= most else _undone(project, documents, done, most)


def _undone(project: Path, documents: dict[Path, list[str]], done: list[Mutation], most: int) -> list[Mutation]:
    for one in done[most:]:
        place = project / one.path
        lines = documents[place]
        lines[one.line - 1] = lines[one.line - 1].replace(one.after, one.before)
        place.write_text("\n".join(lines), "utf-8")
    return done[:most]


def _aside(path: Path) -> bool:
    """Documents of other times, hidden ones, and those that tests are made with."""
    fixture = not {"test", "tests", "testing", "fixtures"}.isdisjoint(path.parts[:-1])
    return fixture or HISTORY.search(path.as_posix()) is not None or any(one.startswith(".") for one in path.parts)


def _truths(project: Path) -> Truths:
    truths = Truths()
    signatures: dict[str, list[set[str] | None]] = defaultdict(list)
    for path in project.rglob("*"):
        inner = path.relative_to(project)
        if not path.is_file() or ".git" in inner.parts or path.stat().st_size > LARGEST * 4:
            continue
        try:
            text = path.read_text("utf-8")
        except UnicodeDecodeError:
            continue
        truths.words.update(re.findall(r"\w+", text))
        if path.suffix == ".py" and not re.search(r"(^|/)(tests?|docs?|examples?|testing)/|test_|conftest", str(inner)):
            _read_code(text, truths, signatures)
    for name, found in signatures.items():
        if len(found) == 1 and found[0] is not None:
            truths.keywords[name] = found[0]
    return truths


def _read_code(text: str, truths: Truths, signatures: dict[str, list[set[str] | None]]) -> None:
    try:
        tree = ast.parse(text)
    except SyntaxError:
        return
    for node in ast.walk(tree):
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                truths.definitions.add(node.name)
                signatures[node.name].append(_parameters(node))
                _read_defaults(node, truths)
            case ast.ClassDef():
                truths.definitions.add(node.name)
                signatures[node.name].append(None)
            case ast.Call():
                _read_flags(node, truths)
            case (
                ast.Assign(targets=[ast.Name(id=name)], value=ast.expr() as value)
                | ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value)
            ):
                truths.defaults.setdefault(name, set()).add(ast.unparse(value))
            case _:
                pass


def _read_flags(call: ast.Call, truths: Truths) -> None:
    if ast.unparse(call.func).rpartition(".")[2] not in {"add_argument", "option", "Option", "add_option"}:
        return
    said = [one.value for one in call.args if isinstance(one, ast.Constant) and isinstance(one.value, str)]
    flags = [one for one in said if one.startswith("--") and "/" not in one]
    truths.flags.update(flags)
    for one in call.keywords:
        if one.arg == "default":
            for flag in flags:
                truths.defaults.setdefault(_identifier(flag), set()).add(ast.unparse(one.value))


def _identifier(flag: str) -> str:
    return flag.lstrip("-").replace("-", "_")


def _parameters(node: ast.FunctionDef | ast.AsyncFunctionDef) -> set[str] | None:
    if node.args.kwarg or node.decorator_list:
        return None
    return {one.arg for one in (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs)} - {"self", "cls"}


def _read_defaults(node: ast.FunctionDef | ast.AsyncFunctionDef, truths: Truths) -> None:
    args = node.args
    positional = [*args.posonlyargs, *args.args]
    pairs = [*zip(positional[len(positional) - len(args.defaults) :], args.defaults, strict=True)]
    pairs += [(one, value) for one, value in zip(args.kwonlyargs, args.kw_defaults, strict=True) if value is not None]
    for one, value in pairs:
        truths.defaults.setdefault(one.arg, set()).add(ast.unparse(value))


_SPAN = re.compile(r"(?<![`\w])(?::[\w:]+:)?(`{1,2})([A-Za-z_][\w.]*?)(\(\))?\1(?!`)")


def _renamed(place: _Place, truths: Truths, chance: random.Random) -> Iterator[tuple[str, str]]:
    for found in _SPAN.finditer(place.line):
        owner, _, name = found[2].rpartition(".")
        distinct = (
            "_" in name.strip("_") or found[3] or (name[:1].isupper() and not name.isupper() and len(name) > _LONG)
        )
        if name not in truths.definitions or not distinct or re.search(r"versionadd|versionchang|deprecat", place.line):
            continue
        new = _new_name(name, truths, chance)
        if new:
            before = f"{found[1]}{found[2]}{found[3] or ''}{found[1]}"
            yield before, f"{found[1]}{owner + '.' if owner else ''}{new}{found[3] or ''}{found[1]}"


def _new_name(name: str, truths: Truths, chance: random.Random) -> str:
    """A name that another author might have given, and that stands nowhere in the project."""
    camel = name[:1].isupper()
    words = re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z0-9]+|[A-Z]", name) if camel else name.split("_")
    ways: list[Callable[[], list[str]]] = [
        lambda: [_like(words[0], _WORDS.get(words[0].lower(), words[0] + "s")), *words[1:]],
        lambda: [*words[:-1], _like(words[-1], words[-1][:-1] if words[-1].endswith("s") else words[-1] + "s")],
        lambda: [*words, _like(words[-1], chance.choice(["value", "name", "now", "all", "object"]))],
        lambda: words[:-1] if len(words) > _FEW else words,
        lambda: [words[-1], *words[:-1]] if len(words) > 1 and words[0] else words,
        lambda: [*words[:-1], _typo(words[-1], chance)],
    ]
    chance.shuffle(ways)
    for way in ways:
        parts = way()
        new = "".join(one[:1].upper() + one[1:] for one in parts) if camel else "_".join(parts)
        if new != name and new not in truths.words and new.isidentifier():
            return new
    return ""


def _like(old: str, new: str) -> str:
    return new[:1].upper() + new[1:].replace("_", "") if old[:1].isupper() else new


def _typo(word: str, chance: random.Random) -> str:
    if len(word) <= _FEW:
        return word + word[-1:]
    at = chance.randrange(1, len(word) - 1)
    return (
        word[:at] + word[at + 1] + word[at] + word[at + 2 :] if word[at] != word[at + 1] else word[:at] + word[at + 1 :]
    )


def _flag(place: _Place, truths: Truths, chance: random.Random) -> Iterator[tuple[str, str]]:
    if "add_argument(" in place.line:  # a document's own program declares it
        return
    for found in re.finditer(r"(?<![\w-])--[a-z][\w-]+", place.line):
        if found[0] in truths.flags:
            body = found[0][2:]
            parts = body.split("-")
            new = chance.choice(
                [
                    f"--{body}s" if not body.endswith("s") else f"--{body[:-1]}",
                    f"--{'-'.join([*parts[:-1], _typo(parts[-1], chance)])}",
                    f"--use-{body}",
                    f"--{body}-mode",
                ]
            )
            if new not in truths.flags and new[2:] not in truths.words:
                yield found[0], new


_TARGET = re.compile(r"\]\(([^)\s#:]+\.\w+)(?:#[^)\s]*)?\)|`{1,2}([\w.-]+(?:/[\w.-]+)+\.\w+)`{1,2}")


def _moved(place: _Place, truths: Truths, chance: random.Random) -> Iterator[tuple[str, str]]:
    del truths
    for found in _TARGET.finditer(place.line):
        target = found[1] or found[2]
        start = place.path.parent if found[1] else place.project
        if target.startswith(("/", "http", "~")) or not (start / target).is_file():
            continue
        folder, _, name = target.rpartition("/")
        stem, dot, suffix = name.rpartition(".")
        new = chance.choice(
            [
                f"{folder}/old/{name}" if folder else f"old/{name}",
                f"{folder + '/' if folder else ''}{stem}_new{dot}{suffix}",
            ]
        )
        if not (start / new).exists():
            yield target, new


_DEFAULT = re.compile(
    r"\b[Dd]efault(?:s to|s? is|(?:ed)? value(?:: | is | of )|: | of )\s*(?P<tick>`{0,2})"
    r"(?P<value>True|False|None|[0-9]+(?:\.[0-9]+)?)(?P=tick)(?![\w.]*\w)"
)
_SUBJECT = re.compile(
    r"(?<![\w`])`{1,2}(--[a-z][\w-]+|[A-Za-z_]\w*)(?:=[^`]*)?`{1,2}|^([A-Z][A-Z_]+)$|:param (?:\w+ )?(\w+):"
)
_BACK: Final = 3
"""Lines before that of the default in which its subject is looked for."""


def _default(place: _Place, truths: Truths, chance: random.Random) -> Iterator[tuple[str, str]]:
    del chance
    for found in _DEFAULT.finditer(place.line):
        before = [
            place.line[: found.start()],
            *reversed(place.lines[max(0, place.number - 1 - _BACK) : place.number - 1]),
        ]
        subjects = (list(_SUBJECT.finditer(one))[-1:] for one in before)
        subject = next((one[0] for one in subjects if one), None)
        if subject is None:
            continue
        name = _identifier(subject[1] or subject[2] or subject[3])
        value = found["value"]
        if truths.defaults.get(name) != {value}:
            continue
        changed = {"True": "False", "False": "True", "None": "True"}.get(value) or str(
            float(value) * 2 + 1
        ).removesuffix(".0")
        whole = found[0]
        yield whole, whole[: len(whole) - len(found["tick"]) - len(value)] + changed + found["tick"]


def _keyword(place: _Place, truths: Truths, chance: random.Random) -> Iterator[tuple[str, str]]:
    if not re.match(r"\s{2,}|>>> |\w+ ?=|\w+\.|with |await |return |@", place.line):
        return
    for found in re.finditer(r"(?<!def )\b(\w+)\(([^()]*?\b([a-z_]\w*)=[^()]*)\)", place.line):
        known = truths.keywords.get(found[1])
        if known and found[3] in known and f"{found[3]}=" in place.line:
            new = _new_name(found[3], truths, chance)
            if new:
                yield f"{found[3]}=", f"{new}="


def _anchor(place: _Place, truths: Truths, chance: random.Random) -> Iterator[tuple[str, str]]:
    del truths
    for found in re.finditer(r"\]\(([\w./-]*\.md)?#([\w-]+)\)", place.line):
        target = place.path.parent / found[1] if found[1] else place.path
        if not target.is_file() or target.suffix != ".md":
            continue
        slugs = {
            re.sub(r"[^\w\- ]", "", re.sub(r"\{.*?\}|[`*]", "", line.lstrip("#"))).strip().lower().replace(" ", "-")
            for line in target.read_text("utf-8").split("\n")
            if re.match(r"#{1,6} ", line)
        }
        if found[2] in slugs:
            parts = found[2].split("-")
            new = chance.choice(["-".join([*parts, "guide"]), "-".join(["using", *parts]), found[2] + "s"])
            if new not in slugs:
                yield f"#{found[2]})", f"#{new})"


_FINDERS: Final[dict[str, Callable[[_Place, Truths, random.Random], Iterator[tuple[str, str]]]]] = {
    "renamed": _renamed,
    "flag": _flag,
    "moved": _moved,
    "default": _default,
    "keyword": _keyword,
    "anchor": _anchor,
}
