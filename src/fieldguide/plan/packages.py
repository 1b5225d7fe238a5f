"""Orders packages for their notes: files before packages, packages before those that hold or import them.

Comes in: paths of files that get notes, and imports between them.
Goes out: one topic for each directory worth a note of its own, dependencies first.
Must never: leave a file without a topic that needs it; make a topic that waits for itself.

Directories that import each other are one topic while their files' notes fit one request; a larger circle is taken
apart at its imports, which are only context, and never at what a directory holds.
"""

from __future__ import annotations

import posixpath
from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from fieldguide.domain.work import Purpose, Topic

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

PACKAGE_NOTE: Final = 220
"""Tokens expected of a package's note."""
PACKAGE_REPLY: Final = 400
"""Tokens reserved for it."""
IMPORTED_NOTE: Final = 50
"""Tokens expected of the sentence on a package that is imported: more of it would have every importer asked anew."""
MOST_IMPORTED: Final = 6
"""Notes of imported packages that go along, those imported most."""
_FEWEST: Final = 4
"""Files and subpackages that make a directory worth a note of its own; fewer count with the directory above."""
_FEWEST_GATHERED: Final = 2


@dataclass(frozen=True, slots=True)
class Member:
    """A file as far as packages ask: the topics of its parts, and what their notes are expected to take."""

    path: str
    topics: tuple[str, ...]
    tokens: int
    rank: float


def package_topics(members: Sequence[Member], imports: Mapping[tuple[str, str], int], *, most: int) -> list[Topic]:
    """Topics of all directories, those that others need first.

    Args:
        members: Files that get notes.
        imports: How often one file imports another: by path of importer and imported.
        most: Tokens of notes that fit one request.
    """
    tree = _tree(members)
    between = _imports_between(tree, members, imports)
    topics: list[Topic] = []
    key_of: dict[str, str] = {}
    for circle in _ordered(tree, between, most):
        made = _topics_of(circle, tree, between, key_of, most)
        topics.extend(made)
        key_of |= dict.fromkeys(circle, made[-1].key)
    return topics


@dataclass(frozen=True, slots=True)
class _Directory:
    """A directory with the files and the directories that it stands for."""

    path: str
    files: tuple[Member, ...]
    children: tuple[str, ...]

    @property
    def tokens(self) -> int:
        """Of the notes that its own note needs."""
        return sum(one.tokens for one in self.files) + PACKAGE_NOTE * len(self.children)


def _tree(members: Sequence[Member]) -> dict[str, _Directory]:
    """Directories worth a note; what stands in others counts with the nearest one above. The root is always one."""
    files: dict[str, list[Member]] = defaultdict(list)
    below: dict[str, set[str]] = defaultdict(set)
    for member in members:
        directory = posixpath.dirname(member.path)
        files[directory].append(member)
        for inner, outer in _upwards(directory):
            below[outer].add(inner)
    found: dict[str, _Directory] = {}

    def settle(directory: str) -> tuple[list[Member], list[str]]:
        """Files and directories that a directory hands up when it gets no note of its own."""
        own, children = list(files[directory]), list[str]()
        for child in sorted(below[directory]):
            more, grandchildren = settle(child)
            own += more
            children += grandchildren
        if directory and len(own) + len(children) < _FEWEST:
            return own, children
        found[directory] = _Directory(directory, tuple(own), tuple(children))
        return [], [directory]

    settle("")
    return found


def _upwards(directory: str) -> Iterable[tuple[str, str]]:
    """Every directory on the way up to the root, with the one that holds it."""
    while directory:
        outer: str = posixpath.dirname(directory)
        yield directory, outer
        directory = outer


def _imports_between(
    tree: Mapping[str, _Directory], members: Sequence[Member], imports: Mapping[tuple[str, str], int]
) -> dict[str, Counter[str]]:
    """How often a directory imports another that neither holds it nor lies in it."""
    home = {member.path: directory.path for directory in tree.values() for member in directory.files}
    known = {member.path for member in members}
    between: dict[str, Counter[str]] = defaultdict(Counter)
    for (importer, imported), times in imports.items():
        if importer not in known or imported not in known:
            continue
        one, other = home[importer], home[imported]
        if one != other and not _holds(one, other) and not _holds(other, one):
            between[one][other] += times
    return between


