"""A model's prose: what holds stays as it was written, what does not goes with its whole sentence or bullet."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from fieldguide.domain.codebase import UsedDependency
from fieldguide.domain.page import Author, Draft, DraftSection, Evidence, Prose, ReferenceKind, Section, Verified
from fieldguide.domain.redacted import RedactedText
from fieldguide.domain.source import Span
from fieldguide.verify import verify, verify_prose
from growth import assert_linear, calls

if TYPE_CHECKING:
    from fieldguide.domain.codebase import Codebase

PROSE = Section("overview", "Overview", Author.MODEL)


def check(text: str, codebase: Codebase) -> Verified:
    return verify(Draft("README.md", (DraftSection(PROSE, text),)), codebase, page="README.md")


def cleaned(text: str, codebase: Codebase) -> str:
    sections = check(text, codebase).draft.sections
    return sections[0].markdown if sections else ""


def test_prose_that_holds_is_kept_word_for_word(codebase: Codebase) -> None:
    text = (
        "Relay calls again what failed, e.g. a request.\n"
        "You say so with `retry(on=ValueError, attempts=3)`, or keep a `Caller` and its `bind`.\n\n"
        "- **Limits.** `attempts` is *10* unless `RELAY_HOME` is set.\n"
        "- **Typing.** `dict[str, Any]` and `None` are Python's own.\n\n"
        "1. Run `relay scan --depth 3 .` first.\n"
        "2. Then read [*this*] in `docs/guide.md`."
    )
    result = check(text, codebase)
    assert result.draft.sections[0].markdown == text.replace("[*this*]", r"\[*this*\]")
    assert result.findings == ()
    assert result.checked == 9


@pytest.mark.parametrize(
    ("invented", "kind"),
    [
        ("retry_forever", ReferenceKind.NAME),
        ("Caller.unbind", ReferenceKind.NAME),
        ("BoundCaller.unbind()", ReferenceKind.NAME),
        ("retry(patience=3)", ReferenceKind.NAME),
        ("os.frobnicate", ReferenceKind.NAME),
        ("str.frobnicate", ReferenceKind.NAME),
        ("tenacity.Frobnicator", ReferenceKind.NAME),
        ('mode="ludicrous"', ReferenceKind.NAME),
        ("list[Frobnicator]", ReferenceKind.NAME),
        (".frobnicate()", ReferenceKind.NAME),
        ("3frobnicators", ReferenceKind.NAME),
        ("<!-- fieldguide:end -->", ReferenceKind.NAME),
        ("src/relay/missing.py", ReferenceKind.PATH),
        ("missing.toml", ReferenceKind.PATH),
        ("../secrets/key.pem", ReferenceKind.PATH),
        ("tests/", ReferenceKind.PATH),
        ("*.rs", ReferenceKind.PATH),
        ("--frobnicate", ReferenceKind.FLAG),
        ("--depth=3 --frobnicate", ReferenceKind.FLAG),
        ("RELAY_FROBNICATE", ReferenceKind.VARIABLE),
        ("$RELAY_FROBNICATE", ReferenceKind.VARIABLE),
        ("relay frobnicate", ReferenceKind.COMMAND),
        ("relay scan --frobnicate", ReferenceKind.COMMAND),
        ("make frobnicate", ReferenceKind.COMMAND),
        ("pip install frobnicate", ReferenceKind.COMMAND),
        ("pip install relay-tool[slow]", ReferenceKind.COMMAND),
        ("pip install -r requirements/missing.txt", ReferenceKind.COMMAND),
        ("python -m frobnicate", ReferenceKind.COMMAND),
        ("git frobnicate 'open", ReferenceKind.COMMAND),
        ("https://relay.example/docs", ReferenceKind.LINK),
        ("data:text/html,x", ReferenceKind.LINK),
    ],
)
def test_an_invention_in_backticks_takes_its_sentence_with_it(
    invented: str, kind: ReferenceKind, codebase: Codebase
) -> None:
    result = check(f"Relay has `retry`. It is set by `{invented}` alone. Use `Caller` too.", codebase)
    assert result.draft.sections[0].markdown == "Relay has `retry`.\nUse `Caller` too."
    assert [(one.reference.kind, one.reference.text) for one in result.findings] == [(kind, invented)]


@pytest.mark.parametrize(
    "true",
    [
        "retry",
        "relay.retry",
        "relay.Caller.bind",
        "BoundCaller.bind",
        "bound_caller.bind",
        "@relay.retry",
        "_core.py",
        "relay/cli.py",
        "./src/relay/",
        "cli.py:12",
        "*.py",
        ".py",
        "-d",
        "--depth=3",
        "RELAY_HOME=here relay scan x",
        "${RELAY_HOME}",
        "make docs",
        "sphinx-build -W docs",
        "pip install relay_tool[fast]",
        "pip install -e .",
        "python -m relay.cli",
        "python -m venv",
        "tenacity",
        "tenacity.AsyncRetrying",
        "asyncio.run",
        "pathlib.Path.read_text",
        "logging.handlers.RotatingFileHandler",
        "xml.dom.minidom.parse",
        "str.join",
        "except ValueError",
        '"turbo"',
        "utf-8",
        "application/json",
        "GET",
        "10s",
        "0x1F",
        "<path>",
        "docs/Übersicht (1).png",
    ],
)
def test_what_code_or_python_bears_out_stays(true: str, codebase: Codebase) -> None:
    text = f"Here is `{true}` as it is."
    assert cleaned(text, codebase) == text


@pytest.mark.parametrize(
    "text",
    [
        "It calls frobnicate_all at the end.",
        "It calls frobnicate() at the end.",
        "It calls relay.frobnicate at the end.",
        "It takes --frobnicate as well.",
        "It reads src/relay/frobnicate.py first.",
        "It lives at https://frobnicate.example now.",
        "Write to frobnicate@relay.example today.",
        "See www.frobnicate.example today.",
        "Click [here](javascript:frobnicate) today.",
        "**It calls frobnicate_all** at the end.",
    ],
)
def test_an_invention_in_plain_prose_goes_too(text: str, codebase: Codebase) -> None:
    assert cleaned(f"{text} Relay waits and tries again, e.g. and/or later, as in Node.js.", codebase) == (
        "Relay waits and tries again, e.g. and/or later, as in Node.js."
    )


def test_the_nearest_right_name_is_proposed(codebase: Codebase) -> None:
    text = "Use `Caller.bnid`. Use `--dpeth`. Use `RELAY_HOMES`. Use `src/relay/_cors.py`. Use `qqqq_zzzz`."
    near = [one.nearest for one in check(text, codebase).findings]
    assert near == ["Caller.bind", "--depth", "RELAY_HOME", "src/relay/_core.py", ""]


def test_a_sentence_that_leans_on_a_removed_one_goes_with_it(codebase: Codebase) -> None:
    text = "Relay waits. The `frobnicator` then runs. It is fast. This matters. `retry` stays."
    assert cleaned(text, codebase) == "Relay waits.\n`retry` stays."


def test_a_bullet_goes_whole_and_numbers_close_up(codebase: Codebase) -> None:
    text = "1. `retry` first.\n2. Good. But `frobnicate` is not.\n3. `Caller` last.\n   - `bind` too\n   - `unbind` not"
    assert cleaned(text, codebase) == "1. `retry` first.\n2. `Caller` last.\n   - `bind` too"


def test_an_introduction_does_not_outlive_its_list_nor_a_heading_its_text(codebase: Codebase) -> None:
    text = (
        "It waits.\nIts parts are:\n\n- `frob_a`\n- `frob_b`\n\n"
        "## Parts\n\n`frob_c` is all.\n\n## Rest\n\n`retry` is all."
    )
    assert cleaned(text, codebase) == "It waits.\n\n### Rest\n\n`retry` is all."


def test_a_section_of_which_nothing_is_left_is_left_out(codebase: Codebase) -> None:
    assert check("All of it is `frobnicated`.", codebase).draft.sections == ()


def test_html_images_listings_tables_and_markers_never_pass(codebase: Codebase) -> None:
    text = (
        "Relay <b>waits</b>. ![pic](http://evil.example/p.png)\n\n<script>alert(1)</script>\n\n"
        "<!-- fieldguide:begin title -->\n\n```mermaid\nflowchart\n```\n\n    indented\n\n"
        "| a | b |\n|---|---|\n| c | d |\n\n"
        "See [the docs][x] or [here](http://evil.example).\n\n[x]: http://evil.example"
    )
    result = check(text, codebase)
    assert result.draft.sections[0].markdown == "Relay waits.\n\nSee the docs or here."
    assert {one.reference.kind for one in result.findings} == {ReferenceKind.MARKUP}
    assert result.checked == 0


def test_invisible_and_reordering_characters_are_dropped(codebase: Codebase) -> None:
    assert cleaned("Relay \u202ewaits\u200b for\u0007 you.", codebase) == "Relay waits for you."


def test_what_stands_in_the_evidence_holds_unless_the_evidence_is_documentation(codebase: Codebase) -> None:
    prose = Prose({"overview": "It serves `/users/me`. It has `old_name`."}, {})
    evidence = [
        Evidence(Span("src/relay/cli.py", 1, 1), RedactedText('@app.get("/users/me")'), 5),
        Evidence(Span("docs/guide.md", 1, 1), RedactedText("call `old_name`"), 5),
    ]
    checked = verify_prose(prose, codebase, evidence=evidence)
    assert checked.prose.sections == {"overview": "It serves `/users/me`."}
    assert [one.reference.text for one in checked.findings] == ["old_name"]


def test_a_camel_case_word_in_prose_is_a_name_unless_people_write_it(codebase: Codebase) -> None:
    """`AsyncRouter` without backticks is an invention like any other; `GitHub` is not, nor what documents speak of."""
    text = "The AsyncRouter sends. The `Caller` waits on GitHub. It posts to ZooKeeper. HTTPRelay ends it."
    found = verify_prose(Prose({"overview": text}, {}), codebase)
    assert {one.reference.text for one in found.findings} == {"AsyncRouter", "ZooKeeper", "HTTPRelay"}
    spoken = Evidence(Span("GUIDE.md", 1, 1), RedactedText("It runs beside ZooKeeper.\n"), 6)
    found = verify_prose(Prose({"overview": text}, {}), codebase, evidence=[spoken])
    assert {one.reference.text for one in found.findings} == {"AsyncRouter", "HTTPRelay"}


def test_a_sentence_stands_and_falls_with_where_its_link_leads(codebase: Codebase) -> None:
    text = (
        "See [the code](src/relay/cli.py#L2). See [the guide](docs/frobnicate.md). See [ours](https://relay.example/)."
    )
    found = verify_prose(Prose({"overview": text}, {}), codebase)
    assert found.prose.sections == {"overview": "See the code.\nSee ours."}
    assert [one.reference.text for one in found.findings] == ["docs/frobnicate.md", "https://relay.example/"]


def test_nothing_is_said_twice_nor_left_leaning_once_what_stood_between_is_gone(codebase: Codebase) -> None:
    text = "[The guide](docs/a.md) has more. Relay waits. Relay waits.\n\n"
    text += "- Good.\n- `frobnicate` waits.\n- This is why.\n- Good."
    assert cleaned(text, codebase) == "Relay waits.\n\n- Good."


def test_a_description_is_whole_or_not_at_all(codebase: Codebase) -> None:
    prose = Prose(
        {},
        {
            "relay._core.retry": "Calls again\nwhat failed.",
            "Caller.bind": "Fixes the errors. Uses `frobnicate`.",
            "relay.unknown": "Does nothing.",
            "src/relay": "Holds `retry`.",
        },
    )
    checked = verify_prose(prose, codebase)
    assert checked.prose.descriptions == {
        "relay._core.retry": "Calls again what failed.",
        "src/relay": "Holds `retry`.",
    }
    assert checked.checked == 6
    assert len(checked.findings) == 2


def test_commands_that_a_framework_brings_hold_only_where_it_is_a_dependency(codebase: Codebase) -> None:
    text = "Run `flask db upgrade` first.\nRun `flask run` then.\nRun `flask frobnicate` never."
    assert cleaned(text, codebase) == ""
    web = replace(
        codebase, dependencies=tuple(UsedDependency(one, (), (), optional=False) for one in ("flask", "flask-migrate"))
    )
    assert cleaned(text, web) == "Run `flask db upgrade` first.\nRun `flask run` then."


INVENTED = st.from_regex(r"zq[a-z]{3,9}(_[a-z]{2,6})?", fullmatch=True)
SHAPES = st.sampled_from(
    [
        "`{}`", "`{}()`", "`relay.{}`", "`Caller.{}`", "`{}.retry`", "`retry({}=1)`", "`retry({})`", "`--{}`", "`@{}`",
        "`src/relay/{}.py`", "`{}/`", "`relay {}`", "`make {}`", "`pip install {}`", "`python -m {}`", "`'{}'`",
        "`os.{}`", "`tenacity.{}`", "`{}: int = 3`", "`*{}`", "**`{}`**", "``{}``", "[`{}`](x.md)", "relay.{}", "{}()",
        "--{}", "`retry-{}`", "`${}`", "`caller.{}`", "`x if {} else 3`", "`<b>{}</b>`", "`{} retry`", "`str.{}`",
    ]
)  # fmt: skip
AROUND = st.sampled_from(
    ["Relay uses {} here.", "- {} is a part.", "Text. Then {} ends.", "1. Run {}", "> Say {}", "# {}"]
)


@given(name=INVENTED, shape=SHAPES, around=AROUND, before=st.sampled_from(["", "`retry` works.\n\n"]))
@settings(max_examples=400)
def test_no_invented_name_is_ever_published(
    codebase: Codebase, name: str, shape: str, around: str, before: str
) -> None:
    result = check(before + around.format(shape.format(name)), codebase)
    assert all(name not in one.markdown for one in result.draft.sections)
    assert any(name in one.reference.text for one in result.findings)
    assert result.checked >= 1


@example("1@1. .")
@given(text=st.text(alphabet=list("ab A.:!*_`[]()<>#-+1|\\\n&;~\"'=/@$\u2026"), max_size=60))
@settings(max_examples=400)
def test_cleaning_is_safe_and_settled_whatever_is_typed(codebase: Codebase, text: str) -> None:
    """Cleaned prose holds no link, image or raw HTML, and cleaning it again changes nothing."""
    once = cleaned(text, codebase)
    assert cleaned(once, codebase) == once
    tokens = MarkdownIt("commonmark", {"html": True}).enable("table").parse(once)
    kinds = {one.type for token in tokens for one in (token, *(token.children or ()))}
    assert not kinds & {"link_open", "image", "html_inline", "html_block", "fence", "code_block", "table_open"}


def test_checking_takes_as_long_as_the_page(codebase: Codebase) -> None:
    lines = ["`retry` calls again what `Caller.bind` gave it, up to `attempts` times; see `docs/guide.md`."] * 280
    lines += [f"It calls `invented_{number}`." for number in range(20)]
    cleaned("\n".join(lines), codebase)
    short, long = (calls(lambda page=page: cleaned("\n".join(page), codebase)) for page in (lines, lines * 8))
    assert short < 300 * 1_200
    assert long < 16 * short
    assert_linear(lambda size: cleaned("\n".join((lines * 8)[-size:]), codebase), 2_400)
