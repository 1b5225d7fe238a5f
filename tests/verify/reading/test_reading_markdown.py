"""What is read from Markdown: each construct gives the mentions that it makes, and nothing else."""

from __future__ import annotations

from textwrap import dedent
from typing import TYPE_CHECKING

import pytest

from fieldguide.domain.documents import Form, Ignored
from fieldguide.domain.page import ReferenceKind as Kind
from fieldguide.verify.reading import read_document

if TYPE_CHECKING:
    from fieldguide.domain.documents import Document, Mention


def read(text: str, path: str = "README.md") -> Document:
    return read_document(path, dedent(text))


def named(document: Document) -> set[tuple[Kind, str]]:
    return {(one.kind, one.text) for one in document.mentions}


def only(document: Document, kind: Kind) -> Mention:
    (found,) = [one for one in document.mentions if one.kind is kind]
    return found


@pytest.mark.parametrize(
    ("span", "expected"),
    [
        ("Client", {(Kind.NAME, "Client")}),
        ("pkg.Client.get", {(Kind.NAME, "pkg.Client.get")}),
        ("load()", {(Kind.CALL, "load")}),
        ("@retry", {(Kind.NAME, "retry")}),
        (".headers", {(Kind.NAME, "headers")}),
        (".get(url, timeout=5)", {(Kind.CALL, "get")}),
        (".gitignore", {(Kind.PATH, ".gitignore")}),
        (".py", {(Kind.PATH, ".py")}),
        ("get(url, timeout=5)", {(Kind.CALL, "get")}),
        ("connect(host[, port])", {(Kind.CALL, "connect")}),
        ("timeout=5", {(Kind.NAME, "timeout")}),
        ("def load(path: str) -> int:", {(Kind.NAME, "load")}),
        ("from pkg.io import load", {(Kind.IMPORT, "pkg.io.load")}),
        ("--max-size", {(Kind.FLAG, "--max-size")}),
        ("--max-size=SIZE", {(Kind.FLAG, "--max-size")}),
        ("-v/--verbose", {(Kind.FLAG, "-v"), (Kind.FLAG, "--verbose")}),
        ("--[no-]color", {(Kind.FLAG, "--color"), (Kind.FLAG, "--no-color")}),
        ("APP_TOKEN", {(Kind.VARIABLE, "APP_TOKEN")}),
        ("$APP", {(Kind.VARIABLE, "APP")}),
        ("APP_DEBUG=1", {(Kind.VARIABLE, "APP_DEBUG")}),
        ("src/app/main.py", {(Kind.PATH, "src/app/main.py")}),
        ("setup.cfg", {(Kind.PATH, "setup.cfg")}),
        ("docs/", {(Kind.PATH, "docs/")}),
        ("make test", {(Kind.COMMAND, "make test")}),
        ("$ app run", {(Kind.COMMAND, "app run")}),
        ("app serve --port 80", {(Kind.COMMAND, "app serve --port 80"), (Kind.FLAG, "--port")}),
        ("[tool.app]", {(Kind.SETTING, "tool.app")}),
        ("https://example.org/x", {(Kind.LINK, "https://example.org/x")}),
        *((span, set[tuple[Kind, str]]()) for span in (
            "30", "None", '"text"', "application/json", ">=3.8", "<div>", "*", "a b, c", "x: y",
            "$ref", "%d", "pie.dev", "{{ a.b }}", "{% x %}")),
    ],
)  # fmt: skip
def test_a_code_span_is_told_by_its_shape(span: str, expected: set[tuple[Kind, str]]) -> None:
    assert named(read(f"See `{span}` here.")) == expected


def test_keywords_of_a_call_in_a_span_come_with_it() -> None:
    assert only(read("Use `pkg.get(url, timeout=5, retries=x)`."), Kind.CALL).keywords == ("timeout", "retries")