def _holds(outer: str, inner: str) -> bool:
    return not outer or inner.startswith(outer + "/")


def _ordered(
    tree: Mapping[str, _Directory], between: Mapping[str, Counter[str]], most: int
) -> Iterable[tuple[str, ...]]:
    """Circles of directories, what they need first; nearly all of them are a single directory."""
    from rustworkx import PyDiGraph, strongly_connected_components  # noqa: PLC0415  heavy: wanted with a model alone

    names = sorted(tree)
    graph: PyDiGraph[str, None] = PyDiGraph(multigraph=False)
    index = dict(zip(names, graph.add_nodes_from(names), strict=True))
    for name in names:
        for needed in (*tree[name].children, *sorted(between.get(name, ()))):
            graph.add_edge(index[name], index[needed], None)
    # Tarjan's algorithm yields a component after those that it leads to.
    for component in strongly_connected_components(graph):
        circle = tuple(sorted(graph[place] for place in component))
        if sum(tree[name].tokens for name in circle) <= most:
            yield circle
        else:
            yield from ((name,) for name in _inner_first(circle))


def _inner_first(circle: Collection[str]) -> list[str]:
    return sorted(circle, key=lambda name: (-name.count("/") - bool(name), name))


def _topics_of(
    circle: Sequence[str],
    tree: Mapping[str, _Directory],
    between: Mapping[str, Counter[str]],
    key_of: Mapping[str, str],
    most: int,
) -> list[Topic]:
    """The topic of a circle; before it, topics of parts of it when there are more notes than fit."""
    files = [member for name in circle for member in tree[name].files]
    children = dict.fromkeys(key_of[one] for name in circle for one in tree[name].children if one in key_of)
    imported: Counter[str] = Counter()
    for name in circle:
        for other, times in between.get(name, Counter[str]()).items():
            if other in key_of and key_of[other] not in children:
                imported[key_of[other]] += times
    context = sorted(imported, key=lambda key: (-imported[key], key))[:MOST_IMPORTED]
    key = "package:" + "+".join(name or "." for name in circle)
    rank = sum(member.rank for member in files)
    needed = [(topic, member.tokens // len(member.topics)) for member in files for topic in member.topics]
    needed += [(child, PACKAGE_NOTE) for child in children]
    topics: list[Topic] = []
    while sum(tokens for _, tokens in needed) > most and len(needed) > _FEWEST_GATHERED:
        needed, parts = _gathered(key, needed, most, rank, len(topics))
        topics.extend(parts)
    needs = (*(topic for topic, _ in needed), *context)
    size = sum(tokens for _, tokens in needed) + IMPORTED_NOTE * len(context)
    last = Topic(key, Purpose.PACKAGE, (), needs, size, PACKAGE_REPLY, rank, tuple(context))
    return [*topics, last]


def _gathered(
    key: str, needed: Sequence[tuple[str, int]], most: int, rank: float, made: int
) -> tuple[list[tuple[str, int]], list[Topic]]:
    """Notes gathered into as few topics as hold them, and those topics in their place."""
    groups: list[list[tuple[str, int]]] = [[]]
    for one in needed:
        full = sum(tokens for _, tokens in groups[-1]) + one[1] > most
        if full and len(groups[-1]) >= _FEWEST_GATHERED:
            groups.append([])
        groups[-1].append(one)
    topics = [
        Topic(
            f"{key}#{made + number}",
            Purpose.PACKAGE,
            (),
            tuple(topic for topic, _ in group),
            sum(tokens for _, tokens in group),
            PACKAGE_REPLY,
            rank,
        )
        for number, group in enumerate(groups, start=1)
    ]
    return [(topic.key, PACKAGE_NOTE) for topic in topics], topics
