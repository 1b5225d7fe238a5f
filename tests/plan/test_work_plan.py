"""The plan of a tree that is too large for one request: everything is in it, in an order that can be followed."""

from __future__ import annotations

from collections import Counter
from functools import cache
from typing import TYPE_CHECKING

from hypothesis import given, settings
from hypothesis import strategies as st

from fieldguide.domain.codebase import Codebase
from fieldguide.domain.model import ModelChoice, Provider
from fieldguide.domain.redacted import RedactedText
from fieldguide.domain.source import Role, SourceFile
from fieldguide.domain.symbols import Module
from fieldguide.domain.work import Purpose, WorkPlan
from fieldguide.plan.packages import Member, package_topics
from fieldguide.plan.room import Room
from fieldguide.plan.tokens import TokenCounter, token_counter
from fieldguide.plan.work import FILE_NOTE, FRONT_TOKENS, work_plan

if TYPE_CHECKING:
    from collections.abc import Mapping

ROOM = Room(request=32_000, reply=4_000, thinking=0, file_prompt=500, package_prompt=400, page_prompt=1_300)
NAMES = st.sampled_from(["a", "b", "c", "core", "web"])
PATHS = st.lists(
    st.lists(NAMES, min_size=1, max_size=5).map("/".join).map("{}.py".format),
    min_size=1,
    max_size=60,
    unique=True,
)
IMPORTS = st.lists(st.tuples(st.integers(0, 59), st.integers(0, 59)), max_size=120)


@cache
def counter() -> TokenCounter:
    return token_counter(ModelChoice(Provider.AZURE, "gpt-4o", "test"))


def codebase(texts: Mapping[str, str]) -> Codebase:
    files = tuple(
        SourceFile(path, "python", len(text), "", Role.SOURCE)
        if path.endswith(".py")
        else SourceFile(path, "markdown", len(text), "", Role.DOCUMENTATION)
        for path, text in texts.items()
    )
    modules = {
        path[:-3].replace("/", "."): Module(path[:-3].replace("/", "."), path, Role.SOURCE, 1, rank=1 / len(texts))
        for path in texts
    }
    return Codebase(name="tree", files=files, modules=modules)


def planned(texts: Mapping[str, str], room: Room = ROOM) -> WorkPlan:
    def read(path: str) -> RedactedText | None:
        return RedactedText(texts[path]) if path in texts else None

    tree = codebase(texts)
    return work_plan(tree, page="README.md", counter=counter(), room=room, read=read, facts_tokens=3_000)


def functions(count: int) -> str:
    return "".join(f"def f{number}(x):\n    return x * {number}\n\n" for number in range(count))


def members(paths: list[str], tokens: int = FILE_NOTE) -> list[Member]:
    return [Member(path, (f"file:{path}",), tokens, 1.0) for path in paths]


@given(PATHS, IMPORTS, st.integers(300, 20_000))
def test_packages_need_only_what_comes_before_them_and_every_file_is_needed(
    paths: list[str], pairs: list[tuple[int, int]], most: int
) -> None:
    """Whatever the directories and however they import each other, circles included."""
    imports = Counter((paths[one % len(paths)], paths[other % len(paths)]) for one, other in pairs)
    topics = package_topics(members(paths), imports, most=most)
    known = {f"file:{path}" for path in paths}
    for topic in topics:
        assert set(topic.needs) <= known
        assert topic.key not in known
        known.add(topic.key)
    needed = {key for topic in topics for key in topic.needs}
    assert {f"file:{path}" for path in paths} <= needed
    assert {topic.key for topic in topics[:-1]} - needed <= {
        topic.key for topic in topics if topic.key.startswith("package:") and "#" not in topic.key
    }


@given(PATHS, IMPORTS, st.integers(1_500, 20_000))
def test_no_package_gets_more_notes_than_fit(paths: list[str], pairs: list[tuple[int, int]], most: int) -> None:
    imports = Counter((paths[one % len(paths)], paths[other % len(paths)]) for one, other in pairs)
    for topic in package_topics(members(paths), imports, most=most):
        assert topic.input_tokens <= most + 6 * 220 + 2 * 220


def test_packages_that_import_each_other_are_taken_together() -> None:
    paths = [f"app/{package}/{name}.py" for package in ("one", "two", "three") for name in "abcd"]
    imports = {("app/one/a.py", "app/two/a.py"): 1, ("app/two/b.py", "app/one/b.py"): 1}
    topics = {topic.key: topic for topic in package_topics(members(paths), imports, most=10_000)}
    together = topics["package:app/one+app/two"]
    assert {f"file:app/{package}/{name}.py" for package in ("one", "two") for name in "abcd"} <= set(together.needs)
    assert "package:app/three" in topics