@pytest.mark.parametrize(
    ("prose", "expected"),
    [
        ("Call load_all to go on.", {(Kind.NAME, "load_all")}),
        ("Call pkg.load and see.", {(Kind.NAME, "pkg.load")}),
        ("Call load() now.", {(Kind.CALL, "load")}),
        ("Pass --dry-run to it.", {(Kind.FLAG, "--dry-run")}),
        ("Set APP_TOKEN first.", {(Kind.VARIABLE, "APP_TOKEN")}),
        ("Look into src/app/main.py first.", {(Kind.PATH, "src/app/main.py")}),
        ("Needs Python 3.9+ to run.", {(Kind.VERSION, "Python 3.9+")}),
        *((text, set[tuple[Kind, str]]()) for text in (
            "Node.js, e.g. on example.com.",
            "It ends.Then it goes on.", "and/or", "{{ site.url }}", 'Logs as "pkg.name" now.',
                                                      "Mail me@example.org about %n.pid or well-known things.")),
    ],
)  # fmt: skip
def test_prose_names_only_what_can_be_nothing_else(prose: str, expected: set[tuple[Kind, str]]) -> None:
    document = read(prose)
    assert named(document) == expected
    assert all(one.form is Form.PROSE for one in document.mentions)


def test_links_images_and_definitions_are_told_as_written_where_they_stand() -> None:
    text = "[a](docs/a%20b.md#x) "
    text += "![b](img/b.png 'T') <https://example.org> [c][r] [d](<a b.md>) [e](#top)\n\n[r]: docs/c.md\n"
    document = read(text)
    found = {one.text: one for one in document.mentions}
    assert set(found) == {"docs/a%20b.md#x", "img/b.png", "https://example.org", "a b.md", "#top", "docs/c.md"}
    assert found["#top"].kind is Kind.ANCHOR
    assert found["img/b.png"].domain == "image"
    assert (found["docs/c.md"].line, found["docs/c.md"].column) == (3, 6)
    assert all(text.split("\n")[one.line - 1][one.column - 1 :].startswith(one.text) for one in document.mentions)


def test_code_in_a_link_knows_where_the_link_leads_and_text_in_a_link_is_no_name() -> None:
    document = read("[`get`](https://example.org/api) and [snake_case](https://example.org)")
    assert only(document, Kind.NAME).domain == "https://example.org/api"


def test_html_gives_links_images_anchors_and_code() -> None:
    document = read(
        """
        <p align="center"><a href="docs/x.md"><img src="logo.svg"></a> <a name="here"></a> <code>load_all</code></p>

        Some <code>pkg.get</code> and <a href="y.md">text</a>.
        """
    )
    assert named(document) == {
        (Kind.LINK, "docs/x.md"), (Kind.LINK, "logo.svg"), (Kind.NAME, "load_all"), (Kind.NAME, "pkg.get"),
        (Kind.LINK, "y.md"),
    }  # fmt: skip
    assert "here" in document.anchors


def test_what_a_site_adds_to_markdown_is_neither_code_nor_lost() -> None:
    document = read(
        """
        ---
        title: some_name
        ---
        !!! note "Title"

            See `inside_note`.

        === "Tab"

            ```python
            import pkg
            ```

        ??? tip

            - `inside_tip`

        ::: pkg.module
            options:
              show_root: true

        :::{warning}
        `inside_fence`
        :::

        ```{note}
        `inside_directive`
        ```

        Text.[^1]

        [^1]: See `inside_footnote`.

        Term
        :   `inside_definition`

        --8<-- "docs/part.md"
        {% raw %} {{ some.name }} {% endraw %}
        """
    )
    names = {text for kind, text in named(document) if kind is Kind.NAME}
    assert names == {
        "inside_note", "inside_tip", "pkg.module", "inside_fence", "inside_directive", "inside_footnote",
        "inside_definition",
    }  # fmt: skip
    assert (Kind.IMPORT, "pkg") in named(document)


def test_roles_of_myst_say_what_they_name() -> None:
    document = read("{func}`~pkg.load`, {doc}`guide`, {ref}`the label <label>`, {envvar}`APP_HOME`")
    assert named(document) == {
        (Kind.NAME, "pkg.load"), (Kind.LINK, "guide"), (Kind.ANCHOR, "label"), (Kind.VARIABLE, "APP_HOME"),
    }  # fmt: skip
    assert {one.domain for one in document.mentions} == {"func", "doc", "ref", "envvar"}


