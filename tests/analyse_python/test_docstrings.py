"""Docstrings of every convention become Markdown, with one whole first sentence."""

from __future__ import annotations

import inspect

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldguide.analyse.python import read_docstring
from fieldguide.analyse.python.docstrings.inline import code_span, to_markdown

INLINE = [
    (":func:`retry` and :class:`~a.b.C`", "`retry` and `C`"),
    (":py:meth:`Thing.run <a.Thing.run>` and :meth:`!hidden`", "`Thing.run` and `hidden`"),
    (":class:`Hook`\\ s", "`Hook`s"),
    ("Wraps class:`Thing` whole.", "Wraps `Thing` whole."),
    ("``literal *args``", "`literal *args`"),
    ("``a`b``", "``a`b``"),
    ("see `the docs <https://example.org/a_b>`_", "see [the docs](https://example.org/a_b)"),
    ("see `inner page <page.html>`_ and `name`_", "see inner page and name"),
    (":pep:`8`, :rfc:`2616`, :issue:`12`", "PEP 8, RFC 2616, #12"),
    (":ref:`my-label` and :doc:`Guide </guide>`", "my label and Guide"),
    ("by |project| and |@rule|", "by project and `@rule`"),
    ("`GNU' quotes", "`GNU` quotes"),
    ("takes *args and **kwargs", "takes `*args` and `**kwargs`"),
    ("*emphasis* and **strong** stay", "*emphasis* and **strong** stay"),
    ("globs: *.py and *.txt", "globs: `*.py` and `*.txt`"),
    (
        "snake_case_names stay, __init__ and _private are code",
        "snake_case_names stay, `__init__` and `_private` are code",
    ),
    ("self._color too", "`self._color` too"),
    ("wrap in <legend>", "wrap in `<legend>`"),
    ("a < b and a<b", "a < b and a\\<b"),
    ("at https://example.org/x_y. Next", "at <https://example.org/x_y>. Next"),
    ("[`compile`][] and [Visitor][griffe.Visitor]", "`compile` and Visitor"),
    ("C{code} and B{bold}", "`code` and **bold**"),
    ("the $HOME variable", "the `$HOME` variable"),
    ("as said [1]_ before", "as said before"),
    ("int | None and a|b", "int | None and a|b"),
    ("`int | None`", "`int | None`"),
]


@pytest.mark.parametrize(("text", "expected"), INLINE)
def test_inline_markup(text: str, expected: str) -> None:
    assert to_markdown(text) == expected


SUMMARIES = [
    ("Author Jane Roe(mailto:jane@example.org).", ""),
    ("Author - Jane <https://example.org>.", ""),
    ("Modifications : 1.1 Removed the old file.", ""),
    ("Game of Life, Author Jane Roe(mailto:jane@example.org).", "Game of Life."),
    ("Authors and their books.", "Authors and their books."),
    ('Copyright (c) A.\n\nTHIS SOFTWARE IS PROVIDED BY A "AS IS" AND NOTHING ELSE.', ""),
    ("Sort the numbers such that:\n\n    x = 1", "Sort the numbers."),
    ("package.module.", ""),
    ("Retry, e.g. after an error. More.", "Retry, e.g. after an error."),
    ("Needs Python 3.10 or later. More.", "Needs Python 3.10 or later."),
    ("Reads setup.py files. More.", "Reads setup.py files."),
    ("Return ``a. B``. Then more.", "Return `a. B`."),
    ("Waits ... then goes on. More.", "Waits ... then goes on."),
    ("Compare A vs. B (see No. 3). More.", "Compare A vs. B (see No. 3)."),
    ("Ported from J. R. Hacker at home. More.", "Ported from J. R. Hacker at home."),
    ("Is it safe? Yes.", "Is it safe?"),
    ("Over two\nlines. More.", "Over two lines."),
    ("No full stop", "No full stop."),
    ("Check the thing\nIf it fails, raise.", "Check the thing."),
    ("Formats:\n\n- json\n- yaml\n", "Formats: json, yaml."),
    ("The options are as follows:\n\n.. code-block:: sh\n\n   run\n", ""),
    ("Run the checker on a tree, for example:\n\n.. code-block:: sh\n\n   run\n", "Run the checker on a tree."),
    ("Copyright (c) 2020 Somebody.\n\nLicensed under MIT.\n\nReads files. More.", "Reads files."),
    ("-*- coding: utf-8 -*-\n\nReads files.", "Reads files."),
    ("package.module\n~~~~~~~~~~~~~~\n\nReads files. More.", "Reads files."),
    ("------------\n\nReads files.", "Reads files."),
    ("module -- reads files. More.", "reads files."),
    ("module(x) -> int\n\nReads files.", "Reads files."),
    ("Module.", ""),
    (":raises ValueError: never", ""),
    (":return: the name of the file, e.g. ``a.txt``", "The name of the file, e.g. `a.txt`."),
    ("Deprecated. Use the other one. More.", "Use the other one."),
    ("bool: Whether it works.", "Whether it works."),
    ("usage: prog [-h]\n\nReads files.", "Reads files."),
    ("", ""),
]


