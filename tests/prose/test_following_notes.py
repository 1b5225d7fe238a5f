"""A plan followed through a real door: in order, each note once, and what goes wrong with one leaves the others be."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from fieldguide.domain.limits import Limits
from fieldguide.domain.model import ModelChoice
from fieldguide.domain.redacted import RedactedText
from fieldguide.domain.source import Span
from fieldguide.domain.work import Errand, Piece, Purpose, Topic, WorkPlan
from fieldguide.llm import Door, Ledger, read_ledger
from fieldguide.llm.store import ReplyStore
from fieldguide.llm.store_notes import NoteShelf
from fieldguide.write.notes import Desk, Followed, follow, survey
from fieldguide.write.prose import load_prompts
from provider.loopback_provider import LoopbackProvider, completion, error
from waiting import wait_until

if TYPE_CHECKING:
    from fieldguide.domain.report import Event


def file_topic(path: str) -> Topic:
    return Topic(f"file:{path}", Purpose.FILE, (Piece(Span(path, 1, 1), 5),), output_tokens=190)


A, B, C = (file_topic(f"{name}.py") for name in "abc")
WHOLE = Topic("package:.", Purpose.PACKAGE, (), (A.key, B.key, C.key), output_tokens=400)
KNOWN = Limits(1_000_000, 1_000_000_000, concurrency=1)
"""So that no request goes first to learn them."""
PLAN = WorkPlan((Errand((A, B), 100, 380), Errand((C,), 50, 190), Errand((WHOLE,), 300, 400)))


def reply(*names: str) -> str:
    return "".join(f"## `{name}.py`\nReads {name}.\n\n" for name in names) + "## end\n"


def whole(text: str = "All of it.") -> str:
    return f"## the whole project\n{text}\n\n## end\n"


@dataclass(slots=True)
class Project:
    """Three files, and what is asked about them."""

    choice: ModelChoice
    ledger: Ledger
    store: Path
    texts: dict[str, str] = field(default_factory=lambda: {f"{name}.py": f"{name} = 1\n" for name in "abc"})
    seal: Callable[[str], RedactedText] = RedactedText
    limits: Limits = KNOWN

    def desk(self) -> Desk:
        """Make requests of the files as they are now."""

        def read(path: str) -> RedactedText | None:
            return RedactedText(self.texts[path]) if path in self.texts else None

        return Desk("tiny", self.choice, load_prompts(None), read, self.seal)

    def followed(self, plan: WorkPlan = PLAN) -> Followed:
        """Follow the plan in a run of its own; one request at a time, so that scripted answers meet their requests."""
        return asyncio.run(self._followed(plan))

    async def _followed(self, plan: WorkPlan) -> Followed:
        def observe(_: Event) -> None:
            """Nobody watches."""

        with ReplyStore(self.store) as replies:
            shelf = NoteShelf(replies, "tiny")
            async with Door(self.choice, self.limits, replies, self.ledger, observe, count=len) as door:
                return await follow(plan, self.desk(), door, shelf, self.limits)


@pytest.fixture
def tiny(ledger: Ledger, choice: ModelChoice, tmp_path: Path) -> Project:
    return Project(choice, ledger, tmp_path / "cache")


def users(provider: LoopbackProvider) -> list[str]:
    return [one.messages[1][1] for one in provider.received]


def test_a_reply_is_taken_while_the_next_request_is_being_made(tiny: Project, provider: LoopbackProvider) -> None:
    """To redact a request takes long: what lies unread meanwhile would be paid for again after a kill."""
    provider.script = [completion(text) for text in (reply("a", "b"), reply("c"), whole())]

    def taken() -> bool:
        return tiny.ledger.path.exists() and any(one.arrival for one in read_ledger(tiny.ledger.path).calls)

    def seal(text: str) -> RedactedText:
        wait_until(lambda: "c = 1" not in text or taken(), "the reply to the first request is taken")
        return RedactedText(text)

    tiny.seal = seal
    assert tiny.followed().unwritten == ()


def test_notes_go_to_what_needs_them_and_are_bought_once(tiny: Project, provider: LoopbackProvider) -> None:
    provider.script = [completion(text) for text in (reply("a", "b"), reply("c"), whole())]
    followed = tiny.followed()
    assert followed.notes == {A.key: "Reads a.", B.key: "Reads b.", C.key: "Reads c.", WHOLE.key: "All of it."}
    assert followed.unwritten == ()
    assert all(f"Reads {name}." in users(provider)[2] for name in "abc")
    assert tiny.followed().notes == followed.notes
    assert len(provider.received) == 3


def test_of_a_shared_request_only_the_changed_file_is_asked_for_again(
    tiny: Project, provider: LoopbackProvider
) -> None:
    provider.script = [completion(text) for text in (reply("a", "b"), reply("c"), whole())]
    tiny.followed()
    tiny.texts["b.py"] = "b = 2\n"
    provider.script = [completion("## `b.py`\nunchanged\n\n## end\n")]
    followed = tiny.followed()
    assert len(provider.received) == 4, "the note came out the same: nothing that rests on it is asked for"
    assert "b = 2" in users(provider)[3]
    assert "a = 1" not in users(provider)[3]
    assert "Reads b." in users(provider)[3], "the earlier note goes along"
    assert followed.notes[WHOLE.key] == "All of it."
    tiny.texts["b.py"] = "b = 3\n"
    provider.script = [completion("## `b.py`\nWrites b.\n\n## end\n"), completion(whole("All of it anew."))]
    assert tiny.followed().notes[WHOLE.key] == "All of it anew."
    assert len(provider.received) == 6


def test_a_topic_that_the_reply_lacks_is_asked_for_alone_once(tiny: Project, provider: LoopbackProvider) -> None:
    plan = WorkPlan((PLAN.errands[0],))
    provider.script = [completion(reply("a")), completion("## `z.py`\nNo.\n\n## end\n")]
    followed = tiny.followed(plan)
    assert followed.notes == {A.key: "Reads a."}
    assert [(one.key, one.reason) for one in followed.unwritten] == [(B.key, "the model left it out")]
    assert len(provider.received) == 2
    assert "a = 1" not in users(provider)[1]


def test_a_reply_that_was_cut_off_is_asked_for_in_smaller_requests(tiny: Project, provider: LoopbackProvider) -> None:
    plan = WorkPlan((Errand((A, B, C), 150, 570),))
    cut = "## `a.py`\nReads a.\n\n## `b.py`\nRea"
    provider.script = [completion(cut, finish="length"), completion(reply("b")), completion(reply("c"))]
    followed = tiny.followed(plan)
    assert set(followed.notes) == {A.key, B.key, C.key}
    assert followed.unwritten == ()


def test_a_filtered_request_is_halved_until_the_one_file_is_found(tiny: Project, provider: LoopbackProvider) -> None:
    plan = WorkPlan((Errand((A, B, C), 150, 570),))
    refused = error(400, "The response was filtered.", code="content_filter")
    provider.script = [refused, completion(reply("a")), refused, refused, refused, completion(reply("c"))]
    followed = tiny.followed(plan)
    assert set(followed.notes) | {one.key for one in followed.unwritten} == {A.key, B.key, C.key}
    assert len(followed.unwritten) == 1
    assert len(provider.received) == 6, "the one file is tried twice"
    again = tiny.followed(plan)
    assert again.unwritten[0].key == followed.unwritten[0].key
    assert len(provider.received) == 6, "and never again"


def test_what_is_known_of_a_plan_is_told_without_asking(tiny: Project, provider: LoopbackProvider) -> None:
    provider.script = [completion(text) for text in (reply("a", "b"), reply("c"), whole())]
    tiny.followed()
    tiny.texts["a.py"] = "a = 2\n"
    with ReplyStore(tiny.store) as replies:
        surveyed = survey(PLAN, tiny.desk(), NoteShelf(replies, "tiny"))
    assert [[topic.key for topic in one.topics] for one in surveyed.ready] == [[A.key]]
    assert [one.topics[0].key for one in surveyed.paid] == [C.key]
    assert [one.topics[0].key for one in surveyed.waiting] == [WHOLE.key]
    assert len(provider.received) == 3


def test_the_notes_of_another_model_are_not_taken_for_these(tiny: Project, provider: LoopbackProvider) -> None:
    plan = WorkPlan((PLAN.errands[1],))
    provider.script = [completion(reply("c"))] * 2
    tiny.followed(plan)
    other = replace(tiny, choice=replace(tiny.choice, family="gpt-4.1"))
    other.followed(plan)
    assert len(provider.received) == 2


def test_a_file_that_vanished_is_named_and_the_rest_is_asked_for(tiny: Project, provider: LoopbackProvider) -> None:
    del tiny.texts["b.py"]
    provider.script = [completion(reply("a"))]
    followed = tiny.followed(WorkPlan((PLAN.errands[0],)))
    assert followed.notes == {A.key: "Reads a."}
    assert [one.key for one in followed.unwritten] == [B.key]


def test_the_one_note_that_no_room_was_left_for_is_asked_for_alone(tiny: Project, provider: LoopbackProvider) -> None:
    cut = "## `a.py`\nReads a.\n\n## `b.py`\nReads b"
    provider.script = [completion(cut, finish="length"), completion(reply("b"))]
    followed = tiny.followed(WorkPlan((PLAN.errands[0],)))
    assert followed.notes == {A.key: "Reads a.", B.key: "Reads b."}
    assert followed.unwritten == ()
    assert "a = 1" not in users(provider)[1]


def test_after_a_refusal_nothing_else_is_sent(tiny: Project, provider: LoopbackProvider) -> None:
    provider.key = "another"
    followed = tiny.followed()
    assert len(provider.received) == 1
    assert followed.stopped is not None
    assert followed.notes == {}


@pytest.mark.parametrize(
    ("limits", "order"),
    [
        (Limits(60, 60_000), ["b", "c", "a"]),
        (Limits(60), ["a", "b", "c"]),
        (Limits(60, 60_000, max_tokens=1_000_000), ["a", "b", "c"]),
    ],
    ids=["the longest under a known quota", "the shortest where it is to be learnt", "the plan's first under a budget"],
)
def test_what_goes_first(tiny: Project, provider: LoopbackProvider, limits: Limits, order: list[str]) -> None:
    topics = [replace(one, output_tokens=tokens) for one, tokens in zip((A, B, C), (100, 400, 200), strict=True)]
    plan = WorkPlan(tuple(Errand((one,), 50, one.output_tokens) for one in topics))
    provider.script = [completion(reply(name)) for name in order]
    tiny.limits = replace(limits, concurrency=1)
    assert tiny.followed(plan).unwritten == ()
    assert [name for text in users(provider) for name in "abc" if f"{name} = 1" in text] == order
