"""A revision asks for what is no longer true, keeps every other word, and names what the model left open."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldguide.domain.basis import Basis, ChangedFile, Changes
from fieldguide.domain.limits import Limits
from fieldguide.domain.page import Prose
from fieldguide.domain.redacted import RedactedText
from fieldguide.domain.report import Missing
from fieldguide.domain.request import Request, StopReason
from fieldguide.domain.sections import DESCRIPTIONS, PROSE_KEYS
from fieldguide.domain.source import Role, Span
from fieldguide.llm import Door, Ledger
from fieldguide.llm.store import ReplyStore
from fieldguide.llm.store_pages import PageShelf
from fieldguide.write.prose import (
    ProseFailure,
    Reviser,
    WrittenProse,
    load_prompts,
    render_request,
    revision_request,
    write_revision,
)
from fieldguide.write.prose.reply import EARLIER, LEFT_OUT, Parsed, parse_revision

if TYPE_CHECKING:
    from pathlib import Path

    from fieldguide.domain.model import ModelChoice
    from provider.loopback_provider import LoopbackProvider

EARLIER_PROSE = Prose(
    {
        "tagline": "Counts who goes in.",
        "overview": "A hall holds so many.\n\n`Gate` counts them.",
        "highlights": "- **It counts.** `Gate` does.",
        "usage": "Call `admit`.",
    },
    {"Gate": "Counts."},
    "gpt-4o",
)
BASIS = Basis("d" * 32, "terms", EARLIER_PROSE, {"00": b"12345678"}, 900)
CHANGES = Changes(
    files=(
        ChangedFile("gate.py", Role.SOURCE, new=False, text="def admit(name): ...", spans=(Span("gate.py", 7, 7),)),
        ChangedFile("moved.py", Role.SOURCE, new=True, text=""),
        ChangedFile("store.py", Role.SOURCE, new=False, text="", defines=("Store",)),
    ),
    facts=("| `--limit` | `10` |",),
    names=("admit",),
    gone=2,
)


def request_for(choice: ModelChoice, earlier: Prose = EARLIER_PROSE, changes: Changes = CHANGES) -> Request:
    reviser = Reviser("hall", choice, load_prompts(None), RedactedText)
    return revision_request(reviser, earlier, changes, notes={"gate.py": "Lets people in."}, gone=["announce"])


def parsed(
    text: str, asked: tuple[str, ...] = PROSE_KEYS, stop: StopReason = StopReason.STOP, basis: Basis = BASIS
) -> Parsed:
    return parse_revision(text, stop, asked, basis)


def reply(**anew: str) -> str:
    return "".join(f"## {key}\n{anew.get(key, 'KEEP')}\n\n" for key in (*PROSE_KEYS, DESCRIPTIONS)) + "## end\n"


def test_the_request_holds_the_earlier_text_and_what_has_changed_and_nothing_else(choice: ModelChoice) -> None:
    request = request_for(choice)
    payload = render_request(request)
    for said in (
        "## overview\n\nA hall holds so many.", "## pitfalls\n\nnone", "def admit(name): ...", "Lets people in.",
        "`moved.py` (code, new): all that it holds stood in another file.", "It defines now:", "Store", "announce",
        "| `--limit` | `10` |", "Files that are no more: 2.", "`## pitfalls`, `## descriptions`",
    ):  # fmt: skip
        assert said in payload
    assert [span.path for span in request.sources] == ["gate.py"]
    assert request.sections == (*PROSE_KEYS, DESCRIPTIONS)


def test_a_change_of_either_is_another_request(choice: ModelChoice) -> None:
    digest = request_for(choice).digest
    assert digest == request_for(choice).digest
    assert digest != request_for(choice, changes=replace(CHANGES, gone=1)).digest
    assert digest != request_for(choice, replace(EARLIER_PROSE, sections={"tagline": "Counts."})).digest


def test_what_is_kept_stands_word_for_word_and_what_is_new_takes_its_place() -> None:
    found = parsed(
        reply(usage="Call `admit` with a name.", descriptions="- `admit`: Lets one in."), (*PROSE_KEYS, DESCRIPTIONS)
    )
    assert found.sections == {**EARLIER_PROSE.sections, "usage": "Call `admit` with a name."}
    assert found.descriptions == {"Gate": "Counts.", "admit": "Lets one in."}
    assert found.missing == ()


@pytest.mark.parametrize("word", ["KEEP", "**KEEP**", "keep.", "`KEEP`", "unchanged"])
def test_the_word_is_known_however_it_is_dressed(word: str) -> None:
    assert parsed("".join(f"## {key}\n{word}\n" for key in PROSE_KEYS)).sections == EARLIER_PROSE.sections


def test_a_section_that_has_nothing_left_to_say_goes() -> None:
    assert "highlights" not in parsed(reply(highlights="none")).sections


def test_a_section_that_is_left_out_stands_as_it_was_and_is_named() -> None:
    found = parsed("## tagline\nKEEP\n## overview\nKEEP\n## end\n")
    assert found.sections == EARLIER_PROSE.sections
    assert [(one.section, one.reason, one.instead) for one in found.missing] == [
        (key, LEFT_OUT, EARLIER) for key in PROSE_KEYS[2:]
    ]


def test_a_section_that_was_missing_before_is_missing_until_it_is_written() -> None:
    lacking = replace(BASIS, missing=(Missing("pitfalls", "it was cut off", "nothing"),))
    assert parsed(reply(), basis=lacking).missing == lacking.missing
    assert parsed(reply(pitfalls="- `Gate` keeps what it is given."), basis=lacking).missing == ()


def test_a_reply_that_was_cut_off_changes_nothing_by_its_last_section() -> None:
    found = parsed("## tagline\nKEEP\n## overview\nA hall holds", stop=StopReason.LENGTH)
    assert found.sections["overview"] == EARLIER_PROSE.sections["overview"]
    assert {one.section for one in found.missing} == set(PROSE_KEYS[1:])


@given(st.text(max_size=400), st.sampled_from(StopReason))
def test_any_text_leaves_sections_of_the_earlier_or_of_its_own(text: str, stop: StopReason) -> None:
    found = parsed(text, stop=stop)
    assert set(found.sections) <= set(PROSE_KEYS)
    assert all(body.strip() for body in found.sections.values())


def test_a_revision_is_bought_once_and_found_again(
    provider: LoopbackProvider, choice: ModelChoice, ledger: Ledger, tmp_path: Path
) -> None:
    """Through a real door and store; and a reply without any section is none, and is not kept."""
    provider.reply = reply(usage="Call `admit` first.")
    request = request_for(choice)

    async def revised() -> WrittenProse | ProseFailure:
        with ReplyStore(tmp_path / "store") as replies:
            async with Door(choice, Limits(), replies, ledger, lambda _: None, count=len) as door:
                return await write_revision(request, BASIS, choice, door, replies)

    first = asyncio.run(revised())
    assert isinstance(first, WrittenProse)
    assert first.prose.sections["usage"] == "Call `admit` first."
    assert asyncio.run(revised()) == first
    assert len(provider.received) == 1


def test_an_answer_without_a_section_is_no_revision(
    provider: LoopbackProvider, choice: ModelChoice, ledger: Ledger, tmp_path: Path
) -> None:
    provider.reply = "I cannot help with that."

    async def revised() -> WrittenProse | ProseFailure:
        with ReplyStore(tmp_path / "store") as replies:
            async with Door(choice, Limits(), replies, ledger, lambda _: None, count=len) as door:
                return await write_revision(request_for(choice), BASIS, choice, door, replies)

    failed = asyncio.run(revised())
    assert isinstance(failed, ProseFailure)
    assert failed.unusable


def test_a_basis_is_found_by_the_digest_that_a_page_carries_whole_or_half(tmp_path: Path) -> None:
    with ReplyStore(tmp_path) as replies:
        shelf, elsewhere = PageShelf(replies, "/one"), PageShelf(replies, "/two")
        assert shelf.latest("README.md") is None
        assert shelf.put("README.md", BASIS)
        assert shelf.get(BASIS.digest) == shelf.get(BASIS.digest[:16]) == shelf.latest("README.md") == BASIS
        assert elsewhere.get(BASIS.digest) == BASIS
        assert elsewhere.latest("README.md") is None
        assert shelf.get("e" * 32) is None


def test_the_store_holds_no_name_of_a_project_or_a_page(tmp_path: Path) -> None:
    with ReplyStore(tmp_path) as replies:
        PageShelf(replies, "/home/secret-project").put("docs/HIDDEN.md", BASIS)
    content = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert b"secret-project" not in content
    assert b"HIDDEN" not in content


def test_without_a_store_nothing_is_kept_and_nothing_fails() -> None:
    with ReplyStore(None) as replies:
        shelf = PageShelf(replies, "/one")
        assert not shelf.put("README.md", BASIS)
        assert shelf.get(BASIS.digest) is None
