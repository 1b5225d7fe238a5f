"""What may well be of something else is told to those who ask; what is like something here is told to everybody."""

from __future__ import annotations

import pytest

from fieldguide.domain.documents import Document, Form, Mention, State, Verdict
from fieldguide.domain.page import ReferenceKind
from fieldguide.verify.checking import check_documents, with_doubtful
from fieldguide.verify.doubt import is_doubtful


def _mention(text: str, kind: ReferenceKind = ReferenceKind.NAME) -> Mention:
    return Mention(kind, text, 1, 1, Form.CODE, sentence=f"See `{text}`.")


def _broken(nearest: str = "", *, certain: bool = False, likely: bool = False) -> Verdict:
    return Verdict(
        State.BROKEN, "nothing has it", nearest=(nearest,) if nearest else (), certain=certain, likely=likely
    )


@pytest.mark.parametrize("nearest", ["", "Telescope.fold"])
def test_a_name_like_nothing_here_is_doubtful(nearest: str) -> None:
    assert is_doubtful(_mention("BackgroundTask"), _broken(nearest))


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("BackgroundTask", _broken(certain=True)),
        ("BackgroundTask", _broken("Task", likely=True)),
        ("BackgroundTask", _broken("BackgroundTasks")),
        ("examples/start.py", _broken("demonstrations/start.py")),
    ],
)
def test_what_is_certain_or_like_something_here_is_not(text: str, verdict: Verdict) -> None:
    assert not is_doubtful(_mention(text), verdict)


@pytest.mark.parametrize("kind", [ReferenceKind.LINK, ReferenceKind.ANCHOR, ReferenceKind.VERSION, ReferenceKind.VALUE])
def test_what_names_nothing_of_anothers_is_not(kind: ReferenceKind) -> None:
    assert not is_doubtful(_mention("gone.md", kind), _broken())


def test_the_doubtful_count_as_unknown_until_they_are_asked_for() -> None:
    class Resolver:
        def resolve(self, mention: Mention, document: Document) -> Verdict:
            assert document.path == "a.md"
            return _broken(certain=mention.text == "gone")

        def settle(self, mention: Mention, verdict: Verdict) -> Verdict:
            assert mention.text
            return verdict

    page = Document("a.md", "markdown", (_mention("elsewhere"), _mention("gone")))
    checked = check_documents([page], [page], Resolver(), lambda _: ())
    assert [one.mention.text for one in checked.doubtful] == ["elsewhere"]
    assert checked.unknown == 1
    told = with_doubtful(checked)
    assert (len(told.faults), told.unknown, told.doubtful) == (2, 0, ())