def test_restructured_text_within_myst_is_read_in_its_place() -> None:
    document = read(
        "# T\n\n```{eval-rst}\n"
        ".. currentmodule:: pkg\n\n.. function:: load(path, size=1)\n\n    See :func:`save`.\n```\n"
    )
    found = {one.text: one for one in document.mentions}
    assert set(found) == {"pkg", "pkg.load", "1", "save"}
    assert (found["pkg.load"].line, found["pkg.load"].column, found["pkg.load"].keywords) == (6, 15, ("size",))


def test_a_document_knows_the_anchors_of_every_usual_renderer() -> None:
    anchors = read("# What's *new* in `v2.0`?\n\n## Ünï & code {#own}\n\n## Twice\n\n## Twice\n").anchors
    assert {
        "whats-new-in-v20",
        "what-s-new-in-v2-0",
        "own",
        "ünï--code",
        "uni-code",
        "ünï-code",
        "twice",
        "twice-1",
        "twice_1",
    } <= anchors


def test_sections_and_sentences_come_with_a_mention() -> None:
    document = read("# Top\n\n## Part\n\nFirst, e.g. this. Second has `a_name`,\nover two lines. Third.\n")
    assert only(document, Kind.NAME).section == ("Top", "Part")
    assert only(document, Kind.NAME).sentence == "Second has `a_name`, over two lines."


@pytest.mark.parametrize(
    ("text", "subject", "value"),
    [
        ("`timeout` defaults to `30`.", "timeout", "30"),
        ("The `timeout` in seconds (default: 30 seconds).", "timeout", "30 seconds"),
        ("- `--jobs N`: how many. Defaults to 4.", "--jobs N", "4"),
        ("The default value of `size` is `None`.", "size", "None"),
        ("`debug` is `False` by default.", "debug", "False"),
        ("### `limit`\n\nDefaults to 100.", "limit", "100"),
        ("| Name | Default |\n|---|---|\n| `retries` | `3` |", "retries", "3"),
        ("| Option | Type | Default |\n|---|---|---|\n| size | x y | 1_000 |", "size", "1_000"),
    ],
)
def test_a_default_is_told_with_its_subject(text: str, subject: str, value: str) -> None:
    (found,) = [one for one in read(text).mentions if one.kind is Kind.VALUE]
    assert (found.subject, found.text, found.domain) == (subject, value, "default")


@pytest.mark.parametrize(
    "text", ["By default it is 30.", "Defaults are good.", "`a` is default.", "It defaults to 30."]
)
def test_a_default_of_nothing_is_no_mention(text: str) -> None:
    assert not [one for one in read(text).mentions if one.kind is Kind.VALUE]


def test_comments_set_the_next_block_or_their_own_or_the_whole_file_aside() -> None:
    document = read(
        """\
        <!-- fieldguide: ignore an example -->
        `a_name`
        goes on.

        Here <!-- fieldguide: ignore b_name — of another project --> is `b_name`.

        <!-- fieldguide: ignore-begin old -->
        x
        <!-- fieldguide: ignore-end -->

        <!-- fieldguide: ignore -->
        ```python
        x
        ```
        <!-- a remark -->
        """
    )
    assert set(document.ignored) == {
        Ignored(1, 3, "", "an example"),
        Ignored(5, 5, "b_name", "of another project"),
        Ignored(7, 9, "", "old"),
        Ignored(11, 14, "", ""),
    }
    assert read("<!-- fieldguide: ignore-file generated -->\n\nx\ny\n").ignored == (Ignored(1, 4, "", "generated"),)


@pytest.mark.parametrize(
    ("path", "title", "expected"),
    [
        ("CHANGELOG.md", "x", True),
        ("docs/release-notes.md", "x", True),
        ("docs/releases/2.0.md", "x", True),
        ("docs/x.md", "Migration guide", True),
        ("docs/x.md", "Release notes for 3.0", True),
        ("sep/sep-002.rst", "x", True),
        ("docs/rfc-12-batches.md", "x", True),
        ("installing-1.x.md", "x", True),
        ("docs/steps/one.md", "x", False),
        ("README.md", "App", False),
        ("docs/change-detection.md", "How changes are found", False),
    ],
)
def test_documents_that_tell_what_was_are_known(path: str, title: str, *, expected: bool) -> None:
    assert read(f"# {title}\n", path).historical is expected