@pytest.mark.parametrize(("text", "expected"), SUMMARIES)
def test_summary(text: str, expected: str) -> None:
    assert read_docstring(text, "package.module").summary == expected


GOOGLE = """
Fetch a row.

Longer :class:`~a.Thing` text.
Args:
    key: The key, ``str``.
        On two lines.
    *rest (int): The rest.

Returns:
    A row, or ``None``.

Raises:
    KeyError: No such row.

Example:
    >>> fetch("a")
    1
"""
NUMPY = """
Fetch a row.

Longer :class:`~a.Thing` text.

Parameters
----------
key : str
    The key, ``str``.
    On two lines.
*rest : int
    The rest.

Returns
-------
Row
    A row, or ``None``.

Raises
------
KeyError
    No such row.

Examples
--------
>>> fetch("a")
1
"""
SPHINX = """
Fetch a row.

Longer :class:`~a.Thing` text.

>>> fetch("a")
1

:param str key: The key, ``str``.
    On two lines.
:param rest: The rest.
:type rest: int
:returns: A row, or ``None``.
:rtype: Row
:raises KeyError: No such row.
"""
EPYTEXT = """
Fetch a row.

Longer L{a.Thing} text.

>>> fetch("a")
1

@param key: The key, C{str}.
    On two lines.
@param rest: The rest.
@return: A row, or C{None}.
@raise KeyError: No such row.
"""


@pytest.mark.parametrize("text", [GOOGLE, NUMPY, SPHINX, EPYTEXT], ids=["google", "numpy", "sphinx", "epytext"])
def test_every_convention_gives_the_same_fields(text: str) -> None:
    docstring = read_docstring(inspect.cleandoc(text), "a.fetch")
    assert docstring.summary == "Fetch a row."
    assert docstring.body.startswith("Longer `")
    parameters = {name.lstrip("*"): said for name, said in docstring.parameters}
    assert parameters == {"key": "The key, `str`. On two lines.", "rest": "The rest."}
    assert docstring.returns == "A row, or `None`."
    assert docstring.raises == (("KeyError", "No such row."),)
    assert docstring.examples == ('>>> fetch("a")\n1',)


def test_directives_become_prose_or_go() -> None:
    docstring = read_docstring(
        inspect.cleandoc("""
        Do it.

        .. versionadded:: 1.2
           With care.

        .. note:: Mind the
           :func:`gap`.

        .. image:: picture.png
           :alt: nothing

        Like this::

            do(it)

        .. _docs: https://example.org
        See docs_.
        """)
    )
    assert docstring.body == (
        "**Added in version 1.2:** With care.\n\n**Note:** Mind the `gap`.\n\nLike this:\n\n"
        "```text\ndo(it)\n```\n\nSee [docs](https://example.org)."
    )


def test_a_section_without_blank_lines_around_it_is_still_one() -> None:
    docstring = read_docstring("Args:\n    graph: Copy of it.")
    assert docstring.summary == ""
    assert docstring.parameters == (("graph", "Copy of it."),)


MARKUP = st.text(alphabet=st.sampled_from(list("ab.:`*_<>|[]()\\ \n-=#@~\"'1&$")), max_size=80)


@given(st.one_of(MARKUP, st.text(max_size=60)))
def test_no_text_is_too_strange(text: str) -> None:
    docstring = read_docstring(text, "package.module")
    assert "\n" not in docstring.summary
    assert docstring.summary == docstring.summary.strip()


@given(st.text(alphabet=st.sampled_from(list("ab `")), min_size=1, max_size=20).filter(str.strip))
def test_a_code_span_holds_its_text(text: str) -> None:
    span = code_span(text)
    fence = span[: len(span) - len(span.lstrip("`"))]
    assert span.endswith(fence)
    assert text in span
