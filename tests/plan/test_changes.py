"""What has changed since prose was written is told from digests, to the definition, and nothing else is shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from fieldguide.analyse import analyse_file
from fieldguide.domain.basis import Basis, Changes
from fieldguide.domain.page import Prose
from fieldguide.domain.redacted import RedactedText
from fieldguide.domain.source import Role, SourceFile, Span
from fieldguide.plan import FACTS, NAMES, Held, compare, marked

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from fieldguide.domain.symbols import Symbol

STORE = '''"""Keeps what was paid."""

LIMIT = 3


def put(key: str) -> None:
    """Keep it."""
    print(key)


class Store:
    """Holds things."""

    def get(self, key: str) -> str:
        """Give it back."""
        found = key

        return found

    def drop(self, key: str) -> None:
        """Let it go."""
        del key
'''
LONG = STORE + "".join(f"\n    def step{number}(self) -> int:\n        return {number}\n" for number in range(30))


def held(texts: Mapping[str, str], *, facts: Sequence[str] = (), names: Sequence[str] = ()) -> list[Held]:
    def whole(path: str, lines: Sequence[str], role: Role = Role.SOURCE) -> Held:
        return Held(path, role, lines, ((1, len(lines)),))

    files = [whole(path, text.split("\n")) for path, text in texts.items()]
    return [*files, whole(FACTS, facts), whole(NAMES, names)]


def basis_of(texts: Mapping[str, str], *, facts: Sequence[str] = (), names: Sequence[str] = ()) -> Basis:
    material, characters = marked(held(texts, facts=facts, names=names))
    return Basis("d" * 32, "terms", Prose({}, {}), material, characters)


def compared(before: Mapping[str, str], after: Mapping[str, str]) -> Changes:
    def symbols(path: str) -> Sequence[Symbol]:
        if not path.endswith(".py"):
            return ()
        source = SourceFile(path, "python", len(after[path]), "", Role.SOURCE)
        return analyse_file(source, RedactedText(after[path]), "pkg").symbols

    return compare(basis_of(before), held(after), symbols)


def test_what_is_as_it_was_is_no_change() -> None:
    changes = compared({"a.py": STORE}, {"a.py": STORE})
    assert changes.none
    assert changes.characters == 0
    assert (changes.material, changes.whole) == marked(held({"a.py": STORE}))


def test_a_change_shows_the_definition_that_holds_it_and_no_other() -> None:
    (changed,) = compared({"a.py": LONG}, {"a.py": LONG.replace("found = key", "found = key.upper()")}).files
    assert not changed.new
    assert changed.text == (
        "class Store:\n…\n    def get(self, key: str) -> str:\n"
        '        """Give it back."""\n        found = key.upper()\n\n        return found'
    )
    assert changed.spans == (Span("a.py", 11, 11), Span("a.py", 14, 18))


def test_what_went_is_told_by_what_is_left() -> None:
    begin, end = STORE.index("def put"), STORE.index("class Store")
    (changed,) = compared({"a.py": STORE}, {"a.py": STORE[:begin] + STORE[end:]}).files
    assert changed.text == ""
    assert changed.defines == ("LIMIT", "Store")


def test_a_new_file_is_shown_whole_and_one_that_is_gone_is_counted() -> None:
    changes = compared({"a.py": STORE}, {"b.py": "def serve() -> None:\n    print(1)\n"})
    (changed,) = changes.files
    assert (changed.path, changed.new, changed.text) == ("b.py", True, "def serve() -> None:\n    print(1)\n")
    assert changes.gone == 1
    assert changes.characters > len(changed.text)


def test_a_file_that_only_moved_is_named_and_not_shown() -> None:
    (changed,) = compared({"a.py": STORE}, {"b.py": STORE}).files
    assert (changed.path, changed.new, changed.text) == ("b.py", True, "")


def test_of_facts_and_names_the_lines_that_are_new_are_told() -> None:
    before = basis_of({}, facts=["| `--old` |", "| `--kept` |"], names=["pkg.old"])
    now = held({}, facts=["| `--kept` |", "| `--new` |"], names=["pkg.old", "pkg.new"])
    changes = compare(before, now, lambda _: ())
    assert (changes.facts, changes.names, changes.files) == (("| `--new` |",), ("pkg.new",), ())


def test_placeholders_of_another_machine_are_no_change() -> None:
    changes = compared({"a.py": 'KEY = "REDACTED_AWS_KEY_1a2b3c4d"\n'}, {"a.py": 'KEY = "REDACTED_AWS_KEY_9f8e7d6c"\n'})
    assert changes.none


@given(st.lists(st.text("ab\n", max_size=12), max_size=8), st.integers(0, 7), st.text("cd", min_size=1, max_size=5))
def test_every_line_that_is_new_is_shown(blocks: list[str], place: int, word: str) -> None:
    """Whatever the blank lines: what comes in is seen, and what it is compared with is all that there is."""
    before = "\n\n".join(blocks)
    after = "\n\n".join([*blocks[:place], f"= {word}", *blocks[place:]])
    (changed,) = compared({"a.txt": before}, {"a.txt": after}).files
    assert f"= {word}" in changed.text.split("\n")
    assert compared({"a.txt": after}, {"a.txt": after}).none
