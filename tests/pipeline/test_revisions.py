"""After a small change one small request brings the page up to date; the plan says so, and the store holds it."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from pipeline.test_runs_from_notes import SMALL, files
from pipeline.whole_run import Runs, Said, azure, project
from provider.metered_chat import REFUSED_FOR_GOOD, Model
from provider.metered_provider import MeteredProvider, metered_provider

if TYPE_CHECKING:
    from collections.abc import Generator

PART = "wide/web/part4.py"
ADDED = '\n\ndef name_that_came(value: int) -> int:\n    """Double it."""\n    return value * 2\n'


@pytest.fixture
def metered() -> Generator[MeteredProvider]:
    with metered_provider(model=Model(detail="content")) as running:
        yield running


class Tree:
    """A project that was documented, and is again and again."""

    def __init__(self, run: Runs, metered: MeteredProvider, first: Documented) -> None:
        """Take a copy of what the first run left."""
        shutil.copytree(first.home, run.home, dirs_exist_ok=True)
        self.run, self.metered, self.root, self.options = run, metered, run.home / "wide", first.options
        self.price, self.seen = first.price, 0

    def document(self, *options: str) -> Said:
        """One more run."""
        return self.run(*self.options, *options, self.root.name, variables=azure(self.metered))

    def asked(self) -> list[str]:
        """Kinds of the requests since this was asked last."""
        kinds = [one.kind for one in self.metered.records[self.seen :]]
        self.seen = len(self.metered.records)
        return kinds

    def append(self, path: str, text: str) -> None:
        """Write more into a file."""
        with (self.root / path).open("a", encoding="utf-8") as file:
            file.write(text)

    @property
    def page(self) -> Path:
        """Where it is written."""
        return self.root / "README.md"


@dataclass(frozen=True, slots=True)
class Documented:
    """What a first run left: the tree with its page, and the cache."""

    home: Path
    options: tuple[str, ...]
    price: int
    """Input tokens."""
    requests: int


def documented(home: Path, *options: str) -> Documented:
    """Document a tree for the first time."""
    project(home / "wide", files())
    with metered_provider(model=Model(detail="content")) as metered, pytest.MonkeyPatch.context() as patch:
        done = Runs(home, patch, lambda: ("", ""))(*options, "wide", variables=azure(metered))
        assert done.code == 0
        return Documented(home, options, metered.bill().input_tokens, len(metered.records))


@pytest.fixture(scope="module")
def first_with_notes(tmp_path_factory: pytest.TempPathFactory) -> Documented:
    return documented(tmp_path_factory.mktemp("notes"), *SMALL)


@pytest.fixture(scope="module")
def first_of_one(tmp_path_factory: pytest.TempPathFactory) -> Documented:
    return documented(tmp_path_factory.mktemp("one"))


@pytest.fixture
def wide(run: Runs, metered: MeteredProvider, first_with_notes: Documented) -> Tree:
    """A tree that needs notes."""
    assert first_with_notes.requests > 1
    return Tree(run, metered, first_with_notes)


@pytest.fixture
def single(run: Runs, metered: MeteredProvider, first_of_one: Documented) -> Tree:
    """The same as one request."""
    assert first_of_one.requests == 1
    return Tree(run, metered, first_of_one)


@pytest.mark.parametrize("kind", ["wide", "single"])
def test_a_function_that_was_added_costs_one_small_request_and_the_plan_says_so(
    kind: str, request: pytest.FixtureRequest
) -> None:
    tree: Tree = request.getfixturevalue(kind)
    tree.append(PART, ADDED)
    told = tree.run("plan", *tree.options, tree.root.name, variables=azure(tree.metered)).out
    said = tree.run("plan", "--json", "--show-prompts", *tree.options, tree.root.name, variables=azure(tree.metered))
    plan = json.loads(said.out)
    done = tree.document()
    assert (done.code, tree.asked()) == (0, ["revision"]), done.err
    sent = tree.metered.records[-1]
    message = sent.body["messages"][1]["content"]
    assert ADDED.strip() in message
    assert "shifted = value * scale" not in message, "what is as it was does not go along"
    assert sent.prompt_tokens < tree.price / 10
    assert "`name_that_came`" in tree.page.read_text()
    assert "requests: 1, which revises the page: 1 file changed" in told
    assert (plan["already_paid"], plan["left"]["requests"]) == (False, 1)
    assert plan["left"]["each"][0]["topics"] == ["page:README.md"]
    assert plan["left"]["input_tokens"] == pytest.approx(sent.prompt_tokens, rel=0.05)
    (shown,) = plan["prompts"]
    assert message.strip() in shown


def test_what_was_revised_is_paid_for_here_and_wherever_the_page_is(wide: Tree) -> None:
    tree = wide
    tree.append(PART, ADDED)
    tree.document()
    page, paid = tree.page.read_bytes(), len(tree.metered.records)
    assert "nothing has changed" in tree.document().err
    tree.page.unlink()
    assert tree.document().code == 0
    assert tree.page.read_bytes() == page, "the cache alone is enough"
    shutil.rmtree(tree.root.parent / ".cache")
    assert tree.document().code == 0
    assert len(tree.metered.records) == paid, "the page alone is enough"
    assert tree.page.read_bytes() == page


def test_a_page_and_code_that_go_back_find_what_they_had(wide: Tree) -> None:
    """As after a run that was killed before it wrote the page, and as on another branch."""
    page, code = wide.page.read_bytes(), (wide.root / PART).read_bytes()
    wide.append(PART, ADDED)
    wide.document()
    wide.page.write_bytes(page)
    wide.document()
    assert wide.asked() == ["revision"]
    assert "`name_that_came`" in wide.page.read_text()
    (wide.root / PART).write_bytes(code)
    assert wide.document().code == 0
    assert (wide.asked(), wide.page.read_bytes()) == ([], page)


def test_another_copy_of_the_tree_with_its_page_is_revised_too(wide: Tree) -> None:
    """As another branch is, or another checkout: the page says what it was written from, not the directory."""
    copy = wide.root.with_name("elsewhere") / "wide"
    shutil.copytree(wide.root, copy)
    shutil.rmtree(wide.root)
    with (copy / PART).open("a") as file:
        file.write(ADDED)
    done = wide.run(*SMALL, "elsewhere/wide", variables=azure(wide.metered))
    assert (done.code, wide.asked()) == (0, ["revision"]), done.err


def test_a_model_that_keeps_every_section_leaves_the_page_as_it_was(wide: Tree) -> None:
    wide.metered.mind.model = Model(detail="interface")
    changed = wide.root / PART
    changed.write_text(changed.read_text().replace("value * scale + 4", "scale * value + 4", 1))
    before = wide.page.read_text()
    assert wide.document().code == 0
    assert wide.asked() == ["revision"]
    prose = [line for line in before.splitlines() if line.startswith(("Callers need", "- **"))]
    assert prose
    assert set(prose) <= set(wide.page.read_text().splitlines())


def test_a_file_that_is_gone_takes_what_was_said_of_it_along(wide: Tree) -> None:
    named = next(path for path in files() if path.endswith(".py") and f"{_number(path)}_step0" in wide.page.read_text())
    (wide.root / named).unlink()
    assert wide.document().code == 0
    assert wide.asked() == ["revision"]
    assert f"{_number(named)}_step0" not in wide.page.read_text()
    assert "Files that are no more: 1." in wide.metered.records[-1].body["messages"][1]["content"]


def _number(path: str) -> str:
    return path.removeprefix("wide/").replace("/part", "").removesuffix(".py")


def test_revisions_that_add_up_end_with_a_page_that_is_written_whole(single: Tree) -> None:
    kinds: list[str] = []
    for number in range(5):
        changed = single.root / f"wide/store/part{number}.py"
        changed.write_text(changed.read_text().replace("value * scale", f"scale * value - {number} + 1"))
        assert single.document().code == 0
        kinds += single.asked()
    assert kinds[0] == "revision"
    assert "page" in kinds
    assert kinds.index("page") >= 2


def test_a_change_of_much_is_no_revision(single: Tree) -> None:
    for path in [path for path in files() if "/core/" in path or "/web/" in path]:
        single.append(path, ADDED * 40)
    assert single.document().code == 0
    assert single.asked() == ["page"]


def test_other_prompts_write_another_page(single: Tree, tmp_path: Path) -> None:
    (tmp_path / "own").mkdir()
    own = "---\nfields: [notes, evidence, sections]\n---\n{evidence}\n{notes}\nWrite {sections}.\n"
    (tmp_path / "own/readme.md").write_text(own)
    single.append(PART, ADDED)
    single.document(f"--prompts={tmp_path}/own")
    assert "revision" not in single.asked()


def test_a_change_that_the_filter_refuses_costs_the_rest_nothing(wide: Tree) -> None:
    """The revision is refused with it, so the page is written whole, without a note on that file."""
    wide.append(PART, f'\n\ndef refused() -> str:\n    """Show {REFUSED_FOR_GOOD}."""\n')
    done = wide.document("--json")
    assert done.code == 3, done.err
    assert [one["paths"] for one in json.loads(done.out)["missing"]] == [[PART]]
    kinds = wide.asked()
    assert list(dict.fromkeys(kinds))[:2] == ["revision", "files"]
    assert kinds[-1] == "page"


def test_a_page_without_a_refused_note_is_revised_and_the_note_named_again(wide: Tree) -> None:
    wide.append(PART, f'\n\ndef refused() -> str:\n    """Show {REFUSED_FOR_GOOD}."""\n')
    wide.document()
    wide.asked()
    wide.append("wide/core/part1.py", ADDED)
    done = wide.document("--json")
    assert (done.code, wide.asked()) == (3, ["revision"]), done.err
    assert [one["paths"] for one in json.loads(done.out)["missing"]] == [[PART]]
    again = wide.document("--json")
    assert (again.code, wide.asked()) == (3, [])
    assert [one["paths"] for one in json.loads(again.out)["missing"]] == [[PART]]


def test_a_provider_that_refuses_the_key_leaves_the_page_as_it_was(wide: Tree) -> None:
    before = wide.page.read_bytes()
    wide.append(PART, ADDED)
    wide.metered.key = "another" * 6
    done = wide.run(*SMALL, wide.root.name, variables={**azure(wide.metered), "AZURE_OPENAI_API_KEY": "wrong" * 8})
    assert (done.code, wide.page.read_bytes()) == (4, before)


def test_a_page_that_the_filter_refuses_is_not_asked_for_again(single: Tree) -> None:
    """Neither the revision nor the whole request; another change asks anew, and so does a run without the cache."""
    before = single.page.read_bytes()
    single.append(PART, f'\n\ndef refused() -> str:\n    """Show {REFUSED_FOR_GOOD}."""\n')
    done = single.document()
    assert (done.code, single.page.read_bytes()) == (4, before)
    assert set(single.asked()) == {"revision", "page"}
    again = single.document()
    assert (again.code, single.asked()) == (4, [])
    assert "--no-cache" in again.err
    told = single.run("plan", single.root.name, variables=azure(single.metered)).out
    assert "the model would not be asked: the content filter refused it" in told
    assert single.document("--no-cache").code == 4
    assert single.asked() == ["page"]
    single.append(PART, "\n\nMORE = 1\n")
    single.document()
    assert "revision" in single.asked()
