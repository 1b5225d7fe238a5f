"""What is read from reStructuredText: roles, directives, described objects, literal blocks and tables."""

from __future__ import annotations

from textwrap import dedent
from typing import TYPE_CHECKING

import pytest

from fieldguide.domain.documents import Ignored
from fieldguide.domain.page import ReferenceKind as Kind
from fieldguide.verify.reading import read_document

if TYPE_CHECKING:
    from fieldguide.domain.documents import Document


def read(text: str) -> Document:
    return read_document("docs/index.rst", dedent(text))


def named(document: Document) -> set[tuple[Kind, str]]:
    return {(one.kind, one.text) for one in document.mentions}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (":func:`~pkg.io.load`", {(Kind.NAME, "pkg.io.load")}),
        (":py:meth:`the title <pkg.Client.get>`", {(Kind.NAME, "pkg.Client.get")}),
        (":class:`!Client`", {(Kind.NAME, "Client")}),
        (":meth:`get() <.Client.get>`", {(Kind.NAME, ".Client.get")}),
        (":doc:`guide`", {(Kind.LINK, "guide")}),
        (":ref:`Title <a-label>`", {(Kind.ANCHOR, "a-label")}),
        (":option:`app --jobs`", {(Kind.FLAG, "--jobs")}),
        (":envvar:`APP_HOME`", {(Kind.VARIABLE, "APP_HOME")}),
        (":setting:`MAX_SIZE`", {(Kind.SETTING, "MAX_SIZE")}),
        (":file:`src/app.py`", {(Kind.PATH, "src/app.py")}),
        ("``pkg.load``", {(Kind.NAME, "pkg.load")}),
        ("``--jobs``", {(Kind.FLAG, "--jobs")}),
        ("`text <docs/x.rst>`_", {(Kind.LINK, "docs/x.rst")}),
        ("`text <https://example.org/a\nb>`__", {(Kind.LINK, "https://example.org/ab")}),
        *((text, set[tuple[Kind, str]]()) for text in (
            ":term:`word`", ":pep:`8`", ":c:func:`x`", "`Title`_", "|name|", "*word*", "[1]_", "Word_")),
    ],
)  # fmt: skip
def test_inline_markup_says_what_it_names(text: str, expected: set[tuple[Kind, str]]) -> None:
    assert named(read(f"See {text} here.\n")) == expected


def test_described_objects_are_dotted_by_the_module_and_class_around_them() -> None:
    document = read(
        """
        .. currentmodule:: pkg.io

        .. class:: Client(timeout=5)

            Uses :meth:`get` and ``x_y``.

            .. method:: get(url, *, retries=3)
                        post(url)

                Text with ``inner_name``.

            .. attribute:: size

        .. function:: load(path)

        .. autoclass:: pkg.io.Other
            :members: one, two
        """
    )
    assert {
        (Kind.CALL, "pkg.io.Client"), (Kind.CALL, "pkg.io.Client.get"), (Kind.NAME, "pkg.io.Client.post"),
        (Kind.NAME, "pkg.io.Client.size"), (Kind.NAME, "pkg.io.load"), (Kind.NAME, "pkg.io.Other"),
        (Kind.NAME, "inner_name"),
        (Kind.NAME, "one"), (Kind.NAME, "get"),
    } <= named(document)  # fmt: skip
    by_text = {one.text: one for one in document.mentions}
    assert by_text["pkg.io.Client.get"].keywords == ("retries",)
    assert by_text["get"].subject == "pkg.io.Client"
    assert by_text["pkg.io.Client.get"].written == "get"
    assert {"pkg.io.Client", "pkg.io.Client.get", "pkg.io.load"} <= document.anchors


def test_blocks_are_read_by_their_language() -> None:
    document = read(
        """
        .. code-block:: python
            :linenos:

            import pkg

            pkg.load(path=1)

        Typed::

            $ app --jobs 3

        >>> pkg.other(x=2)
        3

        .. highlight:: toml

        Set::

            [tool.app]

        .. math::

            \\some_thing
        """
    )
    assert named(document) == {
        (Kind.IMPORT, "pkg"), (Kind.CALL, "pkg.load"), (Kind.COMMAND, "app --jobs 3"), (Kind.FLAG, "--jobs"),
        (Kind.CALL, "pkg.other"), (Kind.SETTING, "tool.app"),
    }  # fmt: skip


def test_directives_name_files_flags_variables_and_settings() -> None:
    document = read(
        """
        .. literalinclude:: ../examples/one.py
        .. image:: logo.png
            :target: https://example.org
        .. toctree::
            :maxdepth: 2

            guide
            Title <api/index>
            parts/*

        .. program:: app
        .. option:: --jobs N, -j N

            How many. Defaults to 4.

        .. envvar:: APP_HOME
        .. setting:: MAX_SIZE
        .. note:: See ``note_name``.
        .. unknown:: words here

            ``unknown_body``
        """
    )
    assert named(document) == {
        (Kind.LINK, "../examples/one.py"), (Kind.LINK, "logo.png"), (Kind.LINK, "https://example.org"),
        (Kind.LINK, "guide"),
        (Kind.LINK, "api/index"), (Kind.FLAG, "--jobs"), (Kind.FLAG, "-j"), (Kind.VALUE, "4"),
        (Kind.VARIABLE, "APP_HOME"),
        (Kind.SETTING, "MAX_SIZE"), (Kind.NAME, "note_name"), (Kind.NAME, "unknown_body"),
    }  # fmt: skip
    assert next(one for one in document.mentions if one.text == "--jobs").subject == "app"
    assert next(one for one in document.mentions if one.kind is Kind.VALUE).subject == "--jobs"


def test_what_changed_in_a_version_knows_it() -> None:
    document = read(".. deprecated:: 2.0\n    Use ``new_name``.\n\n``old_name``\n")
    assert [one.section for one in document.mentions] == [("deprecated",), ()]


def test_sections_labels_and_targets_are_anchors() -> None:
    document = read(
        """
        .. _My Label:

        ======
        Title!
        ======

        Part & more
        -----------

        ``a_name``

        .. _home: https://example.org
        """
    )
    assert {"my label", "my-label", "title", "part-more"} <= document.anchors
    assert next(one.section for one in document.mentions if one.kind is Kind.NAME) == ("Title!", "Part & more")
    assert (Kind.LINK, "https://example.org") in named(document)


def test_lists_definitions_and_tables_say_what_a_default_is_of() -> None:
    document = read(
        """
        ``timeout``
            Seconds. Defaults to 30.

        - ``retries``: how often (default: 3)

        ========  =======
        Option    Default
        ========  =======
        ``size``  10
        ========  =======

        +----------+---------+
        | Option   | Default |
        +==========+=========+
        | ``jobs`` | 4       |
        +----------+---------+
        """
    )
    values = {one.subject: one.text for one in document.mentions if one.kind is Kind.VALUE}
    assert values == {"timeout": "30", "retries": "3", "size": "10", "jobs": "4"}


def test_comments_are_not_read_but_for_what_they_set_aside() -> None:
    document = read(".. a remark on ``no_name``\n   goes on\n\n.. fieldguide: ignore old example\n\nText\ngoes on.\n")
    assert not document.mentions
    assert document.ignored == (Ignored(4, 7, "", "old example"),)
