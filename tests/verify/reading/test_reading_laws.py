"""Laws of reading: any text is read, what is found stands where it is said to stand, and time grows with the text."""

from __future__ import annotations

import pickle

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fieldguide.verify.reading import read_document
from growth import assert_linear_in

PIECES = (
    "`", "``", "```", "```python\n", "~~~", "[", "](", ")", "![", '<a href="x">', "<!--", "-->", "# ", "\n", "\n\n",
    "fieldguide: ignore", "    ", "> ", "- ", "1. ", "| ", "|---|---|\n", "!!! note\n", "::: a.b\n", '=== "x"\n',
    "[^1]: ", "{#id}", "{func}`", "$ ", "--flag", "FOO_BAR", "a.b.c", "f(x=1)", ">>> ", "import a.b as c\n",
    "c.d(e=2)", "with a.B() as c:\n", "defaults to ", "`30`", "é", "\u202e", "\t", "---\n", "+++\n", ":", "\\",
    "&amp;", "*", "_", "{% x %}", "{{ y }}", "<", ">", "'", '"', "(", "\r\n", "\x00", "```{note}\n", "<![x", "<!x",
    ".. ", ".. note:: ", ".. _a: b\n", ".. class:: A(b=1)\n", ":func:`~a.b`", "::\n\n", "=====\n", "+---+---+\n",
    "===  ===\n", ":name: ", "`a <b>`_", "|x|", ".. code-block:: sh\n\n", ".. fieldguide: ignore x", "@app.get('/')\n",
)  # fmt: skip
TEXTS = st.one_of(st.text(), st.lists(st.sampled_from(PIECES), max_size=40).map("".join))


@settings(max_examples=200)
@given(TEXTS, st.sampled_from(["README.md", "docs/index.rst"]))
def test_any_text_is_read_and_every_place_is_where_the_mention_stands(text: str, path: str) -> None:
    document = read_document(path, text)
    lines = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    for mention in document.mentions:
        assert 1 <= mention.line <= len(lines)
        if mention.column > 1:
            assert lines[mention.line - 1].startswith(mention.written or mention.text, mention.column - 1)
    for ignored in document.ignored:
        assert 1 <= ignored.first <= ignored.last <= max(len(lines), 1)
    assert pickle.loads(pickle.dumps(document)) == document  # noqa: S301 - our own bytes


NASTY = (
    "[", "![", "`", "``a`", "[a](", "<a ", "<!--", "*a _", "a_", "a.", "> ", "- ", "(", "{", "{{", "{%", "&", "\\",
    "a@", "--a", "../", "x/", "[[", "][", "| a ", "!!! a\n    ", "::: a\n", "[^a]: ", ":   a\n", "# a\n", "#", "```\n",
    "~~~python\na(\n", "```py\nf(\n", "`a` default ", "default `", "é", "<b", "$(", "```sh\n$ '", "    >>> f(\n",
    "Python 3.", "[a]: b\n", "---\n", "\n", "aB", ".py", "`f(", ".. a::\n", ".. _a:\n", ":a:`b ", "``a ", "* a\n  ",
    "a\n  ", "===\na\n", "+---+---+\n", "=== ===\na   b\n", "|a", "a::\n\n b\n\n", ".. class:: a\n\n   ", ":a: b\n",
)  # fmt: skip


@pytest.mark.parametrize("path", ["a.md", "a.rst"])
def test_time_grows_with_the_text_and_not_with_its_square(path: str) -> None:
    for piece in NASTY:
        assert_linear_in(piece * (16_000 // len(piece)), lambda text: read_document(path, text))
