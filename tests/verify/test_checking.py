"""What of broken mentions is told: judged by their words, set aside by people, mended where one thing can be meant."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldguide.domain.documents import Document, Fault, Form, Ignored, Mention, State, Verdict
from fieldguide.domain.page import ReferenceKind
from fieldguide.errors import ConfigurationError
from fieldguide.verify.baseline import baseline_text, beyond, read_baseline
from fieldguide.verify.checking import check_documents
from fieldguide.verify.judgement import Judge
from fieldguide.verify.mending import mended

if TYPE_CHECKING:
    from collections.abc import Collection

BROKEN = Verdict(State.BROKEN, "nothing is called so", words=("fetch_all",))
CERTAIN = Verdict(State.BROKEN, "there is no such member", certain=True, nearest=("fetch",), fix="fetch")


def mention(sentence: str = "Call `fetch_all` for it.", *, text: str = "fetch_all", line: int = 1) -> Mention:
    column = max(sentence.find(text), 0) + 1
    return Mention(ReferenceKind.NAME, text, line, column, Form.CODE, sentence, ("Relay",))


def excused(sentence: str, verdict: Verdict = BROKEN) -> bool:
    return bool(Judge(Document("a.md", "markdown")).excuse(mention(sentence), verdict))


@pytest.mark.parametrize(
    "sentence",
    [
        "Call `fetch_all` for many pages.",
        "The method `fetch_all` does not raise.",
        "`fetch_all` is called when the page is removed from the list.",
        "Use `fetch_all` if nothing else helps; it will not wait.",
    ],
)
def test_what_is_said_of_todays_code_is_not_excused(sentence: str) -> None:
    assert not excused(sentence)
    assert not excused(sentence, CERTAIN)


@pytest.mark.parametrize(
    "sentence",
    [
        "`fetch_all` was removed.",
        "`fetch_all` has been renamed to `fetch`.",
        "Use `fetch` instead of `fetch_all`.",
        "The old `fetch_all` is gone.",
        "There is no `fetch_all`.",
        "It doesn\N{RIGHT SINGLE QUOTATION MARK}t have a `fetch_all` yet.",
        "`fetch_all` does not exist.",
        "In older versions, call `fetch_all`.",
    ],
)
def test_what_is_said_of_other_times_or_denied_is_excused(sentence: str) -> None:
    assert excused(sentence)
    assert excused(sentence, CERTAIN)


def test_a_document_that_tells_what_was_a_section_of_changes_and_what_a_document_defines_are_excused() -> None:
    page = Document("a.md", "markdown")
    assert Judge(replace(page, historical=True)).excuse(mention(), CERTAIN)
    assert Judge(replace(page, defines=frozenset({"fetch_all"}))).excuse(mention(), CERTAIN)
    assert Judge(page).excuse(replace(mention(), section=("Guide", "Changed in 2.0", "2.0.1")), CERTAIN)
    assert not Judge(page).excuse(replace(mention(), section=("Guide", "Fetching")), CERTAIN)


def test_a_stand_in_that_a_document_uses_throughout_is_excused_and_a_single_slip_is_not() -> None:
    said = [mention("`ToolName` waits.", text="ToolName", line=line) for line in (1, 2, 3)]
    assert Judge(Document("a.md", "markdown", tuple(said))).excuse(said[0], BROKEN)
    assert not Judge(Document("a.md", "markdown", tuple(said[:1]))).excuse(said[0], BROKEN)
    yours = mention("Write `yourapplication.settings`.", text="yourapplication.settings")
    assert Judge(Document("a.md", "markdown")).excuse(yours, BROKEN)


def test_no_other_time_had_a_name_that_is_ours_but_for_a_letter() -> None:
    slip = replace(BROKEN, certain=True, likely=True, slip=True, nearest=("fetch_all",))
    document = Document("a.md", "markdown")
    said = "In older versions, call `fetch_lal`."
    assert not Judge(document).excuse(mention(said, text="fetch_lal"), slip)
    assert Judge(document).excuse(mention("`fetch_lal` was renamed to `fetch_all`.", text="fetch_lal"), slip)
    assert Judge(document).excuse(mention("In older versions, call `get_all`.", text="get_all"), BROKEN)


def test_a_member_of_a_short_variable_that_is_likely_one_of_ours_is_no_placeholder() -> None:
    likely = replace(BROKEN, likely=True, nearest=("r.json",))
    document = Document("a.md", "markdown")
    assert not Judge(document).excuse(mention("Call `r.jsons` then.", text="r.jsons"), likely)
    assert Judge(document).excuse(mention("Call `r.jsons` then.", text="r.jsons"), BROKEN)


def test_a_certain_dead_link_is_a_fault_whatever_is_said_around_it() -> None:
    link = replace(mention("See [it](old.md), which was removed.", text="old.md"), kind=ReferenceKind.LINK)
    assert not Judge(Document("a.md", "markdown")).excuse(link, CERTAIN)


class Resolver:
    """Says of every mention what it was told to say."""

    def __init__(self, verdict: Verdict) -> None:
        self._verdict = verdict

    def resolve(self, mention: Mention, document: Document) -> Verdict:  # noqa: ARG002
        """Say it."""
        return self._verdict

    def settle(self, mention: Mention, verdict: Verdict) -> Verdict:  # noqa: ARG002
        """Leave it."""
        return verdict


def nowhere(words: Collection[str]) -> frozenset[str]:
    del words
    return frozenset()


def test_a_word_that_stands_in_the_code_makes_it_unknown_and_a_comment_sets_it_aside() -> None:
    page = Document("a.md", "markdown", (mention(), mention(line=4)), ignored=(Ignored(4, 5, "fetch_all", "soon"),))
    likely = Resolver(replace(BROKEN, likely=True))
    checked = check_documents([page], [page], likely, nowhere)
    assert [one.mention.line for one in checked.faults] == [1]
    assert (checked.documents, checked.mentions, checked.holding, checked.unknown, checked.ignored) == (1, 2, 0, 0, 1)
    found = check_documents([page], [page], likely, frozenset)
    assert (found.faults, found.unknown) == ((), 2)


def test_of_several_mentions_at_one_place_one_is_told() -> None:
    page = Document("a.md", "markdown", (mention(), replace(mention(), kind=ReferenceKind.CALL)))
    assert len(check_documents([page], [page], Resolver(CERTAIN), nowhere).faults) == 1


def fault(path: str, text: str, sentence: str, line: int) -> Fault:
    return Fault(path, mention(sentence, text=text, line=line), BROKEN)


FAULTS = st.builds(
    fault,
    st.sampled_from(["a.md", "docs/b.rst"]),
    st.text(min_size=1, max_size=8),
    st.text(max_size=20),
    st.integers(1, 99),
)


@given(st.lists(FAULTS, max_size=8), st.lists(FAULTS, max_size=4), st.integers(0, 50))
def test_a_baseline_lists_its_faults_wherever_they_move_and_no_other(
    old: list[Fault], new: list[Fault], moved: int
) -> None:
    known = read_baseline(baseline_text(old).encode(), "baseline.json")
    later = [replace(one, mention=replace(one.mention, line=one.mention.line + moved)) for one in old]
    assert beyond(later, known) == ((), 0)
    told, outlived = beyond([*later, *new], known)
    assert len(told) == len(new)
    assert outlived == 0
    assert beyond((), known)[1] == len(old)


@pytest.mark.parametrize("text", [b"", b"[]", b'{"format": 2, "faults": []}', b'{"faults": [{"path": 1}]}', b"\xff"])
def test_what_is_no_baseline_is_refused(text: bytes) -> None:
    with pytest.raises(ConfigurationError, match="baseline"):
        read_baseline(text, "b.json")


def test_only_certain_faults_are_mended_at_their_own_place() -> None:
    text = "fetch_all `fetch_all`\r\nx `fetch_all` é\nfetch_all"
    sure = Fault("a.md", replace(mention(), line=1, column=12), CERTAIN)
    unsure = Fault("a.md", replace(mention(), line=2, column=4), BROKEN)
    gone = Fault("a.md", replace(mention(), line=3, column=4), CERTAIN)
    assert mended(text, (sure, unsure, gone)) == (
        "fetch_all `fetch`\r\nx `fetch_all` é\nfetch_all",
        (sure,),
    )


def test_of_a_name_that_is_written_shorter_only_its_own_part_is_mended() -> None:
    verdict = replace(CERTAIN, fix="relay.Client.fetch")
    call = replace(mention(text="relay.Client.fetch_all"), written="client.fetch_all", column=1)
    assert mended("client.fetch_all()", (Fault("a.md", call, verdict),))[0] == "client.fetch()"
    keyword = Verdict(State.BROKEN, "takes no `retry`", certain=True, part="retry", fix="retries")
    call = replace(mention(text="relay.fetch", line=1), column=1)
    assert mended("relay.fetch(no_retry=1, retry = 2)", (Fault("a.md", call, keyword),))[0].endswith("retries = 2)")


@given(st.text(max_size=200), st.integers(1, 5), st.integers(1, 30))
def test_mending_changes_nothing_but_what_it_reports(text: str, line: int, column: int) -> None:
    wrong = Fault("a.md", replace(mention(text="ab"), line=line, column=column), replace(CERTAIN, fix="cd"))
    after, done = mended(text, (wrong,))
    assert (after == text) == (not done)
    if done:
        assert len(after) == len(text)