def test_a_package_comes_after_those_that_it_imports_and_gets_their_notes() -> None:
    paths = [f"{package}/{name}.py" for package in ("alpha", "beta") for name in "abcd"]
    topics = package_topics(members(paths), {("alpha/a.py", "beta/a.py"): 3}, most=10_000)
    keys = [topic.key for topic in topics]
    assert keys.index("package:beta") < keys.index("package:alpha")
    assert "package:beta" in topics[keys.index("package:alpha")].needs


def test_a_circle_too_large_for_one_request_is_taken_apart_at_its_imports() -> None:
    paths = [f"{package}/{number}.py" for package in ("alpha", "beta") for number in range(50)]
    imports = {("alpha/1.py", "beta/1.py"): 1, ("beta/2.py", "alpha/2.py"): 1}
    keys = [topic.key for topic in package_topics(members(paths), imports, most=6_000)]
    assert {"package:alpha", "package:beta"} <= set(keys)


@settings(max_examples=20)
@given(st.integers(1, 80), st.integers(1, 60), st.integers(0, 40))
def test_every_source_file_is_in_a_request_and_no_request_is_too_large(files: int, lines: int, large: int) -> None:
    texts = {
        f"pkg/{number % 7}/m{number}.py": "".join(
            f"def f{line}(x):\n    return x * {line}\n\n" for line in range(lines)
        )
        for number in range(files)
    }
    texts["pkg/large.py"] = "".join(f"def g{line}(x):\n    return x * {line}\n\n" for line in range(large * 100))
    plan = planned(texts)
    topics = [topic for errand in plan.errands for topic in errand.topics]
    covered = {piece.span.path for topic in topics if topic.purpose is Purpose.FILE for piece in topic.pieces}
    assert covered == {path for path, text in texts.items() if text}
    for errand in plan.errands:
        assert errand.input_tokens + errand.output_tokens <= ROOM.request
        assert len({topic.purpose for topic in errand.topics}) == 1


@settings(max_examples=20)
@given(st.integers(1, 80))
def test_what_a_request_needs_comes_before_it_and_the_page_comes_last(files: int) -> None:
    plan = planned({f"pkg/{number % 9}/m{number}.py": "VALUE = 1\n" * 30 for number in range(files)})
    known: set[str] = set()
    for errand in plan.errands:
        for topic in errand.topics:
            assert set(topic.needs) <= known
        known |= {topic.key for topic in errand.topics}
    assert plan.errands[-1].topics[0].key == "page:README.md"


def test_a_file_that_vanished_is_named() -> None:
    tree = codebase({"a.py": "X = 1\n", "b.py": "Y = 1\n"})

    def read(path: str) -> RedactedText | None:
        return RedactedText("X = 1\n") if path == "a.py" else None

    plan = work_plan(tree, page="README.md", counter=counter(), room=ROOM, read=read, facts_tokens=0)
    assert plan.left_out == (("b.py", "cannot be read any more"),)


def test_a_small_window_gives_smaller_requests_not_fewer_files() -> None:
    texts = {
        f"m{number}.py": "".join(f"def f{line}():\n    return {line}\n\n" for line in range(80)) for number in range(9)
    }
    small = Room(request=5_000, reply=1_000, thinking=0, file_prompt=500, package_prompt=400, page_prompt=1_300)
    plan = planned(texts, small)
    files = [errand for errand in plan.errands if errand.topics[0].purpose is Purpose.FILE]
    assert {piece.span.path for one in files for topic in one.topics for piece in topic.pieces} == set(texts)
    assert all(one.input_tokens + one.output_tokens <= 5_000 for one in files)


def test_the_page_sees_where_the_document_at_the_front_begins() -> None:
    """A long one is not left out: its first paragraphs say what the project is for, and end with a whole one."""
    front = "# Wide\n\nCounts who goes in.\n\n" + "".join(
        f"Paragraph {number} of many words.\n\n" for number in range(900)
    )
    texts = {f"wide/part{number}.py": functions(40) for number in range(12)}
    page = planned({**texts, "README.md": front}).errands[-1].topics[0]
    (piece,) = [piece for piece in page.pieces if piece.span.path == "README.md"]
    shown = "\n".join(front.split("\n")[: piece.span.last])
    assert piece.span.first == 1
    assert shown.startswith("# Wide")
    assert shown.rstrip().endswith("of many words.")
    assert FRONT_TOKENS / 2 < piece.tokens <= FRONT_TOKENS
